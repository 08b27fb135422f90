"""The browser's way out, with a browser that has been taken over and says what it likes."""

import asyncio
import functools
import socket

import pytest
from tests.connectors.servers import NameServer, Site, http_answer, site

from lykta.connectors.web.browser_proxy import FilteringProxy, place_of
from lykta.lib import outbound
from lykta.lib.guard import GuardPolicy

POLICY = GuardPolicy.read(only="127.10.0.0/16", ports="*")


def talk(
    names: NameServer, *sent: bytes, allow: tuple[str, ...] = (), left: int = 100_000
) -> tuple[bytes, FilteringProxy]:
    """All that comes back to somebody who sends these pieces, and the proxy afterwards."""

    async def run() -> tuple[bytes, FilteringProxy]:
        dial = functools.partial(outbound.dial, policy=POLICY, resolver=outbound.Names(names.resolvers, timeout=1))
        proxy = FilteringProxy(dial, left)
        for address in allow:
            place = place_of(address)
            assert place
            proxy.allow(address, place)
        listening = socket.create_server(("127.0.0.1", 0))
        server = await proxy.listen(listening)
        reader, writer = await asyncio.open_connection(*listening.getsockname()[:2])
        for piece in sent:
            writer.write(piece)
        try:
            async with asyncio.timeout(5):
                got = await reader.read()
        except ConnectionError:
            got = b""
        writer.close()
        server.close()
        await proxy.close()
        return got, proxy

    return asyncio.run(run())


def test_a_request_goes_to_the_host_that_was_asked_for(host: Site, names: NameServer) -> None:
    host.answers["/a?b=1"] = http_answer(b"words")
    head = f"GET {host.url('/a?b=1')} HTTP/1.1\r\nHost: x\r\nProxy-Connection: keep-alive\r\nCookie: c\r\n\r\n"
    got, proxy = talk(names, head.encode(), allow=(host.url(),))
    assert got.endswith(b"\r\n\r\nwords")
    assert host.asked == ["GET /a?b=1 HTTP/1.1\r\nHost: x\r\nCookie: c\r\nConnection: close\r\n\r\n"]
    assert proxy.reached == {(host.host, host.port): "127.10.0.1"}


def test_a_body_goes_along_and_nothing_behind_it(host: Site, names: NameServer) -> None:
    """A second request on the same connection may be meant for another host."""
    head = f"POST {host.url('/')} HTTP/1.1\r\nContent-Length: 4\r\n\r\n"
    bodies: list[bytes] = []

    def take(connection: socket.socket) -> None:
        connection.settimeout(0.3)
        try:
            while more := connection.recv(1000):
                bodies.append(more)
        except TimeoutError:
            connection.sendall(http_answer(b"taken"))

    host.answers["/"] = take
    got, _ = talk(names, head.encode(), b"bodyGET http://127.0.0.1/ HTTP/1.1\r\n\r\n", allow=(host.url(),))
    assert got.endswith(b"taken")
    assert b"".join(bodies) in {b"body", b""}
    assert not [head for head in host.asked if "127.0.0.1" in head]


def test_a_tunnel_carries_both_ways(host: Site, names: NameServer) -> None:
    host.answers["/in"] = http_answer(b"inside")
    place = f"{host.host}:{host.port}"
    pieces = (f"CONNECT {place} HTTP/1.1\r\n\r\n".encode(), b"GET /in HTTP/1.1\r\n\r\n")
    got, _ = talk(names, *pieces, allow=(f"https://{place}/",))
    assert got.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200")
    assert got.endswith(b"inside")


@pytest.mark.parametrize(
    "head",
    [
        "GET http://{other}/ HTTP/1.1\r\n\r\n",
        "CONNECT {other} HTTP/1.1\r\n\r\n",
        "CONNECT {host} HTTP/1.1\r\n\r\n",
        "GET https://{host}/ HTTP/1.1\r\n\r\n",
        "GET ftp://{host}/ HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: {host}\r\n\r\n",
        "GET http://{host}:99999/ HTTP/1.1\r\n\r\n",
        "GET http://[/ HTTP/1.1\r\n\r\n",
    ],
)
def test_what_the_page_did_not_ask_for_is_closed_unanswered_and_counted(
    host: Site, names: NameServer, head: str
) -> None:
    with site("127.10.0.2") as other:
        places = {"host": f"{host.host}:{host.port}", "other": f"{other.host}:{other.port}"}
        got, proxy = talk(names, head.format(**places).encode(), allow=(host.url(),))
        assert (got, host.asked, other.asked) == (b"", [], [])
    assert proxy.calls_refused == 1


@pytest.mark.parametrize(
    "sent",
    [
        b"GET\r\n\r\n",
        b"\xff\xfe\r\n\r\n",
        b"GET {url} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET {url} HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"GET {url} HTTP/1.1\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_request_is_closed_unanswered(host: Site, names: NameServer, sent: bytes) -> None:
    got, _ = talk(names, sent.replace(b"{url}", host.url().encode()), allow=(host.url(),))
    assert (got, host.asked) == (b"", [])


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("http://127.0.0.1/", outbound.Refused),
        ("http://[::1]/", outbound.Refused),
        ("http://[::ffff:127.0.0.1]/", outbound.Refused),
        ("http://0x7f.1/", outbound.OutboundError),
        ("http://2130706433/", outbound.OutboundError),
        ("http://169.254.169.254/", outbound.Refused),
        ("http://turned.test/", outbound.Refused),
        ("http://nowhere.test/", outbound.NoName),
        ("http://something.onion/", outbound.Refused),
    ],
)
def test_the_guard_stands_behind_the_proxy(
    names: NameServer, address: str, fault: type[outbound.OutboundError]
) -> None:
    names.records = {("turned.test.", "A"): ["127.0.0.1"]}
    got, proxy = talk(names, f"GET {address} HTTP/1.1\r\n\r\n".encode(), allow=(address,))
    assert got == b""
    assert isinstance(proxy.fault(address), fault)


def test_the_last_of_a_long_answer_arrives(host: Site, names: NameServer) -> None:
    host.answers["/"] = http_answer(b"x" * 3_000_000 + b"the end")
    got, _ = talk(names, f"GET {host.url()} HTTP/1.1\r\n\r\n".encode(), allow=(host.url(),), left=4_000_000)
    assert got.endswith(b"xthe end")


def test_what_is_more_than_may_come_is_cut(host: Site, names: NameServer) -> None:
    host.answers["/"] = http_answer(b"x" * 1_000_000)
    got, proxy = talk(names, f"GET {host.url()} HTTP/1.1\r\n\r\n".encode(), allow=(host.url(),), left=50_000)
    assert len(got) <= 50_000
    assert proxy.left < 0
