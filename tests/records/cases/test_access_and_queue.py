"""The doors: one same refusal for what is not there and what is not yours; and the order of the queue."""

from collections.abc import Callable
from datetime import datetime

import pytest
from tests.records.conftest import TakeIn

from lykta.core.lifecycle import Event
from lykta.core.refusals import NotAllowed
from lykta.core.urgency import Urgency
from lykta.records.cases import access, queries
from lykta.records.cases.actions import ending, moves
from lykta.records.cases.models import Item
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db
DOORS = [access.access_case, access.access_item, access.access_report]
Door = Callable[[Staff, int], object]


def test_an_analyst_comes_in(anna: Staff, report: TakeIn) -> None:
    made, item = report(), Item.objects.get()
    assert access.access_report(anna, made.pk) == made
    assert access.access_case(anna, made.case.pk) == made.case
    assert access.access_item(anna, item.pk) == item


@pytest.mark.parametrize("door", DOORS)
def test_absent_and_not_yours_get_the_same_answer(door: Door, anna: Staff, adam: Staff, report: TakeIn) -> None:
    made = report()
    with pytest.raises(NotAllowed) as absent:
        door(anna, 999_999)
    with pytest.raises(NotAllowed) as not_yours:
        door(adam, made.pk)
    assert str(absent.value) == str(not_yours.value)


@pytest.mark.parametrize("door", DOORS)
def test_who_has_left_sees_nothing(door: Door, anna: Staff, report: TakeIn) -> None:
    made = report()
    anna.is_active = False
    with pytest.raises(NotAllowed):
        door(anna, made.pk)


def test_the_queue_is_in_order_of_rank_and_then_of_age(report: TakeIn) -> None:
    first, second, third = (report(text, seed=text).case for text in ("one", "two", "three"))
    ending.rank(case_number=third.pk, urgency=Urgency(1, "A child may be in danger now."))
    assert [case.pk for case in queries.queue()] == [third.pk, first.pk, second.pk]


def test_the_queue_counts_what_waits_for_an_analyst(report: TakeIn, now: datetime) -> None:
    report("http://a.nordhost.test/1 http://b.polderhost.test/2")
    item = Item.objects.order_by("pk")[0]
    moves.move(by="worker", item_number=item.pk, event=Event.TRACED, now=now)
    case = queries.queue().get()
    assert (case.items, case.to_assess, case.tracing) == (2, 1, 1)  # type: ignore[attr-defined]
