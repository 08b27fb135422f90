import asyncio
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network

import pytest
from tests.connectors.servers import NameServer, Site, http_answer, redirect

from lykta.lib import outbound
from lykta.lib.guard import GuardPolicy

POLICY = GuardPolicy(only=(ip_network("127.10.0.0/16"),), ports=None)


def get(
    address: str,
    names: NameServer,
    *,
    timeout: float = 3,
    max_bytes: int = 1000,
    headers: Mapping[str, str] | None = None,
) -> outbound.Response:
    return asyncio.run(
        outbound.get(
            address,
            policy=POLICY,
            resolver=outbound.Names(names.resolvers, timeout=1),
            timeout=timeout,
            max_bytes=max_bytes,
            headers=headers,
        )
    )


def test_an_answer_comes_back_with_who_gave_it(host: Site, names: NameServer) -> None:
    host.answers["/a?b=1"] = http_answer(b"hello", media_type="Text/HTML; charset=utf-8", headers={"ETag": "x"})
    names.records = {("a.test.", "A"): ["127.10.0.1"]}
    response = get(f"http://A.test:{host.port}/a?b=1#part", names)
    assert (response.status, response.body, response.complete) == (200, b"hello", True)
    assert (response.media_type, response.headers["etag"]) == ("text/html", "x")
    assert response.hops == (outbound.Hop(f"http://a.test:{host.port}/a?b=1", "127.10.0.1", 200),)
    assert response.address == f"http://a.test:{host.port}/a?b=1"


def test_nothing_is_sent_that_tells_who_asks(host: Site, names: NameServer) -> None:
    host.answers = {
        "/": http_answer(status=302, headers={"Location": "/next", "Set-Cookie": "seen=1"}),
        "/next": http_answer(b"x"),
    }
    get(host.url().replace("://", "://user:pass@"), names)
    heads = "".join(host.asked).lower()
    assert f"user-agent: {outbound.USER_AGENT}".lower() in heads
    assert len(host.asked) == 2
    assert not any(word in heads for word in ("cookie:", "authorization:", "referer:", "aiohttp", "python"))


def test_a_client_goes_by_its_own_name(host: Site, names: NameServer) -> None:
    host.answers["/"] = http_answer(b"x")
    client = outbound.Client(policy=POLICY, resolvers=names.resolvers, timeout=3, user_agent="Lykta")
    try:
        client.get(host.url())
        client.post(host.url(), body=b"", headers={}, timeout=3)
        client.get(host.url(), headers={"User-Agent": "Another"})
    finally:
        client.close()
    names_given = [line for head in host.asked for line in head.splitlines() if line.startswith("User-Agent")]
    assert names_given == ["User-Agent: Lykta", "User-Agent: Lykta", "User-Agent: Another"]


def test_headers_of_the_caller_are_sent(host: Site, names: NameServer) -> None:
    get(host.url(), names, headers={"Accept": "application/rdap+json"})
    assert "Accept: application/rdap+json\r\n" in host.asked[0]


def test_redirects_are_followed_and_written_down(host: Site, names: NameServer) -> None:
    host.answers = {"/": redirect("b/c", status=301), "/b/c": redirect("../d", status=307), "/d": http_answer(b"end")}
    response = get(host.url(), names)
    assert [(hop.address, hop.status) for hop in response.hops] == [
        (host.url("/"), 301),
        (host.url("/b/c"), 307),
        (host.url("/d"), 200),
    ]


def test_a_redirect_in_a_circle_is_refused(host: Site, names: NameServer) -> None:
    host.answers = {"/": redirect("/b"), "/b": redirect("/")}
    with pytest.raises(outbound.Refused, match="without end") as caught:
        get(host.url(), names)
    assert len(caught.value.hops) == 2


def test_too_many_redirects_are_refused(host: Site, names: NameServer) -> None:
    host.answers = {f"/{number}": redirect(f"/{number + 1}") for number in range(50)}
    with pytest.raises(outbound.Refused, match="more than 5"):
        get(host.url("/0"), names)
    assert len(host.asked) == 6


def test_a_redirect_without_a_place_is_the_answer(host: Site, names: NameServer) -> None:
    host.answers["/"] = http_answer(b"?", status=302)
    assert get(host.url(), names).status == 302


def test_a_body_longer_than_the_bound_is_cut(host: Site, names: NameServer) -> None:
    host.answers = {"/1000": http_answer(b"x" * 1000), "/1001": http_answer(b"x" * 1001)}
    assert get(host.url("/1000"), names).complete
    cut = get(host.url("/1001"), names)
    assert (len(cut.body), cut.complete) == (1000, False)


def test_a_body_without_end_is_cut(host: Site, names: NameServer) -> None:
    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")

    host.answers["/"] = flood
    assert not get(host.url(), names, max_bytes=100_000).complete


def test_a_compressed_body_is_left_as_it_is(host: Site, names: NameServer) -> None:
    host.answers["/"] = http_answer(b"\x1f\x8b not really", headers={"Content-Encoding": "gzip"})
    assert get(host.url(), names).body == b"\x1f\x8b not really"
    assert "Accept-Encoding: gzip, deflate\r\n" in host.asked[0]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 20_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: x\r\n" % number for number in range(5000)) + b"\r\n",
        b"HTTP/1.1 200 " + b"x" * 20_000 + b"\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n\r\n",
    ],
    ids=["a long header", "many headers", "a long status line", "no HTTP"],
)
def test_an_answer_that_breaks_the_rules_is_refused(host: Site, names: NameServer, answer: bytes) -> None:
    host.answers["/"] = answer
    with pytest.raises(outbound.Refused, match="rules of HTTP"):
        get(host.url(), names)


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _half(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")


@pytest.mark.parametrize("answer", [_reset, _half, b""], ids=["reset", "half", "nothing"])
def test_an_answer_that_breaks_off_is_no_answer(
    host: Site, names: NameServer, answer: bytes | Callable[[socket.socket], None]
) -> None:
    host.answers["/"] = answer
    with pytest.raises(outbound.NoAnswer):
        get(host.url(), names)


def test_a_slow_answer_is_cut_off_in_time(host: Site, names: NameServer) -> None:
    done = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not done.wait(0.05):
            connection.sendall(b"x")

    host.answers["/"] = drip
    began = time.monotonic()
    with pytest.raises(outbound.NoAnswer, match=r"0\.4 seconds"):
        get(host.url(), names, timeout=0.4)
    done.set()
    assert time.monotonic() - began < 2


def test_a_closed_port_is_no_answer(names: NameServer) -> None:
    with socket.create_server(("127.10.0.9", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(outbound.NoAnswer, match="no connection"):
        get(f"http://127.10.0.9:{port}/", names)


@pytest.mark.parametrize(
    ("records", "fault"),
    [
        ({}, outbound.NoName),
        ({("a.test.", "MX"): []}, outbound.NoAnswer),
        ({("a.test.", "A"): "SERVFAIL", ("a.test.", "AAAA"): "SERVFAIL"}, outbound.NoAnswer),
        ({("a.test.", "A"): "silent", ("a.test.", "AAAA"): "silent"}, outbound.NoAnswer),
    ],
)
def test_faults_of_the_name_service_are_told_apart(
    names: NameServer, records: dict[tuple[str, str], list[str] | str], fault: type[outbound.OutboundError]
) -> None:
    names.records = dict(records)
    with pytest.raises(outbound.OutboundError) as caught:
        get("http://a.test/", names)
    assert type(caught.value) is fault


def test_an_onion_name_is_never_asked_for(names: NameServer) -> None:
    with pytest.raises(outbound.Refused, match="onion"):
        get("http://something.onion/", names)
    assert names.asked == []


def post(address: str, names: NameServer, *, timeout: float = 3) -> outbound.Response:
    resolver = outbound.Names(names.resolvers, timeout=1)
    headers = {"User-Agent": "Lykta"}
    return asyncio.run(
        outbound.post(address, body=b"words", policy=POLICY, resolver=resolver, timeout=timeout, headers=headers)
    )


def test_what_is_posted_is_answered_with_a_status_alone(host: Site, names: NameServer) -> None:
    host.answers["/"] = http_answer(b"a body", status=201)
    answer = post(host.url(), names)
    assert (answer.status, answer.body, answer.complete) == (201, b"", False)
    assert answer.hops == (outbound.Hop(host.url(), "127.10.0.1", 201),)
    assert host.asked[0].startswith("POST / HTTP/1.1")
    assert "User-Agent: Lykta" in host.asked[0]


def test_what_is_posted_follows_no_redirect(host: Site, names: NameServer) -> None:
    host.answers["/"] = redirect("/elsewhere", status=307)
    assert post(host.url(), names).status == 307
    assert len(host.asked) == 1


def test_a_body_that_never_ends_does_not_hide_the_status(host: Site, names: NameServer) -> None:
    done = threading.Event()

    def begin(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")
        done.wait(5)

    host.answers["/"] = begin
    assert post(host.url(), names, timeout=1).status == 200
    done.set()


@pytest.mark.parametrize("address", ["http://127.0.0.1/", "http://10.0.0.1/", "file:///etc/hosts", "http://[::1]/"])
def test_nothing_is_posted_past_the_guard(names: NameServer, address: str) -> None:
    with pytest.raises(outbound.Refused):
        post(address, names)


@pytest.fixture
def client(names: NameServer) -> Iterator[outbound.Client]:
    client = outbound.Client(policy=POLICY, resolvers=names.resolvers, timeout=3)
    yield client
    client.close()


def test_threads_share_one_client(client: outbound.Client, host: Site) -> None:
    host.answers = {f"/{number}": http_answer(str(number).encode()) for number in range(20)}
    with ThreadPoolExecutor(8) as threads:
        bodies = list(threads.map(lambda number: client.get(host.url(f"/{number}")).body, range(20)))
    assert bodies == [str(number).encode() for number in range(20)]


def test_a_fault_reaches_the_thread_that_asked(client: outbound.Client) -> None:
    with pytest.raises(outbound.Refused):
        client.get("http://127.0.0.1/")
    with pytest.raises(outbound.Refused):
        client.post("http://127.0.0.1/", body=b"", headers={}, timeout=1)


def test_a_client_ends_its_thread_when_closed(client: outbound.Client) -> None:
    client.close()
    client.close()
    assert not client._thread.is_alive()
