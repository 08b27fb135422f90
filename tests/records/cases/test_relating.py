"""Cases that have something in common: found by keyed tags that tell nothing, and gone with the case."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings
from tests.records.conftest import TakeIn

from lykta.core import correlation, locators
from lykta.core.correlation import Identifier
from lykta.core.vocabulary import IdentifierKind
from lykta.records.cases import blind, models, relating
from lykta.records.cases.actions import forgetting, intake, joining
from lykta.records.cases.models import Case, Item, Report
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db
WALLET = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"


def told(report: TakeIn, seed: str, **answers: str) -> Report:
    """A report with these answers, and with what the worker finds in them."""
    content: dict[str, Any] = {"answers": answers, "contact": "me@reporter.example"}
    found = locators.find("\n".join(answers.values())).locators
    return report(seed, seed=seed, content=content, locators=found)


def related(case: Case) -> list[tuple[int, tuple[str, ...]]]:
    return [(one.case.pk, one.sentences) for one in relating.related_to(case)]


def test_the_tag_of_a_thing_tells_nothing_without_the_key(settings: Settings) -> None:
    wallet = Identifier(IdentifierKind.WALLET, WALLET)
    tag = blind.tag(wallet)
    assert len(tag) == blind.TAG_BYTES
    assert tag == blind.tag(wallet)
    assert tag != blind.tag(Identifier(IdentifierKind.ACCOUNT, WALLET))
    settings.INDEX_KEY = b"another key"
    assert tag != blind.tag(wallet)


@pytest.mark.parametrize(
    ("one", "other", "sentence"),
    [
        ({"wallet": WALLET}, {"words": f"I paid {WALLET}"}, "The same wallet of a cryptocurrency."),
        ({"vehicle": "ABC 123"}, {"vehicle": "abc123"}, "The same number plate of a vehicle."),
        ({"fingerprints": "ab" * 32}, {"words": "AB" * 32}, "The same fingerprint of a picture or a film."),
    ],
)
def test_cases_are_linked_by_what_their_reports_say(
    report: TakeIn, one: dict[str, str], other: dict[str, str], sentence: str
) -> None:
    first, second = told(report, "1", **one), told(report, "2", **other)
    told(report, "3", words="nothing in common")
    assert related(first.case) == [(second.case_id, (sentence,))]
    assert related(second.case) == [(first.case_id, (sentence,))]


def test_the_same_item_and_the_same_host_are_links_too(report: TakeIn) -> None:
    case = report("http://a.nordhost.test/1").case
    same = report("look: http://a.nordhost.test/1").case
    host = report("http://a.nordhost.test/2").case
    assert related(case) == [
        (same.pk, ("The same address.", "The same host, unless it is one that everybody uses.")),
        (host.pk, ("The same host, unless it is one that everybody uses.",)),
    ]


def test_a_host_that_everybody_uses_links_nothing(report: TakeIn, monkeypatch: pytest.MonkeyPatch) -> None:
    case = report("http://t.me/s/one_channel").case
    report("http://t.me/s/another_one")
    crowded = report("http://b.nordhost.test/1").case
    report("http://b.nordhost.test/2")
    assert related(case) == []
    assert len(related(crowded)) == 1
    monkeypatch.setattr(correlation, "COMMON_HOST_ITEMS", 1)
    assert related(crowded) == []


def test_further_words_are_linked_like_the_first(report: TakeIn, now: datetime) -> None:
    first, second = told(report, "1", words="hello"), told(report, "2", words=WALLET)
    assert related(first.case) == []
    for _ in range(2):
        content = {"text": f"I forgot: {WALLET}"}
        intake.add_words(by="w", report=first, number=uuid4(), content=content, locators=(), at=now, now=now)
    assert [case for case, _ in related(first.case)] == [second.case_id]
    assert models.Identifier.objects.filter(report=first).count() == 1


def test_what_a_look_found_links_every_case_that_names_the_item(report: TakeIn) -> None:
    one, two = report("http://a.nordhost.test/1"), report("http://b.polderhost.test/1")
    for item in Item.objects.all():
        blind.note_fingerprints(item.pk, [{"sha256": "cd" * 32}, {"sha256": ""}, {"pdq": "ef" * 32}])
    assert set(models.Identifier.objects.values_list("kind", flat=True)) == {IdentifierKind.FINGERPRINT}
    assert models.Identifier.objects.count() == 2
    assert related(one.case) == [(two.case_id, ("The same fingerprint of a picture or a film.",))]


def test_a_forgotten_case_has_no_tags_and_gets_none(report: TakeIn, now: datetime) -> None:
    one, two = told(report, "1", words=WALLET), told(report, "2", words=f"{WALLET} http://a.nordhost.test/1")
    forgetting.forget(by="w", case_number=two.case_id, now=now)
    assert related(one.case) == []
    blind.note_fingerprints(Item.objects.get().pk, [{"sha256": "cd" * 32}])
    assert not models.Identifier.objects.filter(report=two).exists()


def test_a_merged_case_is_related_by_all_of_its_reports_and_not_to_itself(
    report: TakeIn, anna: Staff, now: datetime
) -> None:
    one, two, three = (told(report, seed, words=f"{seed} {WALLET}") for seed in "123")
    joining.merge(by=anna, case=two.case, into=one.case, now=now)
    assert [case for case, _ in related(Case.objects.get(pk=one.case_id))] == [three.case_id]


def test_cases_are_found_by_an_identifier_the_newest_first(report: TakeIn) -> None:
    cases = [told(report, seed, words=f"{seed} {WALLET}").case for seed in "12"]
    assert relating.cases_with(Identifier(IdentifierKind.WALLET, WALLET)) == cases[::-1]
    assert relating.cases_with(Identifier(IdentifierKind.ACCOUNT, WALLET)) == []
