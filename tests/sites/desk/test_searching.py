"""Searching: each kind by its form, persons only where it is allowed, every search noted without its words."""

import json
from dataclasses import replace

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites.desk.scenes import ADDRESS, page, ready_case, report, words

from lykta.records.audit.models import Entry
from lykta.records.audit.words import AuditWord

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
WALLET = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
MAIL = "anna@mail.example"


def seek(client: Client, sought: str) -> str:
    return words(client.post("/search/", {"sought": sought}, follow=True).content.decode())


def noted() -> dict[str, object]:
    found: dict[str, object] = json.loads(Entry.objects.filter(word=AuditWord.SEARCHED).latest("number").facts)
    return found


def test_nothing_typed_is_no_search(desk: Client) -> None:
    assert "Every search is noted." in words(page(desk, "/search/"))
    assert not Entry.objects.filter(word=AuditWord.SEARCHED).exists()


@pytest.mark.parametrize("sought", ["{number}", "{bare}"])
def test_a_number_leads_straight_to_its_case(desk: Client, sought: str) -> None:
    case, _ = ready_case()
    response = desk.post("/search/", {"sought": sought.format(number=case.number, bare=case.pk)})
    assert response.headers["Location"] == f"/cases/{case.pk}/"
    assert noted() == {"kind": "case", "found": 1, "refused": False}


@pytest.mark.parametrize("sought", [ADDRESS, ADDRESS.replace("http", "hxxps").replace(".", "[.]")])
def test_an_address_is_found_however_it_is_written(desk: Client, sought: str) -> None:
    case, _ = ready_case()
    assert case.number in seek(desk, sought)
    assert noted()["kind"] == "address"


def test_a_host_leads_to_its_page(desk: Client) -> None:
    ready_case()
    assert "Items on pictures[.]nordhost[.]test" in seek(desk, "http://pictures.nordhost.test/another")
    assert noted()["kind"] == "host"


def test_a_wallet_in_sealed_words_is_found(desk: Client) -> None:
    case = report(f"Pay here: {WALLET}").case
    assert case.number in seek(desk, WALLET)
    assert noted() == {"kind": "wallet", "found": 1, "refused": False}


def test_persons_are_not_searched_for_unless_the_country_file_allows_it(desk: Client, settings: Settings) -> None:
    case = report(f"He writes from {MAIL}").case
    refused = seek(desk, MAIL)
    assert "Searching for persons is off" in refused
    assert case.number not in refused
    assert noted() == {"kind": "email", "found": 0, "refused": True}
    settings.HOUSE = replace(settings.HOUSE, people_search=True)
    assert case.number in seek(desk, MAIL)
    assert noted() == {"kind": "email", "found": 1, "refused": False}


@pytest.mark.parametrize(
    ("sought", "said"),
    [("something", "Please type a case number"), ("http://nobody.example/1", "Nothing was found."), ("77", "Nothing")],
)
def test_what_is_not_there_is_said(desk: Client, sought: str, said: str) -> None:
    assert said in seek(desk, sought)


def test_the_record_keeps_no_word_of_what_was_sought(desk: Client) -> None:
    for sought in (MAIL, WALLET, ADDRESS):
        seek(desk, sought)
        assert not [one for one in Entry.objects.values_list("facts", flat=True) if sought in one]
