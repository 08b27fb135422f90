"""The queue: its order, what narrows it, what a row says, and that a case knows whether there is something to do."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.records.conftest import TakeIn

from lykta.core.lifecycle import Event
from lykta.core.urgency import ASSESSED, Urgency
from lykta.core.vocabulary import CaseState, ItemState, Source, Topic, Verdict
from lykta.records.cases import queue
from lykta.records.cases.actions import ending, forgetting, intake, judging, moves
from lykta.records.cases.models import Case, Item
from lykta.records.cases.queue import Wanted
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db


def shown(by: Staff, now: datetime, **wanted: Any) -> list[int]:
    return list(queue.queue(Wanted(**wanted), by=by, now=now).values_list("pk", flat=True))


def test_the_queue_is_in_order_of_rank_and_then_of_age(report: TakeIn, anna: Staff, now: datetime) -> None:
    first, second, third = (report(text, seed=text).case for text in ("one", "two", "three"))
    ending.rank(case_number=third.pk, urgency=Urgency(1, "A child may be in danger now."))
    assert shown(anna, now) == [third.pk, first.pk, second.pk]


def test_a_case_that_stays_where_it_is_in_the_queue_is_not_written(report: TakeIn) -> None:
    case = report("one").case
    ending.rank(case_number=case.pk, urgency=Urgency(4, "A reason."), countries=["NL"])
    with CaptureQueriesContext(connection) as asked:
        ending.rank(case_number=case.pk, urgency=Urgency(4, "A reason."), countries=["NL"])
    assert not [one for one in asked.captured_queries if one["sql"].startswith("UPDATE")]
    ending.rank(case_number=case.pk, urgency=Urgency(4, "A reason."), countries=["NL", "SE"])
    case.refresh_from_db()
    assert case.countries == "NL SE"


def test_a_row_counts_what_waits_for_an_analyst_and_what_of_it_is_known(report: TakeIn, now: datetime) -> None:
    case = report("http://a.nordhost.test/1 http://b.polderhost.test/2").case
    item = Item.objects.order_by("pk")[0]
    moves.move(by="worker", item_number=item.pk, event=Event.TRACED, now=now)
    [row] = queue.rows([case.pk])
    assert (row.items, row.to_assess, row.tracing, row.known) == (2, 1, 1, 0)  # type: ignore[attr-defined]
    Item.objects.filter(pk=item.pk).update(verdict=Verdict.ILLEGAL)
    assert queue.rows([case.pk])[0].known == 1  # type: ignore[attr-defined]


def test_rows_come_in_the_order_in_which_they_were_asked_for(report: TakeIn) -> None:
    numbers = [report(text, seed=text).case.pk for text in ("one", "two", "three")]
    assert [row.pk for row in queue.rows([numbers[2], numbers[0], 999_999])] == [numbers[2], numbers[0]]


@pytest.mark.parametrize(
    "wanted",
    [
        {"topic": Topic.TRAVEL},
        {"source": Source.STAFF},
        {"country": "NL"},
        {"host": "polderhost.test"},
        {"host": "b.polderhost.test"},
        {"days": 3},
        {"incomplete": True},
        {"topic": Topic.TRAVEL, "source": Source.STAFF, "country": "NL", "host": "polderhost.test", "days": 3},
    ],
)
def test_each_filter_finds_what_it_names_and_nothing_else(
    report: TakeIn, anna: Staff, now: datetime, wanted: dict[str, Any]
) -> None:
    report("http://a.nordhost.test/1")
    report("only words")
    sought = report("http://b.polderhost.test/2", topic=Topic.TRAVEL, source=Source.STAFF, complete=False).case
    ending.rank(case_number=sought.pk, urgency=Urgency(4, "A reason."), countries=["NL", "SE"])
    Case.objects.filter(pk=sought.pk).update(opened_at=now - timedelta(days=4))
    assert shown(anna, now, **wanted) == [sought.pk]


def test_a_host_is_not_that_of_a_name_which_only_ends_alike(report: TakeIn, anna: Staff, now: datetime) -> None:
    report("http://notpolderhost.test/1")
    assert shown(anna, now, host="polderhost.test") == []
    assert shown(anna, now, host="a.notpolderhost.test") == []


def test_a_host_with_nothing_left_to_do_narrows_to_nothing(report: TakeIn, anna: Staff, now: datetime) -> None:
    report("http://b.polderhost.test/2")
    assert len(shown(anna, now, host="polderhost.test")) == 1
    Item.objects.update(state=ItemState.GONE)
    assert shown(anna, now, host="polderhost.test") == []


def test_a_report_that_is_finished_later_is_not_incomplete_any_more(report: TakeIn, anna: Staff, now: datetime) -> None:
    made = report(complete=False)
    assert shown(anna, now, incomplete=True) == [made.case_id]
    intake.sent_again(report=made, danger=False, complete=True)
    assert shown(anna, now, incomplete=True) == []


def test_the_counts_are_those_of_the_ways_to_look(report: TakeIn, anna: Staff, now: datetime) -> None:
    report("only words")
    report("http://a.nordhost.test/1")
    judging.claim(by=anna, case=report("more words").case, now=now)
    assert queue.counts(by=anna, now=now) == {"all": 3, "mine": 1, "assess": 2, "waiting": 1}


def to_do(case: Case) -> bool:
    case.refresh_from_db()
    return case.to_do


def test_a_case_has_something_to_do_from_tracing_to_assessing_and_not_after(report: TakeIn, now: datetime) -> None:
    made, other = report(), report("the same: http://pictures.nordhost.test/album/1", seed="other")
    number = Item.objects.get().pk
    for event, expected in (
        (None, False),
        (Event.TRACED, True),
        (Event.REPORTED_AGAIN, True),
        (Event.FOUND_LEGAL, False),
        (Event.RECONSIDERED, True),
        (Event.FOUND_ILLEGAL, False),
    ):
        if event:
            moves.move(by="worker", item_number=number, event=event, now=now)
        assert (to_do(made.case), to_do(other.case)) == (expected, expected), event


def test_unread_words_are_something_to_do_until_they_are_read(report: TakeIn, now: datetime) -> None:
    made, number = report(), uuid4()
    assert not to_do(made.case)
    intake.add_words(by="w", report=made, number=number, content={"text": "x"}, locators=(), at=now, now=now)
    assert to_do(made.case)
    ending.note_read(numbers=[number])
    assert not to_do(made.case)


def test_a_forgotten_case_waits_for_nobody(report: TakeIn, now: datetime) -> None:
    made = report()
    intake.add_words(by="w", report=made, number=uuid4(), content={"text": "x"}, locators=(), at=now, now=now)
    forgetting.forget(by="worker", case_number=made.case_id, now=now)
    assert not to_do(made.case)


def test_a_report_of_nothing_but_known_items_says_so_at_once(report: TakeIn) -> None:
    report()
    Item.objects.update(verdict=Verdict.ILLEGAL, state=ItemState.REFERRED)
    again = report("I saw http://pictures.nordhost.test/album/1", seed="again").case
    assert (again.rank, again.rank_reason) == (ASSESSED.rank, ASSESSED.reason)
    mixed = report("http://pictures.nordhost.test/album/1 http://new.nordhost.test/", seed="mixed").case
    assert mixed.rank_reason == ""


def test_a_known_item_does_not_hide_a_child_in_danger(report: TakeIn) -> None:
    report()
    Item.objects.update(verdict=Verdict.ILLEGAL, state=ItemState.REFERRED)
    assert report(seed="again", danger=True).case.rank == 0


def test_known_items_that_wait_are_listed_the_longest_waiting_first(report: TakeIn, anna: Staff, now: datetime) -> None:
    report("http://a.nordhost.test/1 http://b.nordhost.test/1 http://c.nordhost.test/1 http://d.nordhost.test/1")
    one, two, three, four = Item.objects.order_by("pk")
    for item, state, verdict, hours in (
        (one, ItemState.READY, Verdict.ILLEGAL, 1),
        (two, ItemState.READY, Verdict.NOT_ILLEGAL, 2),
        (three, ItemState.READY, Verdict.NOT_FOUND, 3),
        (four, ItemState.REFERRED, Verdict.ILLEGAL, 4),
    ):
        Item.objects.filter(pk=item.pk).update(state=state, verdict=verdict, state_at=now - timedelta(hours=hours))
    assert queue.known_to_decide(9, by=anna) == [two, one]
    assert queue.known_to_decide(1, by=anna) == [two]
    anna.never_show = [Case.objects.get().topic]
    assert queue.known_to_decide(9, by=anna) == []


Claimed = Callable[[Case], None]


def test_a_case_given_back_is_free_for_others(report: TakeIn, anna: Staff, lena: Staff, now: datetime) -> None:
    case = report().case
    judging.claim(by=anna, case=case, now=now)
    judging.give_back(by=anna, case=case)
    judging.claim(by=lena, case=case, now=now)
    case.refresh_from_db()
    assert case.claimed_by == lena


def test_a_case_handed_over_waits_for_a_day(report: TakeIn, anna: Staff, lena: Staff, now: datetime) -> None:
    case = report().case
    judging.claim(by=anna, case=case, now=now)
    judging.hand_over(by=anna, case=case, to=lena, now=now)
    case.refresh_from_db()
    assert (case.claimed_by, case.claimed_until) == (lena, now + judging.HANDED_OVER)
    assert shown(lena, now, show="mine") == [case.pk]
    assert case.state == CaseState.OPEN
