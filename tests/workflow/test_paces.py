"""A host earns its places by answering, and loses them by keeping somebody waiting."""

from hypothesis import given
from hypothesis import strategies as st

from lykta.workflow import paces
from lykta.workflow.paces import FIRST, MOST, SLOW, Paces

SECONDS = st.floats(min_value=0, max_value=100)


def test_nobody_knows_it_yet() -> None:
    known = Paces(slow_places=3)
    assert known.allowed("new.example") == FIRST
    assert not known.is_slow("new.example")
    assert known.slow_hosts == []


def test_it_answers_quickly_and_gets_one_more_each_time() -> None:
    known = Paces(slow_places=3)
    seen = []
    for _ in range(MOST):
        known.note("quick.example", 0.5)
        seen.append(known.allowed("quick.example"))
    assert seen == [*range(FIRST + 1, MOST + 1), *[MOST] * FIRST]


def test_it_keeps_somebody_waiting_and_has_half_as_many_until_it_is_slow() -> None:
    known = Paces(slow_places=3)
    for _ in range(MOST):
        known.note("host.example", 0.5)
    seen = []
    for _ in range(4):
        known.note("host.example", SLOW + 0.1)
        seen.append((known.allowed("host.example"), known.is_slow("host.example")))
    assert seen == [(4, False), (2, False), (1, True), (1, True)]
    assert known.slow_hosts == ["host.example"]


def test_it_answers_quickly_once_and_is_not_slow_any_more() -> None:
    known = Paces(slow_places=3)
    known.note("host.example", SLOW + 0.1)
    known.note("host.example", SLOW)
    assert known.allowed("host.example") == FIRST
    assert known.slow_hosts == []


@given(st.lists(SECONDS))
def test_there_is_always_a_place_and_never_all(times: list[float]) -> None:
    known = Paces(slow_places=3)
    for seconds in times:
        known.note("host.example", seconds)
        assert 1 <= known.allowed("host.example") <= MOST
        assert not known.is_slow("host.example") or seconds > SLOW


def test_who_was_asked_longest_ago_is_forgotten_first() -> None:
    known = Paces(slow_places=3)
    for number in range(paces.REMEMBERED):
        known.note(f"{number}.example", SLOW + 1)
    known.note("0.example", SLOW + 1)
    known.note("one-more.example", SLOW + 1)
    assert known.is_slow("0.example")
    assert not known.is_slow("1.example")
    assert len(known.slow_hosts) == paces.REMEMBERED
