"""When something is due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core import clocks

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FAST = timedelta(seconds=5)


@pytest.mark.parametrize(("looks", "hours"), [(0, 1), (1, 4), (2, 12), (3, 24), (50, 24)])
def test_an_item_that_is_there_is_looked_at_with_growing_pauses(looks: int, hours: int) -> None:
    due = clocks.next_look(now=NOW, looks=looks, misses=0, gone=False, every=None)
    assert due == NOW + timedelta(hours=hours)


def test_a_miss_is_looked_into_soon() -> None:
    due = clocks.next_look(now=NOW, looks=30, misses=1, gone=False, every=None)
    assert due == NOW + clocks.AFTER_A_MISS


def test_a_gone_item_is_looked_at_for_months_and_then_left() -> None:
    pauses = []
    for looks in range(len(clocks.WHEN_GONE)):
        due = clocks.next_look(now=NOW, looks=looks, misses=3, gone=True, every=None)
        assert due is not None
        pauses.append(due - NOW)
    assert pauses == sorted(pauses)
    assert timedelta(days=90) < sum(pauses, timedelta()) < timedelta(days=200)
    assert clocks.next_look(now=NOW, looks=len(clocks.WHEN_GONE), misses=3, gone=True, every=None) is None


@pytest.mark.parametrize("misses", [0, 2])
def test_practice_has_its_own_pace(misses: int) -> None:
    assert clocks.next_look(now=NOW, looks=9, misses=misses, gone=False, every=FAST) == NOW + FAST
    assert clocks.next_look(now=NOW, looks=0, misses=3, gone=True, every=FAST) == NOW + FAST


def test_a_hold_ends_after_the_police_were_told() -> None:
    assert clocks.hold_until(told_at=NOW, hold=timedelta(hours=48)) == NOW + timedelta(hours=48)


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 5), (2, 20), (3, 80), (4, 320), (9, 3600)])
def test_retries_back_off(attempts: int, seconds: int) -> None:
    assert clocks.retry_at(now=NOW, attempts=attempts, asked_for=None) == NOW + timedelta(seconds=seconds)


def test_the_other_side_may_ask_for_more_time() -> None:
    assert clocks.retry_at(now=NOW, attempts=1, asked_for=600) == NOW + timedelta(seconds=600)


@given(attempts=st.integers(0, 1000), asked=st.none() | st.floats(0, 1e9))
def test_a_retry_is_always_ahead_and_within_a_day(attempts: int, asked: float | None) -> None:
    due = clocks.retry_at(now=NOW, attempts=attempts, asked_for=asked)
    assert NOW + timedelta(seconds=5) <= due <= NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("began", "used", "over"), [(0, 0, False), (479, 59, False), (480, 0, True), (60, 60, True), (500, 70, True)]
)
def test_a_session_is_over_after_a_day_of_work_or_an_hour_of_nothing(began: int, used: int, *, over: bool) -> None:
    times = {"began": NOW - timedelta(minutes=began), "used": NOW - timedelta(minutes=used), "now": NOW}
    assert clocks.session_is_over(**times, longest=timedelta(hours=8), idle=timedelta(hours=1)) is over
