"""What an analyst may still look at today, why not, and what to do then.

The figures are proposals on public ground: YouTube's four hours a day (2018) are the most that anybody has promised,
peers keep image work to the mornings and to a strictly limited time, forced pauses of two to five minutes between
batches are common advice, and what was never seen before weighs most. A hotline's own welfare policy decides.

Times are local: `now` carries the hotline's time zone, and hours are counted from its midnight.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import Certification, Gate, LookKind, Purpose

LONGEST = timedelta(minutes=3)
"""After so long a look ends by itself: somebody who was called away is not counted as looking."""
TICKET = timedelta(seconds=60)
"""For so long the address of a look's picture works, once."""
KEEP = timedelta(days=730)
"""For so long a person's own figures are kept: 24 months."""
MOST_ELSEWHERE = 600
"""Minutes of a day that can be typed in for other systems."""
MOST_MORE = 60
"""Minutes that a lead can add to one day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """A hotline's limits. `opens`, `closes` and `last` (the end of a shift without looks) are hours of a day."""

    soft: timedelta = timedelta(minutes=90)
    hard: timedelta = timedelta(minutes=180)
    stretch: timedelta = timedelta(minutes=30)
    pause: timedelta = timedelta(minutes=5)
    opens: timedelta = timedelta(hours=8)
    closes: timedelta = timedelta(hours=17)
    last: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Looked:
    """One look, from when a picture was shown until it was hidden."""

    begun: datetime
    ended: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A person's day so far. `looked` in the order of time; `more` is what a lead has added, None where none has."""

    looked: Sequence[Looked] = ()
    elsewhere: timedelta = timedelta()
    more: timedelta | None = None
    shift_ends: timedelta | None = None

    @property
    def spent(self) -> timedelta:
        """All looking of the day, other systems included."""
        return sum((one.ended - one.begun for one in self.looked), self.elsewhere)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants to look at, what for, and what kinds that person has agreed to look at.

    `called_for`: a second opinion about it is asked of this very person, or a lead has said why it must be seen again.
    """

    kind: LookKind
    purpose: Purpose
    known: bool
    certified: frozenset[LookKind]
    called_for: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gate says, and from when on it may say something else, where that is known."""

    gate: Gate
    at: datetime | None = None

    @property
    def may(self) -> bool:
        return self.gate in {Gate.OPEN, Gate.SOFT}


CERTIFIED = {
    Certification.TEXT: frozenset[LookKind](),
    Certification.PICTURES: frozenset({LookKind.PICTURE}),
    Certification.FILMS: frozenset(LookKind),
}
"""What somebody may look at, by what they are certified for."""

NEXT = {
    Gate.OPEN: "Look only as long as you need to.",
    Gate.SOFT: "Stop here if you can: the rest may wait until tomorrow, or a colleague can take it.",
    Gate.KNOWN: "Decide on what is known. Only a second opinion that you are asked for needs another look.",
    Gate.NOT_CERTIFIED: "Skip it, or ask a colleague who looks at this kind.",
    Gate.PAUSE: "Stand up, look out of the window, talk to somebody, play something with shapes. No screen if you can.",
    Gate.CLOSED: "Take up what needs no look: answers to reporters, referrals, tips in words.",
    Gate.SHIFT_ENDS: "Take up what needs no look, and let the day end quietly.",
    Gate.FULL: "Enough for today. Take up what needs no look, or go home; a colleague can take this one.",
}
"""What to do, for each answer of the gate."""


def decide(wanted: Wanted, day: Day, *, now: datetime, limits: Limits) -> Decision:
    """What the gate says to one wish to look.

    A lead's addition lifts what is about hours and the daily limit, never a pause, the kind, or what is known already.
    """
    if wanted.known and not (wanted.purpose is Purpose.SECOND_OPINION and wanted.called_for):
        return Decision(Gate.KNOWN)
    if wanted.kind not in wanted.certified:
        return Decision(Gate.NOT_CERTIFIED)
    until = pause_until(day.looked, limits=limits)
    if until is not None and now < until:
        return Decision(Gate.PAUSE, until)
    if day.spent >= limits.hard + (day.more or timedelta()):
        return Decision(Gate.FULL, _next_opening(now, limits, later=True))
    if day.more is None and (closed := _closed(day, now=now, limits=limits)):
        return closed
    return Decision(Gate.SOFT if day.spent >= limits.soft else Gate.OPEN)


def pause_until(looked: Iterable[Looked], *, limits: Limits) -> datetime | None:
    """Until when a pause is due after these looks, None where none is. Any time without looks is a pause."""
    run, last = _run(looked, limits=limits)
    return last + limits.pause if last is not None and run >= limits.stretch else None


def until_pause(looked: Iterable[Looked], *, now: datetime, limits: Limits) -> timedelta:
    """How much more looking there is before the next pause."""
    run, last = _run(looked, limits=limits)
    rested = last is None or now - last >= limits.pause
    return limits.stretch if rested else max(limits.stretch - run, timedelta())


def looked(*, shown: datetime, ended: datetime | None, now: datetime) -> Looked:
    """How long one look has taken: until it was ended, else until now, and never longer than `LONGEST`."""
    return Looked(shown, max(shown, min(ended or now, shown + LONGEST)))


def read_hours(text: str) -> tuple[timedelta, timedelta]:
    """`08:00-17:00` as hours of a day, 24:00 being its end. Raises NotUnderstood."""
    first, dash, second = text.partition("-")
    begins, ends = _read_time(first), _read_time(second)
    if not dash or begins is None or ends is None or not begins < ends <= timedelta(hours=24):
        raise NotUnderstood("Write hours as 08:00-17:00, the earlier one first.")
    return begins, ends


def _run(looked: Iterable[Looked], *, limits: Limits) -> tuple[timedelta, datetime | None]:
    """The looking since the last pause, and when it ended."""
    run, last = timedelta(), None
    for one in looked:
        if last is not None and one.begun - last >= limits.pause:
            run = timedelta()
        run += one.ended - one.begun
        last = one.ended if last is None else max(last, one.ended)
    return run, last


def _closed(day: Day, *, now: datetime, limits: Limits) -> Decision | None:
    hour = now - _midnight(now)
    if not limits.opens <= hour < limits.closes:
        return Decision(Gate.CLOSED, _next_opening(now, limits, later=hour >= limits.closes))
    if day.shift_ends is not None and hour >= day.shift_ends - limits.last:
        return Decision(Gate.SHIFT_ENDS, _next_opening(now, limits, later=True))
    return None


def _next_opening(now: datetime, limits: Limits, *, later: bool) -> datetime:
    """Today's opening, or with `later` tomorrow's. Both are wall-clock times, also where the clocks change between."""
    return _midnight(now) + timedelta(days=int(later)) + limits.opens


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _read_time(text: str) -> timedelta | None:
    hours, colon, minutes = text.strip().partition(":")
    if not (colon and hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()):
        return None
    return timedelta(hours=int(hours), minutes=int(minutes)) if len(minutes) == 2 and int(minutes) < 60 else None
