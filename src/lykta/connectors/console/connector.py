"""Harmless twins of the outside: they answer from what they were given, and touch nothing.

For the tests of the workflow and for trying things out. An answer that is an exception is raised, so that
`{"a.example": Transient("…")}` shows what happens when the outside fails.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from lykta.connectors.contract import (
    Arrived,
    Call,
    ConnectorError,
    Final,
    Look,
    Medium,
    Message,
    NameAnswer,
    Place,
    Registration,
    Returned,
    Sent,
    Shown,
    View,
)
from lykta.core.vocabulary import Outcome

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class ConsoleNames:
    """A `NameService`; a name that was not given does not exist."""

    answers: Mapping[str, NameAnswer | ConnectorError] = field(default_factory=dict)

    def resolve(self, name: str) -> NameAnswer:
        return _given(self.answers.get(name), NameAnswer(name=name, exists=False))


@dataclass(frozen=True, slots=True)
class ConsoleRegistry:
    """A `Registry`; nothing is registered but what was given."""

    networks: Mapping[str, Registration | ConnectorError] = field(default_factory=dict)
    domains: Mapping[str, Registration | ConnectorError] = field(default_factory=dict)
    numbers: Mapping[int, Registration | ConnectorError] = field(default_factory=dict)

    def network(self, address: str) -> Registration | None:
        return _given(self.networks.get(address), None)

    def domain(self, name: str) -> Registration | None:
        return _given(self.domains.get(name), None)

    def autnum(self, number: int) -> Registration | None:
        return _given(self.numbers.get(number), None)


@dataclass(frozen=True, slots=True)
class ConsoleGeography:
    """A `Geography`; an address that was not given is nowhere."""

    places: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)

    def look_up(self, address: str) -> tuple[Place, ...]:
        return self.places.get(address, ())


@dataclass(frozen=True, slots=True)
class ConsoleLooker:
    """A `Looker`; `asked` holds the addresses in order. What was not given has no name."""

    looks: Mapping[str, Look | ConnectorError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def look(self, address: str) -> Look:
        self.asked.append(address)
        return _given(self.looks.get(address), Look(outcome=Outcome.NO_NAME, reason="the name does not exist"))


@dataclass(frozen=True, slots=True)
class ConsoleViewer:
    """A `Viewer`; nothing can be shown but what was given, with `media` as its fingerprints.

    `asked` keeps what was wanted.
    """

    answers: Mapping[str, bytes | ConnectorError] = field(default_factory=dict)
    media: Mapping[str, Medium] = field(default_factory=dict)
    asked: list[View] = field(default_factory=list)

    def show(self, view: View) -> Shown:
        self.asked.append(view)
        body = _given(self.answers.get(view.address), b"")
        if not body:
            raise Final("The server answers 404.")
        medium = self.media.get(view.address, Medium(address=view.address))
        return Shown(length=len(body), pieces=iter([body]), medium=medium)


@dataclass(frozen=True, slots=True)
class ConsolePost:
    """A `Post` that keeps what it was given in `sent`; `faults` are raised by recipient."""

    faults: Mapping[str, ConnectorError] = field(default_factory=dict)
    sent: list[Message] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, message: Message) -> Sent:
        if message.to in self.faults:
            raise self.faults[message.to]
        with self._lock:
            self.sent.append(message)
            return Sent(response=f"250 kept as number {len(self.sent)}")


@dataclass(frozen=True, slots=True)
class ConsoleCaller:
    """A `Caller` that keeps what it was given in `calls`; `answers` by address, 204 for every other."""

    answers: dict[str, int | ConnectorError] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def call(self, call: Call) -> int:
        self.calls.append(call)
        return _given(self.answers.get(call.address), 204)


@dataclass(frozen=True, slots=True)
class ConsoleReturns:
    """A `Returns` that holds what a test puts into `waiting`."""

    waiting: list[Returned] = field(default_factory=list)

    def collect(self) -> tuple[Returned, ...]:
        return tuple(self.waiting)

    def done(self, returned: Returned) -> None:
        if returned in self.waiting:
            self.waiting.remove(returned)


@dataclass(slots=True)
class ConsoleInbox:
    """An `Inbox` that holds what a test puts into `waiting`; `fault` is raised by the next visit."""

    waiting: list[Arrived] = field(default_factory=list)
    fault: ConnectorError | None = None

    def collect(self) -> tuple[Arrived, ...]:
        if self.fault:
            raise self.fault
        return tuple(self.waiting)

    def taken_in(self, arrived: tuple[Arrived, ...]) -> None:
        if self.fault:
            raise self.fault
        self.waiting = [one for one in self.waiting if one not in arrived]


@dataclass(slots=True)
class ConsoleStamper:
    """A `Stamper` whose stamps prove nothing; `fault` is raised instead, `stamped` is what was stamped."""

    stamped: list[bytes] = field(default_factory=list)
    fault: ConnectorError | None = None

    def stamp(self, data: bytes) -> bytes:
        if self.fault:
            raise self.fault
        self.stamped.append(data)
        return b"no stamp"


def _given(answer: Answer | ConnectorError | None, otherwise: Answer) -> Answer:
    if isinstance(answer, ConnectorError):
        raise answer
    return otherwise if answer is None else answer
