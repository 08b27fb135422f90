"""The questions of a label set in the form: only what matters is asked, several pictures count as their worst."""

import json
from dataclasses import replace

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites.desk.scenes import hidden, page, ready_case, words

from lykta.core.labels import LabelSet, Option, Question
from lykta.core.vocabulary import Verdict
from lykta.lib.labels import label_set
from lykta.records.cases.models import Assessment, Item
from lykta.sites.desk.questions import asked, called, said

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


@pytest.fixture(autouse=True)
def _second_set(settings: Settings, _house: None) -> None:
    settings.HOUSE = replace(settings.HOUSE, label_set=label_set("lykta-2"))


@pytest.fixture
def item() -> Item:
    return ready_case()[1]


def test_each_question_says_when_it_is_asked(desk: Client, item: Item) -> None:
    html = page(desk, f"/items/{item.pk}/assess/")
    assert "<fieldset>\n<legend>What is it?</legend>" in html
    assert 'data-when="{&quot;self_generated&quot;: [&quot;yes&quot;]}"' in html
    assert '<script type="module" src="/static/questions.js">' in html
    assert '<select name="site_type" aria-label="Kind of site">' in html


def test_a_plain_case_is_one_answer_and_the_rest_is_not_lost(desk: Client, item: Item) -> None:
    shown = desk.post(f"/items/{item.pk}/preview/", {"finding": "csam", "coerced": "yes"}).content.decode()
    assert "Youngest child seen Not known" in words(shown)
    assert "made the child do it" not in words(shown)
    assert "NCMEC: A1, A2, B1, B2 cannot be said Without the age there is no letter." in words(shown)
    desk.post(f"/items/{item.pk}/confirm/", hidden(shown))
    made = Assessment.objects.get()
    assert (made.label_set, made.answers["finding"]) == ("lykta-2", "csam")
    assert "coerced" not in made.answers


@pytest.mark.parametrize(
    ("finding", "question"),
    [
        ("not_child", "Why is it not illegal?"),
        ("not_illegal", "Why is it not illegal?"),
        ("not_found", "In what way is it gone?"),
        ("inaccessible", "Why can it not be opened?"),
        ("grey", "What makes it a grey zone?"),
        ("out_of_remit", "Why is it not for us?"),
    ],
)
def test_what_is_not_acted_on_is_given_a_reason(desk: Client, item: Item, finding: str, question: str) -> None:
    html = desk.post(f"/items/{item.pk}/preview/", {"finding": finding}).content.decode()
    assert f"Please answer: {question}" in words(html)
    assert f'value="{finding}" checked' in html


def test_the_next_picture_is_judged_afresh_and_the_worst_of_all_counts(desk: Client, item: Item) -> None:
    first = {
        "finding": "csam",
        "age": "14-15",
        "severity": "a",
        "next": "1",
        "victim_country": "se",
        "victim_basis": "language",
    }
    html = desk.post(f"/items/{item.pk}/assess/", first).content.decode()
    assert "One picture is judged and kept." in words(html)
    assert 'value="csam" checked' not in html
    assert 'name="victim_country" value="SE"' in html.replace('value="se"', 'value="SE"')
    second = {**hidden(html), "finding": "csam", "age": "3-6", "severity": "c"}
    assert len(json.loads(second["pictures"])) == 1
    shown = desk.post(f"/items/{item.pk}/preview/", second).content.decode()
    assert "Youngest child seen 3 to 6 years" in words(shown)
    assert "(the IWF's letters) Level A" in words(shown).replace("’", "'")
    assert "the most severe and the youngest of 2 pictures" in words(shown)
    changed = desk.post(f"/items/{item.pk}/assess/", hidden(shown)).content.decode()
    assert "One picture is judged and kept." in words(changed)
    assert 'name="age" value="3-6" checked' in changed
    desk.post(f"/items/{item.pk}/confirm/", hidden(shown))
    assert len(Assessment.objects.get().pictures) == 2
    assert "2 pictures were judged: the most severe and the youngest count." in words(page(desk, f"/items/{item.pk}/"))


def test_a_picture_that_cannot_be_kept_loses_nothing(desk: Client, item: Item) -> None:
    kept = json.dumps([{"finding": "csam", "age": "0-2"}])
    html = desk.post(f"/items/{item.pk}/assess/", {"finding": "grey", "next": "1", "pictures": kept}).content.decode()
    assert "Please answer: What makes it a grey zone?" in words(html)
    assert 'value="grey" checked' in html
    assert json.loads(hidden(html)["pictures"])[0]["age"] == "0-2"


def test_pictures_that_cannot_be_read_are_said(desk: Client, item: Item) -> None:
    response = desk.post(f"/items/{item.pk}/assess/", {"finding": "csam", "pictures": "{"})
    assert response.status_code == 200
    assert "please begin again" in words(response.content.decode())


def test_where_everybody_is_stands_on_the_items_page_with_what_says_so(desk: Client, item: Item) -> None:
    given = {"finding": "csam", "offender_country": "no", "offender_basis": "account"}
    desk.post(f"/items/{item.pk}/confirm/", hidden(desk.post(f"/items/{item.pk}/preview/", given).content.decode()))
    text = words(page(desk, f"/items/{item.pk}/"))
    assert "Offender Norway (NO) The account or its profile says so." in text
    assert "Server Sweden (SE) Tracing says so." in text


def test_the_choices_of_what_says_so_leave_out_what_only_the_machine_says(desk: Client, item: Item) -> None:
    html = page(desk, f"/items/{item.pk}/assess/")
    assert '<option value="language">' in html
    assert '<option value="trace">' not in html


def test_a_set_that_is_gone_is_shown_as_it_was_stored() -> None:
    assert said("older-0", {"sort": "grave"}) == [("sort", "grave")]
    assert called("older-0", {"sort": "grave"}, Verdict.ILLEGAL) == []


def test_a_long_list_with_keys_stays_a_row_of_buttons() -> None:
    options = tuple(Option(str(number), "x") for number in range(12))
    plain = LabelSet("x", (Question("q", "Q", options),))
    keyed = LabelSet("x", (Question("q", "Q", (Option("a", "A", "a"), *options)),))
    assert asked(plain, {})[0].as_list
    assert not asked(keyed, {})[0].as_list
