"""Our own list: who said what of a picture, when it goes on the list, and what subscribers are told."""

from datetime import datetime
from typing import Any

import pytest
from tests.records.conftest import TakeIn

from lykta.core.refusals import NotAllowed, NotNow, NotUnderstood
from lykta.core.vocabulary import MediumKind, OfferState
from lykta.records.audit.models import Entry
from lykta.records.cases import queries as cases
from lykta.records.cases.models import Item
from lykta.records.offering import actions, queries
from lykta.records.offering.access import access_entry_to_withdraw
from lykta.records.offering.actions import Medium, Said
from lykta.records.offering.models import Confirmed, Opinion
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db
PICTURE = Medium(
    kind=MediumKind.PICTURE, sha256="a" * 64, sha1="b" * 40, md5="c" * 32, pdq="d" * 64, quality=90, size=1234
)


@pytest.fixture
def item(report: TakeIn) -> Item:
    return cases.items_of(report().case)[0]


def say(by: Staff, item: Item, now: datetime, *, illegal: bool = True, **changes: Any) -> None:
    medium = changes.pop("medium", PICTURE)
    quorum = changes.pop("quorum", 2)
    said = Said(item_number=item.pk, illegal=illegal, **changes)
    actions.say(by=by, medium=medium, said=said, quorum=quorum, now=now)


def the_one() -> Confirmed:
    return Confirmed.objects.get()


def standing() -> tuple[str, int, int]:
    one = the_one()
    return one.state, one.missing, one.revision


def test_one_person_is_not_enough_and_a_second_one_puts_it_on_the_list(
    item: Item, anna: Staff, lena: Staff, now: datetime, later: datetime
) -> None:
    say(anna, item, now)
    assert standing() == (OfferState.WAITING, 1, 0)
    say(anna, item, later)
    assert standing() == (OfferState.WAITING, 1, 0)
    assert list(queries.offered()) == queries.unpublished(limit=5) == []
    say(lena, item, later)
    assert standing() == (OfferState.OFFERED, 0, 1)
    assert the_one().state_at == later
    assert list(queries.offered()) == queries.unpublished(limit=5) == [the_one()]
    assert [one.by for one in queries.newest_opinions(the_one())] == [anna, lena]


def test_the_country_may_ask_for_three(item: Item, anna: Staff, lena: Staff, adam: Staff, now: datetime) -> None:
    for who in (anna, lena):
        say(who, item, now, quorum=3)
    assert standing() == (OfferState.WAITING, 1, 0)
    say(adam, item, now, quorum=3)
    assert standing() == (OfferState.OFFERED, 0, 1)


def test_the_same_opinion_twice_is_kept_once(item: Item, anna: Staff, now: datetime) -> None:
    for _ in range(2):
        say(anna, item, now, grade="A1")
    assert Opinion.objects.count() == Entry.objects.filter(word="offer.opinion").count() == 1


def test_who_says_otherwise_takes_it_off_and_a_changed_mind_puts_it_back(
    item: Item, anna: Staff, lena: Staff, now: datetime
) -> None:
    say(anna, item, now)
    say(lena, item, now)
    say(lena, item, now, illegal=False)
    assert standing() == (OfferState.WITHDRAWN, 0, 2)
    say(lena, item, now)
    assert standing() == (OfferState.OFFERED, 0, 3)
    moved = Entry.objects.filter(word="offer.moved").order_by("pk")
    assert [one.by for one in moved] == ["staff:lena"] * 3


def test_what_was_never_on_the_list_is_not_announced_as_taken_off(
    item: Item, anna: Staff, lena: Staff, now: datetime
) -> None:
    say(anna, item, now)
    say(lena, item, now, illegal=False)
    assert standing() == (OfferState.WITHDRAWN, 0, 0)
    assert queries.unpublished(limit=5) == []


def test_nothing_is_kept_of_what_nobody_called_abuse_material(item: Item, anna: Staff, now: datetime) -> None:
    say(anna, item, now, illegal=False)
    assert not Confirmed.objects.exists()


def test_another_category_is_a_new_revision_for_subscribers(
    item: Item, anna: Staff, lena: Staff, now: datetime
) -> None:
    say(anna, item, now, grade="A1")
    say(lena, item, now)
    assert (the_one().grade, the_one().revision) == ("A1", 1)
    say(lena, item, now, grade="A2")
    assert (the_one().grade, the_one().revision) == ("", 2)


@pytest.mark.parametrize(
    ("change", "pdq"),
    [({"quality": 50}, "d" * 64), ({"quality": 49}, ""), ({"kind": MediumKind.FILM}, "")],
)
def test_a_flat_picture_and_a_film_are_offered_without_pdq(
    item: Item, anna: Staff, now: datetime, change: dict[str, Any], pdq: str
) -> None:
    given = {"kind": MediumKind.PICTURE, "sha256": "a" * 64, "pdq": "d" * 64, "quality": 90}
    say(anna, item, now, medium=Medium(**{**given, **change}))
    assert the_one().pdq == pdq


def test_an_item_that_is_assessed_otherwise_takes_off_what_was_confirmed_on_it(
    item: Item, anna: Staff, lena: Staff, adam: Staff, now: datetime
) -> None:
    for who in (anna, lena):
        say(who, item, now)
    actions.contradict(by=adam, item_number=item.pk, quorum=2, now=now)
    assert standing() == (OfferState.WITHDRAWN, 0, 2)
    assert Opinion.objects.filter(by=adam, illegal=False).count() == 1


def test_a_lead_takes_it_off_for_good_and_says_why(item: Item, anna: Staff, lena: Staff, now: datetime) -> None:
    for who in (anna, lena):
        say(who, item, now)
    with pytest.raises(NotUnderstood):
        actions.withdraw(by="staff:lena", number=the_one().pk, reason="", now=now)
    actions.withdraw(by="staff:lena", number=the_one().pk, reason="A subscriber found it harmless.", now=now)
    assert standing() == (OfferState.WITHDRAWN, 0, 2)
    say(anna, item, now, grade="A1")
    assert standing() == (OfferState.WITHDRAWN, 0, 2)
    with pytest.raises(NotNow):
        actions.withdraw(by="staff:lena", number=the_one().pk, reason="Again.", now=now)


def test_only_a_lead_may_take_it_off(item: Item, anna: Staff, lena: Staff, now: datetime) -> None:
    say(anna, item, now)
    assert access_entry_to_withdraw(lena, the_one().pk) == the_one()
    for who, number in ((anna, the_one().pk), (lena, 4711)):
        with pytest.raises(NotAllowed):
            access_entry_to_withdraw(who, number)


def test_what_was_published_is_published_no_second_time(item: Item, anna: Staff, lena: Staff, now: datetime) -> None:
    for who in (anna, lena):
        say(who, item, now)
    actions.note_published([(the_one().pk, 1)])
    assert queries.unpublished(limit=5) == []
    say(lena, item, now, illegal=False)
    assert [one.revision for one in queries.unpublished(limit=5)] == [2]
    actions.note_published([(the_one().pk, 1)])
    assert [one.revision for one in queries.unpublished(limit=5)] == [2]


def test_each_state_is_counted_and_listed(item: Item, anna: Staff, lena: Staff, now: datetime) -> None:
    say(anna, item, now)
    say(lena, item, now, medium=Medium(kind=MediumKind.FILM, sha256="e" * 64))
    say(anna, item, now, medium=Medium(kind=MediumKind.FILM, sha256="e" * 64))
    assert queries.counts() == {"waiting": 1, "offered": 1}
    assert [one.sha256 for one in queries.of_state(OfferState.OFFERED, limit=5)] == ["e" * 64]
    assert set(queries.confirmed_by_digest(["a" * 64, "f" * 64])) == {"a" * 64}
    one = Confirmed.objects.get(sha256="a" * 64)
    assert queries.confirmed_by_number([one.number]) == {one.number: one}
    assert {one.sha256 for one in queries.confirmed_on(item)} == {"a" * 64, "e" * 64}
