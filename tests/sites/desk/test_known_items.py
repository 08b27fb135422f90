"""Known items: several at once, each named, nothing done before it was shown, and nobody has to look."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites.desk.scenes import page, report, told, traced, words

from lykta.core.second_opinion import RULES, Policy
from lykta.core.vocabulary import ItemState, Verdict
from lykta.lib.labels import label_set
from lykta.records.audit.models import Entry
from lykta.records.cases.models import Assessment, Item
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


@pytest.fixture
def known(anna: Staff) -> list[Item]:
    """Two items that were assessed as illegal before and are there again, and a third that is new."""
    one, two, new = traced(report("http://a.host.example/ http://b.host.example/ http://c.host.example/"))
    for item in (one, two):
        told(item, anna)
        Item.objects.filter(pk=item.pk).update(verdict=Verdict.ILLEGAL)
    return [one, two, new]


def preview(client: Client, *items: Item) -> Any:
    return client.post("/known/preview/", {"item": [item.pk for item in items]}, follow=True)


def token_of(html: str) -> str:
    found = re.search(r'name="token" value="(\w+)"', html)
    assert found
    return found[1]


def test_nothing_known_says_so(desk: Client) -> None:
    assert "No known item waits." in page(desk, "/known/")


def test_the_page_lists_what_was_assessed_before_under_its_finding(desk: Client, known: list[Item]) -> None:
    said = words(page(desk, "/known/"))
    assert "Child sexual abuse material 2" in said
    assert "hxxp://a[.]host[.]example/" in said
    assert "hxxp://c[.]host[.]example/" not in said
    written = Entry.objects.get(word="known.seen")
    assert (written.by, written.subject, written.facts) == ("staff:anna", "items", '{"items":2}')


def test_the_preview_names_each_with_who_will_be_told_and_does_nothing(desk: Client, known: list[Item]) -> None:
    said = words(preview(desk, *known[:2]).content.decode())
    assert "Decide 2 items as the last time?" in said
    assert said.count("The server is in our country.") == 2
    assert "hxxp://a[.]host[.]example/" in said
    assert Assessment.objects.count() == 2


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (Policy(rules=RULES), "before those concerned are told. A danger is told at once."),
        (Policy(sample=100), "Nothing waits for that."),
        (Policy(), ""),
    ],
)
def test_the_preview_says_where_a_colleague_judges_it_too(
    desk: Client, known: list[Item], settings: Settings, policy: Policy, said: str
) -> None:
    settings.HOUSE = replace(settings.HOUSE, second_opinions=policy, label_set=label_set("lykta-2"))
    Assessment.objects.update(label_set="lykta-2", answers={"finding": "csam", "named": "child"})
    shown = words(preview(desk, *known[:2]).content.decode())
    assert shown.count("A colleague judges it too") == (2 if said else 0)
    assert said in shown


def test_one_confirmation_decides_all_that_were_shown(desk: Client, known: list[Item], anna: Staff) -> None:
    token = token_of(preview(desk, *known[:2]).content.decode())
    numbers = [item.pk for item in known[:2]]
    response = desk.post("/known/confirm/", {"item": numbers, "token": token}, follow=True)
    assert "2 known items are decided." in response.content.decode()
    assert [item.state for item in Item.objects.order_by("pk")] == [
        ItemState.REFERRED,
        ItemState.REFERRED,
        ItemState.READY,
    ]
    newest = Assessment.objects.filter(item=known[0]).latest("pk")
    assert (newest.by, newest.answers["finding"]) == (anna, "csam")


def test_what_has_changed_meanwhile_is_not_done(desk: Client, known: list[Item]) -> None:
    token = token_of(preview(desk, *known[:2]).content.decode())
    response = desk.post("/known/confirm/", {"item": [known[0].pk], "token": token}, follow=True)
    assert "has changed since you looked" in response.content.decode()
    assert set(Item.objects.values_list("state", flat=True)) == {ItemState.READY}


def test_a_new_item_is_not_decided_without_a_look(desk: Client, known: list[Item]) -> None:
    assert "Please choose among the known items" in preview(desk, *known).content.decode()
    assert "Please choose among the known items" in preview(desk).content.decode()


def test_items_with_different_findings_are_decided_apart(desk: Client, known: list[Item]) -> None:
    Assessment.objects.filter(item=known[1]).update(answers={"finding": "not_child"})
    assert "Please choose items with the same finding." in preview(desk, *known[:2]).content.decode()


def test_an_assessment_with_other_labels_is_made_afresh(desk: Client, known: list[Item]) -> None:
    Assessment.objects.filter(item=known[1]).update(label_set="older")
    said = page(desk, "/known/")
    assert "hxxp://a[.]host[.]example/" in said
    assert "hxxp://b[.]host[.]example/" not in said


def test_the_answers_of_the_last_time_stand_there_already(desk: Client, known: list[Item]) -> None:
    chosen = 'name="finding" value="csam" checked'
    assert chosen in page(desk, f"/items/{known[0].pk}/assess/")
    assert chosen not in page(desk, f"/items/{known[2].pk}/assess/")
