"""The tool that drives many reporters: it counts what is good and nothing else."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from tests.support.reporters import Step, drive, through

FORM = [Step("/form/"), Step("/form/", {"text": "a & b"}, carried=["state"], shows=b"received")]


class Face:
    """A little server with two pages; `answer` makes the second one out of what was posted."""

    def __init__(self, answer: Callable[[dict[str, list[str]]], tuple[int, bytes]], *, chunked: bool = False) -> None:
        self.answer = answer
        self.chunked = chunked
        self.posted: list[dict[str, list[str]]] = []
        self.networks: Counter[str] = Counter()
        self.connections: set[int] = set()


@contextmanager
def served(face: Face) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            face.connections.add(self.client_address[1])
            face.networks[self.headers["X-Forwarded-For"]] += 1
            self._send(200, b'<input type="hidden" name="state" value="1+2&amp;3">')

        def do_POST(self) -> None:
            posted = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            face.posted.append(posted)
            face.networks[self.headers["X-Forwarded-For"]] += 1
            self._send(*face.answer(posted))

        def _send(self, status: int, page: bytes) -> None:
            self.send_response(status)
            if face.chunked:
                self.send_header("Transfer-Encoding", "chunked")
                page = b"%x\r\n%b\r\n0\r\n\r\n" % (len(page), page)
            else:
                self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("chunked", [False, True])
def test_a_journey_carries_the_hidden_field_on(*, chunked: bool) -> None:
    face = Face(lambda _: (200, b"received"), chunked=chunked)
    with served(face) as port:
        result = drive(port, through(FORM), reporters=3, seconds=0.1)
    assert not result.failures
    assert result.completed == len(face.posted) >= 3
    assert len(result.latencies_ms) == 2 * result.completed
    assert all(posted == {"text": ["a & b"], "state": ["1+2&3"]} for posted in face.posted)


def test_a_reporter_keeps_the_connection_and_each_journey_has_its_own_network() -> None:
    face = Face(lambda _: (200, b"received"))
    with served(face) as port:
        result = drive(port, through(FORM), reporters=2, seconds=0.2)
    assert result.completed > 2
    assert len(face.connections) == 2
    assert len(face.networks) == result.completed
    assert set(face.networks.values()) == {2}


def test_who_is_on_the_way_when_the_time_is_over_goes_on_to_the_end() -> None:
    def late(_: dict[str, list[str]]) -> tuple[int, bytes]:
        time.sleep(0.2)
        return 200, b"received"

    face = Face(late)
    with served(face) as port:
        result = drive(port, through(FORM), reporters=1, seconds=0.1)
    assert (result.completed, result.failures.total(), len(face.posted)) == (1, 0, 1)
    assert result.seconds >= 0.2


@pytest.mark.parametrize(
    ("answer", "reason"),
    [((200, b"wait a little"), "another page"), ((429, b"received"), "429"), ((503, b"received"), "503")],
)
def test_an_answer_that_is_not_the_right_one_is_a_failure(answer: tuple[int, bytes], reason: str) -> None:
    face = Face(lambda _: answer)
    with served(face) as port:
        result = drive(port, through(FORM), reporters=2, seconds=0.1)
    assert result.completed == 0
    assert set(result.failures) == {reason}
    assert result.failures[reason] == len(face.posted)


def test_a_page_without_the_field_that_is_carried_is_a_failure() -> None:
    face = Face(lambda _: (200, b"received"))
    with served(face) as port:
        result = drive(port, through([Step("/form/"), Step("/form/", carried=["nonce"])]), reporters=1, seconds=0.05)
    assert result.completed == 0
    assert set(result.failures) == {"no hidden field"}
    assert face.posted == []


def test_where_nobody_listens_every_reporter_fails_once() -> None:
    with served(Face(lambda _: (200, b""))) as port:
        pass
    result = drive(port, through(FORM), reporters=3, seconds=0.1)
    assert (result.completed, result.failures) == (0, Counter({"ConnectionRefusedError": 3}))


def test_driving_says_what_it_cost() -> None:
    face = Face(lambda _: (200, b"received"))
    with served(face) as port:
        result = drive(port, through(FORM), reporters=2, seconds=0.1)
    assert result.cpu_seconds > 0
    assert result.cpu_share == pytest.approx(result.cpu_seconds / result.seconds)
    assert result.per_second == pytest.approx(result.completed / result.seconds)
