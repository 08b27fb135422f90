"""The view gate: every answer that it can give, and that no order of looks gets round a limit."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lykta.core import exposure
from lykta.core.exposure import LONGEST, NEXT, Day, Decision, Limits, Looked, Wanted, decide
from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import Gate, LookKind, Purpose

LIMITS = Limits()
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TOMORROW = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
NEW_PICTURE = Wanted(kind=LookKind.PICTURE, purpose=Purpose.ASSESS, known=False, certified=frozenset(LookKind))


UNTOUCHED = Day()


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def looks(*spans: tuple[float, float]) -> tuple[Looked, ...]:
    """Looks that began so many minutes before noon and took so many."""
    return tuple(Looked(NOON - minutes(before), NOON - minutes(before) + minutes(took)) for before, took in spans)


def ask(
    day: Day = UNTOUCHED, *, now: datetime = NOON, wanted: Wanted = NEW_PICTURE, limits: Limits = LIMITS
) -> Decision:
    return decide(wanted, day, now=now, limits=limits)


@pytest.mark.parametrize(
    ("day", "gate", "at"),
    [
        (Day(), Gate.OPEN, None),
        (Day(elsewhere=minutes(89)), Gate.OPEN, None),
        (Day(elsewhere=minutes(90)), Gate.SOFT, None),
        (Day(elsewhere=minutes(179)), Gate.SOFT, None),
        (Day(elsewhere=minutes(180)), Gate.FULL, TOMORROW),
        (Day(elsewhere=minutes(200), more=minutes(30)), Gate.SOFT, None),
        (Day(elsewhere=minutes(210), more=minutes(30)), Gate.FULL, TOMORROW),
        (Day(looked=looks((200, 3), (3, 2))), Gate.OPEN, None),
        (Day(looked=looks((31, 30))), Gate.PAUSE, NOON + minutes(4)),
        (Day(looked=looks((31, 30)), more=minutes(60)), Gate.PAUSE, NOON + minutes(4)),
        (Day(looked=looks((35, 30))), Gate.OPEN, None),
        (Day(looked=looks((40, 20), (19, 10))), Gate.OPEN, None),
        (Day(looked=looks((35, 20), (11, 10))), Gate.PAUSE, NOON + minutes(4)),
        (Day(looked=looks((35, 20), (10, 9.9))), Gate.OPEN, None),
        (Day(shift_ends=timedelta(hours=13)), Gate.SHIFT_ENDS, TOMORROW),
        (Day(shift_ends=timedelta(hours=13), more=minutes(5)), Gate.OPEN, None),
        (Day(shift_ends=timedelta(hours=13, minutes=1)), Gate.OPEN, None),
    ],
)
def test_a_day_opens_or_closes_the_gate(day: Day, gate: Gate, at: datetime | None) -> None:
    assert ask(day) == Decision(gate, at)


@pytest.mark.parametrize(
    ("hour", "gate", "at"),
    [
        (7.99, Gate.CLOSED, datetime(2026, 3, 2, 8, tzinfo=UTC)),
        (8, Gate.OPEN, None),
        (16.99, Gate.OPEN, None),
        (17, Gate.CLOSED, TOMORROW),
    ],
)
def test_nothing_is_shown_outside_the_viewing_hours_unless_a_lead_allows_it(
    hour: float, gate: Gate, at: datetime | None
) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hour)
    assert ask(now=now) == Decision(gate, at)
    assert ask(Day(more=timedelta()), now=now).may


def test_the_hours_are_those_of_the_hotlines_own_clock() -> None:
    assert ask(now=datetime(2026, 7, 1, 6, 30, tzinfo=UTC).astimezone(ZoneInfo("Europe/Stockholm"))).may
    assert ask(now=datetime(2026, 1, 1, 6, 30, tzinfo=UTC).astimezone(ZoneInfo("Europe/Stockholm"))).gate is Gate.CLOSED


def test_the_next_opening_is_eight_by_the_clock_when_the_clocks_change_in_the_night() -> None:
    evening = datetime(2026, 3, 28, 20, tzinfo=ZoneInfo("Europe/Stockholm"))
    assert ask(now=evening).at == datetime(2026, 3, 29, 8, tzinfo=ZoneInfo("Europe/Stockholm"))


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("kind", LookKind)
@pytest.mark.parametrize("certified", [frozenset(), frozenset({LookKind.PICTURE}), frozenset(LookKind)])
@pytest.mark.parametrize("more", [None, minutes(60)])
def test_what_is_known_or_not_agreed_to_is_not_shown_whatever_a_lead_allows(
    purpose: Purpose,
    kind: LookKind,
    certified: frozenset[LookKind],
    more: timedelta | None,
    *,
    known: bool,
    asked: bool,
) -> None:
    wanted = Wanted(kind=kind, purpose=purpose, known=known, certified=certified, called_for=asked)
    if known and not (asked and purpose is Purpose.SECOND_OPINION):
        expected = Gate.KNOWN
    else:
        expected = Gate.OPEN if kind in certified else Gate.NOT_CERTIFIED
    assert ask(Day(more=more), wanted=wanted).gate is expected


@pytest.mark.parametrize("gate", Gate)
def test_every_answer_says_why_and_what_to_do(gate: Gate) -> None:
    assert gate.sentence.endswith(".")
    assert NEXT[gate].endswith(".")
    assert Decision(gate).may == (gate in {Gate.OPEN, Gate.SOFT})


def test_a_look_that_nobody_ended_is_counted_for_three_minutes_at_most() -> None:
    ten = NOON + minutes(10)
    assert exposure.looked(shown=NOON, ended=None, now=NOON + minutes(1)) == Looked(NOON, NOON + minutes(1))
    assert exposure.looked(shown=NOON, ended=None, now=ten) == Looked(NOON, NOON + LONGEST)
    assert exposure.looked(shown=NOON, ended=ten, now=ten) == Looked(NOON, NOON + LONGEST)
    assert exposure.looked(shown=NOON, ended=NOON + minutes(2), now=ten) == Looked(NOON, NOON + minutes(2))
    assert exposure.looked(shown=NOON, ended=NOON - minutes(2), now=ten) == Looked(NOON, NOON)


def test_how_long_it_is_to_the_next_pause() -> None:
    def left(*spans: tuple[float, float]) -> timedelta:
        return exposure.until_pause(looks(*spans), now=NOON, limits=LIMITS)

    assert left() == minutes(30)
    assert left((12, 10)) == minutes(20)
    assert left((15, 10)) == minutes(30)
    assert left((33, 32)) == timedelta()


spans = some.lists(some.tuples(some.integers(0, 400), some.integers(1, 180)), max_size=200)


@given(spans)
def test_no_order_of_looks_gets_round_the_limits(spans: list[tuple[int, int]]) -> None:
    """Somebody who looks whenever the gate lets them, with these seconds between looks and of looking."""
    now = NOON
    seen: list[Looked] = []
    limits = Limits(opens=timedelta(), closes=timedelta(hours=24))
    for between, took in spans:
        now += timedelta(seconds=between)
        if decide(NEW_PICTURE, Day(looked=seen), now=now, limits=limits).may:
            seen.append(Looked(now, now + timedelta(seconds=took)))
            now = seen[-1].ended
    assert Day(looked=seen).spent < limits.hard + LONGEST
    run = timedelta()
    for before, one in zip([None, *seen], seen, strict=False):
        run = timedelta() if before and one.begun - before.ended >= limits.pause else run
        assert run < limits.stretch
        run += one.ended - one.begun


@pytest.mark.parametrize(
    ("text", "hours"), [("08:00-17:00", (8, 17)), ("0:00-24:00", (0, 24)), (" 9:30 - 12:00 ", (9.5, 12))]
)
def test_hours_are_read(text: str, hours: tuple[float, float]) -> None:
    assert exposure.read_hours(text) == tuple(timedelta(hours=hour) for hour in hours)


@pytest.mark.parametrize(
    "text", ["", "08:00", "17:00-08:00", "8-17", "08:60-09:00", "08:00-24:01", "a:00-b:00", "8:0-9:0"]
)
def test_what_are_no_hours_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(NotUnderstood, match="08:00-17:00"):
        exposure.read_hours(text)
