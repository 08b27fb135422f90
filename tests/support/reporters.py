"""Many reporters at once, driven by one thread that leaves the processors to the server. For benchmarks.

Each reporter has a connection that stays open, as a TLS proxy in front keeps them, and begins the next journey when
one has ended. Each journey comes from a network of its own, as such a proxy would say it in X-Forwarded-For, so that
no limit slows it: the face has to believe this machine (LYKTA_TRUSTED_PROXY=127.0.0.1).

Requests are built beforehand, but for what the page before gave. Of an answer only the status, the end and the hidden
fields that the next request carries are looked for.
"""

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from itertools import count
from urllib.parse import quote_plus, urlencode

PATIENCE = 30.0
"""Seconds in which nobody is answered, after which all who wait have failed."""

Journey = Generator[bytes, bytes, None]
"""Yields a request, is sent the whole answer (head and body) with status 200, and so on. Raises Failed."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked\r\n", re.IGNORECASE)
_LAST_CHUNK = b"\r\n0\r\n\r\n"
_NETWORKS = count()


class Failed(Exception):
    """This journey came to no good end; says why."""


@dataclass(frozen=True, slots=True)
class Step:
    """One request: POST where it has fields, else GET.

    `carried` names the hidden fields that are taken from the answer before it. `shows` stands in a good answer.
    """

    path: str
    fields: Mapping[str, str] = field(default_factory=dict)
    carried: Sequence[str] = ()
    shows: bytes = b""


@dataclass(frozen=True, slots=True)
class Result:
    """Whole journeys, why others failed, the milliseconds that each request took, and what driving them cost."""

    completed: int
    failures: Counter[str]
    latencies_ms: list[float]
    seconds: float
    cpu_seconds: float

    @property
    def per_second(self) -> float:
        return self.completed / self.seconds

    @property
    def cpu_share(self) -> float:
        """Of one processor, what this side took for itself: 0 to 1."""
        return self.cpu_seconds / self.seconds


def drive(port: int, journey: Callable[[], Journey], reporters: int, seconds: float) -> Result:
    """That many reporters, for so long; who is on the way then goes on to the end."""
    return _Drive(port, journey).run(reporters, seconds)


def through(steps: Sequence[Step]) -> Callable[[], Journey]:
    """The journey of these steps."""
    return partial(_walk, [_Prepared(step) for step in steps])


def _walk(steps: Sequence["_Prepared"]) -> Journey:
    number = next(_NETWORKS)
    network = b"100.%d.%d.1" % (64 + number // 256 % 64, number % 256)
    answer = b""
    for step in steps:
        answer = yield step.request(answer, network)
        if step.shows not in answer:
            raise Failed("another page")


class _Prepared:
    """A step as bytes: what never changes, and where in the answer before it the rest is."""

    def __init__(self, step: Step) -> None:
        post = bool(step.fields or step.carried)
        kind = "Content-Type: application/x-www-form-urlencoded\r\n" if post else ""
        start = f"{'POST' if post else 'GET'} {step.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: en\r\n"
        self._head = (start + kind).encode()
        self._fields = urlencode(step.fields).encode()
        self._carried = [(name.encode(), f'name="{name}" value="'.encode()) for name in step.carried]
        self.shows = step.shows

    def request(self, before: bytes, network: bytes) -> bytes:
        body = b"&".join([self._fields, *(name + b"=" + _value(before, mark) for name, mark in self._carried)])
        return b"%bX-Forwarded-For: %b\r\nContent-Length: %d\r\n\r\n%b" % (self._head, network, len(body), body)


def _value(page: bytes, mark: bytes) -> bytes:
    """What a hidden field holds, ready for a form."""
    start = page.find(mark) + len(mark)
    if start < len(mark):
        raise Failed("no hidden field")
    value = page[start : page.index(b'"', start)].decode()
    return quote_plus(unescape(value)).encode()


@dataclass(slots=True)
class _Reporter:
    """A journey, its connection, and as much of the next answer as has come since `asked`."""

    journey: Journey
    connection: socket.socket
    asked: float = 0.0
    answer: bytes = b""


class _Drive:
    def __init__(self, port: int, journey: Callable[[], Journey]) -> None:
        self._port = port
        self._journey = journey
        self._selector = selectors.DefaultSelector()
        self._completed = 0
        self._failures: Counter[str] = Counter()
        self._latencies: list[float] = []
        self._end = 0.0

    def run(self, reporters: int, seconds: float) -> Result:
        begun, cpu = time.perf_counter(), time.process_time()
        self._end = begun + seconds
        for _ in range(reporters):
            self._connect()
        while waiting := self._selector.get_map():
            for key, _ in (ready := self._selector.select(PATIENCE)):
                self._read(key.data)
            for key in [] if ready else [*waiting.values()]:
                self._fail(key.data, "no answer")
        took, cost = time.perf_counter() - begun, time.process_time() - cpu
        self._selector.close()
        return Result(self._completed, self._failures, self._latencies, took, cost)

    def _connect(self) -> None:
        """One more reporter, unless the time is over."""
        if time.perf_counter() >= self._end:
            return
        try:
            reporter = _Reporter(self._journey(), socket.create_connection(("127.0.0.1", self._port)))
        except OSError as error:
            self._failures[type(error).__name__] += 1  # and no further try: where nobody listens, nobody will
            return
        reporter.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(reporter.connection, selectors.EVENT_READ, reporter)
        self._ask(reporter, next(reporter.journey))

    def _ask(self, reporter: _Reporter, request: bytes) -> None:
        reporter.answer = b""
        reporter.asked = time.perf_counter()
        reporter.connection.sendall(request)

    def _read(self, reporter: _Reporter) -> None:
        try:
            got = reporter.connection.recv(65_536)
            reporter.answer += got
            if not got:
                self._fail(reporter, "connection lost")
            elif _whole(reporter.answer):
                self._latencies.append((time.perf_counter() - reporter.asked) * 1000)
                self._go_on(reporter)
        except (OSError, Failed) as error:
            self._fail(reporter, str(error) if isinstance(error, Failed) else type(error).__name__)

    def _go_on(self, reporter: _Reporter) -> None:
        """The next request of this journey, or the first of the next one."""
        status = reporter.answer[9:12]
        if status != b"200":
            raise Failed(status.decode())
        try:
            request = reporter.journey.send(reporter.answer)
        except StopIteration:
            self._completed += 1
            if time.perf_counter() >= self._end:
                self._leave(reporter)
                return
            reporter.journey = self._journey()
            request = next(reporter.journey)
        self._ask(reporter, request)

    def _fail(self, reporter: _Reporter, reason: str) -> None:
        self._failures[reason] += 1
        self._leave(reporter)
        self._connect()

    def _leave(self, reporter: _Reporter) -> None:
        self._selector.unregister(reporter.connection)
        reporter.connection.close()


def _whole(answer: bytes) -> bool:
    end = answer.find(b"\r\n\r\n") + 4
    if end < 4:
        return False
    if length := _LENGTH.search(answer, 0, end):
        return len(answer) >= end + int(length[1])
    return bool(_CHUNKED.search(answer, 0, end)) and answer.endswith(_LAST_CHUNK)
