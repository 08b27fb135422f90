"""Answers that lie about where they end, or that hide one header in another."""

import asyncio
import socket
import threading
import time

import pytest
from tests.connectors.servers import NameServer, Site, http_answer, redirect

from lykta.lib import outbound
from lykta.lib.guard import GuardPolicy

POLICY = GuardPolicy.read(only="127.10.0.0/16", ports="*")
OK = b"HTTP/1.1 200 OK\r\n"
FOUND = b"HTTP/1.1 302 Found\r\n"


def get(host: Site, names: NameServer, *, timeout: float = 3, max_bytes: int = 1000) -> outbound.Response:
    resolver = outbound.Names(names.resolvers, timeout=1)
    asked = outbound.get(host.url(), policy=POLICY, resolver=resolver, timeout=timeout, max_bytes=max_bytes)
    return asyncio.run(asked)


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        OK + b"Content-Length: 1, 2\r\n\r\nab",
        OK + b"Content-Length: -1\r\n\r\nab",
        OK + b"Content-Length: +2\r\n\r\nab",
        OK + b"Content-Length: 99999999999999999999999\r\n\r\nab",
        OK + b"Content-Length: 2\r\n\r\nmore than two",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\na\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\na\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
        OK + b"X: a\0b\r\nContent-Length: 1\r\n\r\nx",
        FOUND + b"Location: /a\rX-Evil: 1\r\nContent-Length: 0\r\n\r\n",
        b"<html>no head at all",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_an_answer_of_two_meanings_is_refused(host: Site, names: NameServer, answer: bytes) -> None:
    host.answers["/"] = answer
    with pytest.raises(outbound.Refused, match="rules of HTTP"):
        get(host, names)


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Content-Length: 100\r\n\r\nhalf",
        OK + b"Transfer-Encoding: chunked\r\n\r\n64\r\nhalf",
        OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    ],
)
def test_an_answer_shorter_than_it_says_is_no_answer(host: Site, names: NameServer, answer: bytes) -> None:
    host.answers["/"] = answer
    with pytest.raises(outbound.NoAnswer, match="broke off"):
        get(host, names)


def test_a_folded_line_makes_no_header_of_its_own(host: Site, names: NameServer) -> None:
    host.answers["/"] = OK + b"X: a\r\n Location: http://127.0.0.1/\r\n\tSet-Cookie: b\r\nContent-Length: 1\r\n\r\nx"
    headers = get(host, names).headers
    assert set(headers) == {"x", "content-length"}


@pytest.mark.parametrize(
    ("location", "followed"),
    [
        (b"/a%0d%0aX-Evil:%201", "/a%0d%0aX-Evil:%201"),
        (b"/a\r\n b", "/a%20b"),
        (b"/\xe4", "/%E4"),
        ("/ä".encode(), "/%C3%A4"),
        (b"/a\tb", "/ab"),
    ],
    ids=["line break in disguise", "folded", "latin-1", "UTF-8", "tab"],
)
def test_an_odd_redirect_stays_one_address(host: Site, names: NameServer, location: bytes, followed: str) -> None:
    host.answers["/"] = FOUND + b"Location: " + location + b"\r\nContent-Length: 0\r\n\r\n"
    response = get(host, names)
    assert response.address == host.url(followed)
    assert host.asked[-1].splitlines()[0] == f"GET {followed} HTTP/1.1"
    assert "x-evil" not in host.asked[-1].lower().replace(followed.lower(), "")


def test_a_redirect_to_two_places_is_refused(host: Site, names: NameServer) -> None:
    host.answers["/"] = FOUND + b"Location: /a\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"
    with pytest.raises(outbound.Refused, match="several places"):
        get(host, names)
    assert len(host.asked) == 1


@pytest.mark.parametrize(
    ("first", "piece"),
    [
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x" * 4096),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1;" + b"x" * 4000 + b"\r\na\r\n"),
        (b"", OK),
        (OK, b"X: y\r\n"),
        (OK + b"X: ", b"x" * 4096),
        (b"", b"\r\n" * 1000),
    ],
    ids=["interim answers", "chunk extension", "chunk extensions", "status lines", "headers", "header", "empty lines"],
)
def test_what_has_no_end_is_ended_early(host: Site, names: NameServer, first: bytes, piece: bytes) -> None:
    sent = 0

    def flood(connection: socket.socket) -> None:
        nonlocal sent
        connection.sendall(first)
        while True:
            connection.sendall(piece)
            sent += len(piece)

    host.answers["/"] = flood
    began = time.monotonic()
    with pytest.raises(outbound.OutboundError) as caught:
        get(host, names, timeout=20)
    assert "seconds" not in caught.value.reason
    assert time.monotonic() - began < 10
    # What the two kernels hold for each other is on top of what was read.
    assert sent < outbound.MOST_OVERHEAD + 20_000_000


@pytest.mark.parametrize(
    ("first", "drop"),
    [(b"", b"H"), (OK, b"X"), (OK + b"Content-Length: 10000\r\n\r\n", b"x")],
    ids=["start", "head", "body"],
)
def test_one_byte_at_a_time_is_cut_off_in_time(host: Site, names: NameServer, first: bytes, drop: bytes) -> None:
    done = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(first)
        while not done.wait(0.05):
            connection.sendall(drop)

    host.answers["/"] = drip
    began = time.monotonic()
    try:
        with pytest.raises(outbound.OutboundError):
            get(host, names, timeout=0.4)
    finally:
        done.set()
    assert time.monotonic() - began < 2


def test_a_host_that_says_nothing_in_a_handshake_is_cut_off_in_time(host: Site, names: NameServer) -> None:
    with socket.create_server(("127.10.0.4", 0)) as silent:
        address = f"https://127.10.0.4:{silent.getsockname()[1]}/"
        resolver = outbound.Names(names.resolvers, timeout=1)
        with pytest.raises(outbound.NoAnswer, match="seconds"):
            asyncio.run(outbound.get(address, policy=POLICY, resolver=resolver, timeout=0.4, max_bytes=1000))


def test_a_long_way_of_slow_redirects_has_one_bound_of_time(host: Site, names: NameServer) -> None:
    def slow(number: int) -> None:
        def answer(connection: socket.socket) -> None:
            time.sleep(0.2)
            connection.sendall(redirect(f"/{number + 1}"))

        host.answers[f"/{number}" if number else "/"] = answer

    for number in range(6):
        slow(number)
    with pytest.raises(outbound.NoAnswer, match="seconds") as caught:
        get(host, names, timeout=0.5)
    assert 1 <= len(caught.value.hops) <= 2


def test_brotli_is_not_asked_for(host: Site, names: NameServer) -> None:
    host.answers["/"] = http_answer(b"x")
    get(host, names)
    asked = [line for line in host.asked[0].lower().splitlines() if line.startswith("accept-encoding:")]
    assert asked == ["accept-encoding: gzip, deflate"]
