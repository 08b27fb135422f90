"""The doors: one same refusal for what is not there and what is not yours."""

from collections.abc import Callable

import pytest
from tests.records.conftest import TakeIn

from lykta.core.refusals import NotAllowed
from lykta.records.cases import access
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
