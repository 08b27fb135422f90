"""What was shared is opened once, by whoever holds the ticket, and by nobody else; counts add up by day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connections

from lykta.lib import sealing
from lykta.records.letterbox import handovers, tallies
from lykta.records.letterbox.models import Handover

pytestmark = pytest.mark.django_db(databases=["letterbox"], transaction=True)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = date(2026, 1, 1)
KEY = sealing.new_secret_key()
SHARED = "https://pictures.example/7"


def opened(ticket: str, *, now: datetime = NOW) -> str | None:
    return handovers.open_once(ticket, key=KEY, now=now)


def test_it_is_opened_once() -> None:
    ticket = handovers.hand_over(SHARED, key=KEY, now=NOW)
    assert [opened(ticket) for _ in range(3)] == [SHARED, None, None]
    assert Handover.objects.using("letterbox").count() == 0


def test_of_many_who_come_at_once_one_opens_it() -> None:
    ticket = handovers.hand_over(SHARED, key=KEY, now=NOW)

    def come(_: int) -> str | None:
        try:
            return opened(ticket)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as many:
        assert sorted(map(str, many.map(come, range(8)))) == ["None"] * 7 + [SHARED]


def test_another_ticket_opens_nothing_and_leaves_it_there() -> None:
    ticket = handovers.hand_over(SHARED, key=KEY, now=NOW)
    assert opened(ticket[:-1]) is None
    assert opened(handovers.hand_over("other", key=KEY, now=NOW)) == "other"
    assert opened(ticket) == SHARED


def test_the_rows_key_needs_the_ticket_and_the_faces_own_secret() -> None:
    ticket = handovers.hand_over(SHARED, key=KEY, now=NOW)
    sealed = bytes(Handover.objects.using("letterbox").get().sealed)
    with pytest.raises(sealing.CannotOpen):
        sealing.unlock(sealed, key=KEY)
    with pytest.raises(sealing.CannotOpen):
        handovers.open_once(ticket, key=sealing.new_secret_key(), now=NOW)


@pytest.mark.parametrize(("late", "found"), [(-1, SHARED), (0, None), (1, None)])
def test_it_waits_five_minutes(late: int, found: str | None) -> None:
    ticket = handovers.hand_over(SHARED, key=KEY, now=NOW)
    assert opened(ticket, now=NOW + timedelta(minutes=5, seconds=late)) == found


def test_the_sweep_takes_what_nobody_came_for() -> None:
    handovers.hand_over(SHARED, key=KEY, now=NOW)
    later = handovers.hand_over(SHARED, key=KEY, now=NOW + timedelta(minutes=1))
    assert handovers.sweep(now=NOW + handovers.KEPT) == 1
    assert opened(later) == SHARED


def test_who_counts_at_the_same_time_loses_no_count() -> None:
    def come(_: int) -> None:
        try:
            tallies.add("SCHOOL", day=DAY, visits=1, tips=2)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as many:
        list(many.map(come, range(24)))
    (tally,) = tallies.counts()
    assert (tally.code, tally.day, tally.visits, tally.tips) == ("SCHOOL", DAY, 24, 48)
