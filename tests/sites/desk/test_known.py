"""What the lists say, on the pages of a case and an item, and what one may do with it."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.sites.desk.scenes import hidden, page, ready_case, words
from tests.support.lists import a_list

from lykta.core.lifecycle import StepWord
from lykta.core.matching import VERSION, Found, Hit, find
from lykta.core.vocabulary import ItemState, ListedAs, ListFinding, ListTrust
from lykta.lib.clock import now
from lykta.records.audit.queries import history
from lykta.records.cases.models import Assessment, Case, Item
from lykta.records.matching import findings
from lykta.records.matching.findings import Matched
from lykta.records.matching.models import HashList, ItemFinding, Match
from lykta.records.steps import actions as steps
from lykta.records.steps.models import Step

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
WITHOUT_LOOK = "Confirm without a look"


@pytest.fixture
def police(db: None) -> HashList:
    return a_list("police", at=now(), name="The police’s list")


def says(item: Item, of: HashList, **changes: Any) -> Found:
    """The list says this of the item."""
    given = {"exact": True, "algorithm": "SHA-256", "listed_as": ListedAs.ILLEGAL, **changes}
    hit = Hit(list=of.slug, source=of.source, version=4, trust=ListTrust(of.trust), **given)
    found = find([hit])
    algorithm = "sha256" if hit.exact else "pdq"
    row = Matched(
        algorithm=algorithm,
        digest=b"d" * 32,
        known=7,
        list_number=of.pk,
        version=4,
        distance=hit.distance,
        finding=found.finding,
    )
    findings.keep(by="worker", item_number=item.pk, found=found, matches=[row], now=now())
    return found


@pytest.fixture
def known(police: HashList) -> tuple[Case, Item]:
    case, item = ready_case()
    says(item, police)
    return case, item


@pytest.mark.parametrize("where", ["case", "item"])
def test_the_page_says_which_list_has_it_how_and_why(desk: Client, known: tuple[Case, Item], where: str) -> None:
    case, item = known
    said = words(page(desk, f"/cases/{case.pk}/" if where == "case" else f"/items/{item.pk}/"))
    assert "known: no look needed" in said
    assert "The police’s list , version 4: exactly this file" in said
    assert "police, version 4 (police), has the same SHA-256, listed as illegal." in said
    assert "Rule police-list of matching-2." in said
    assert WITHOUT_LOOK in said


@pytest.mark.parametrize(
    ("changes", "chip", "how"),
    [
        ({"exact": False, "distance": 12, "algorithm": "PDQ"}, "looks like something listed", "12 bits of 256 away"),
        ({"listed_as": ListedAs.HARMLESS}, "known as harmless", "exactly this file"),
        ({"listed_as": ListedAs.HARMFUL}, "known, to be checked", "exactly this file"),
    ],
)
def test_what_is_near_or_harmless_is_marked_so_and_wants_a_look(
    desk: Client, police: HashList, changes: dict[str, Any], chip: str, how: str
) -> None:
    _, item = ready_case()
    says(item, police, **changes)
    said = words(page(desk, f"/items/{item.pk}/"))
    assert chip in said
    assert how in said
    assert WITHOUT_LOOK not in said


def test_a_film_says_how_many_of_its_frames_are_near_and_stands_below_what_is_the_same(
    desk: Client, known: tuple[Case, Item]
) -> None:
    case, item = known
    Match.objects.create(
        item=item,
        algorithm="vpdq",
        digest=b"f" * 32,
        known=8,
        list=HashList.objects.get(),
        version=4,
        frames=9,
        all_frames=10,
        at=now(),
    )
    said = words(page(desk, f"/cases/{case.pk}/"))
    assert said.index("exactly this file of the police") < said.index(
        "9 of 10 frames of the film are near of the police"
    )


def test_an_item_that_no_list_was_asked_about_says_nothing_and_one_that_waits_says_so(desk: Client) -> None:
    _, item = ready_case()
    assert "What the lists say" not in page(desk, f"/items/{item.pk}/")
    steps.plan(word=StepWord.MATCH, subject=item.pk, now=now())
    assert "The lists of known hashes are being asked." in page(desk, f"/items/{item.pk}/")


def test_what_is_known_is_confirmed_without_a_look_as_it_was_shown(desk: Client, known: tuple[Case, Item]) -> None:
    _, item = known
    shown = desk.post(f"/items/{item.pk}/preview/", {"known": "yes", "finding": "not_child"}).content.decode()
    assert "Nobody has looked at it." in shown
    assert "What is it? Child sexual abuse material" in words(shown)
    assert "Youngest child seen Not known" in words(shown)
    response = desk.post(f"/items/{item.pk}/confirm/", hidden(shown))
    assert response.status_code == 302
    item.refresh_from_db()
    assert item.state == ItemState.REFERRED
    grounds = {"rule": "police-list", "policy": VERSION, "lists": [{"list": "police", "version": 4}]}
    assert Assessment.objects.get().facts["known"] == grounds
    [entry] = [one for one in history(f"item:{item.pk}") if one["word"] == "item.assessed"]
    assert entry["facts"]["known"] == grounds


def test_a_look_leaves_no_word_of_lists_in_the_decision(desk: Client, known: tuple[Case, Item]) -> None:
    _, item = known
    shown = desk.post(f"/items/{item.pk}/preview/", {"finding": "csam"}).content.decode()
    desk.post(f"/items/{item.pk}/confirm/", hidden(shown))
    assert "known" not in Assessment.objects.get().facts


def test_what_a_list_takes_back_meanwhile_is_not_confirmed(
    desk: Client, known: tuple[Case, Item], police: HashList
) -> None:
    _, item = known
    shown = desk.post(f"/items/{item.pk}/preview/", {"known": "yes"}).content.decode()
    says(item, police, withdrawn=True)
    response = desk.post(f"/items/{item.pk}/confirm/", hidden(shown), follow=True)
    assert "It cannot be confirmed without a look" in response.content.decode()
    assert not Assessment.objects.exists()


def test_another_version_of_the_list_has_to_be_read_again(desk: Client, known: tuple[Case, Item]) -> None:
    _, item = known
    shown = desk.post(f"/items/{item.pk}/preview/", {"known": "yes"}).content.decode()
    ItemFinding.objects.update(lists=[{"list": "police", "version": 5}])
    said = desk.post(f"/items/{item.pk}/confirm/", hidden(shown)).content.decode()
    assert "has changed since you looked" in said
    assert not Assessment.objects.exists()


def test_where_the_country_does_not_allow_it_somebody_has_to_look(desk: Client, known: tuple[Case, Item]) -> None:
    _, item = known
    object.__setattr__(settings.HOUSE, "decides_known", False)
    assert WITHOUT_LOOK not in page(desk, f"/items/{item.pk}/")
    said = desk.post(f"/items/{item.pk}/preview/", {"known": "yes"}).content.decode()
    assert "It cannot be confirmed without a look" in said


def test_a_false_match_is_noted_and_a_person_decides(desk: Client, known: tuple[Case, Item], police: HashList) -> None:
    _, item = known
    assert "A false match of “The police’s list”" in words(page(desk, f"/items/{item.pk}/"))
    response = desk.post(f"/items/{item.pk}/false-match/", {"list": police.pk}, follow=True)
    said = words(response.content.decode())
    assert "Noted as a false match." in said
    assert "a false match" in said
    assert WITHOUT_LOOK not in said
    assert "A false match of" not in said
    assert ItemFinding.objects.get().finding == ListFinding.CHECK
    assert Match.objects.exclude(fed_back_at=None).count() == 1
    assert Step.objects.filter(word=StepWord.MATCH, subject=item.pk).exists()
    [entry] = [one for one in history(f"item:{item.pk}") if one["word"] == "match.disputed"]
    assert (entry["by"], entry["facts"]) == ("staff:anna", {"list": police.pk, "versions": [4]})


def test_how_often_a_list_was_wrong_is_said_with_its_next_match_and_on_its_page(
    desk: Client, lead: Client, known: tuple[Case, Item], police: HashList
) -> None:
    _, item = known
    desk.post(f"/items/{item.pk}/false-match/", {"list": police.pk})
    _, other = ready_case(text="http://other.test/2")
    says(other, police)
    assert "It was told so of one item." in page(desk, f"/items/{other.pk}/")
    assert "Items that it was wrong about 1" in words(page(lead, f"/hash-lists/{police.pk}/"))


@pytest.mark.parametrize("typed", ["", "x", "999999"])
def test_a_false_match_of_no_list_is_refused_in_words(desk: Client, known: tuple[Case, Item], typed: str) -> None:
    _, item = known
    said = desk.post(f"/items/{item.pk}/false-match/", {"list": typed}, follow=True).content.decode()
    assert "Please say which list is wrong." in said or "This list does not have the item" in said
    assert ItemFinding.objects.get().finding == ListFinding.ILLEGAL
