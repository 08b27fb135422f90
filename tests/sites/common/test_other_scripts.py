"""Arabic and Burmese on the pages themselves: turned round where it must be, counted rightly, nothing left in English."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings
from tests.sites import letters
from tests.sites.browsing import get, post, press
from tests.sites.report.reporter import walk

from lykta.config.environment import Environment
from lykta.core import counting
from lykta.core.vocabulary import ReporterStatus, Topic
from lykta.lib import clock, codes
from lykta.records.letterbox import links
from lykta.sites.pages import wording
from lykta.sites.pages.published import Figure

NEW = ["ar", "my"]
SCRIPTS = {"ar": "[\u0600-\u06ff]", "my": "[\u1000-\u109f]"}
DIRECTIONS = {"ar": "rtl", "my": "ltr"}
PAGES = [
    ("report", ""),
    ("report", "tell/"),
    ("report", "mailbox/"),
    ("report", "no-such-page/"),
    ("report", "button/"),
    ("report", "card/"),
    ("report", "poster/ARN-T5/"),
    ("report", "shared/used/"),
    ("partners", "answer/"),
    ("pages", ""),
    ("pages", "results/"),
]
NAMES = {word for _code, name in settings.LANGUAGES for word in re.findall("[A-Za-z][a-z]+", name)}
NOT_TRANSLATED = {"Practice", "hotline", "Bris", "Shift", "Language"} | NAMES
"""The hotline's own name and that of the children's helpline, what leads to the languages and their names, and a key."""
AS_IT_IS = re.compile(r"“[^”]*”|«[^»]*»|iPhone|iPad|Android|Chrome|bookmark|shortcut|(?:https?:|javascript:)[!-~]+")
"""What devices have written on them, which is quoted or named, and addresses."""


def english_in(text: str) -> set[str]:
    """Words only: capitals are codes and names such as IP and CSV."""
    return set(re.findall("[A-Za-z][a-z]+", AS_IT_IS.sub(" ", text))) - NOT_TRANSLATED


@pytest.fixture
def visit(face: Callable[[str], Client], settings: Settings, tmp_path: Path) -> Callable[[str], Client]:
    """Visitors of a face; the website has figures to show."""
    figures = [
        {"name": figure.name, "value": 3, "unit": figure.unit, "definition": figure.definition}
        for figure in counting.figures([], reports=0)
    ]
    published = {"as_of": "2026-11-20T06:00:00+00:00", "figures": figures, "countries": [{"country": "", "items": 1}]}
    (tmp_path / "figures.json").write_text(json.dumps(published), encoding="utf-8")
    settings.PUBLISHED = tmp_path
    return face


@pytest.mark.django_db(databases=["letterbox"])
@pytest.mark.parametrize("language", NEW)
@pytest.mark.parametrize(("name", "path"), PAGES)
def test_every_page_speaks_and_runs_as_its_language_does(
    visit: Callable[[str], Client], name: str, path: str, language: str
) -> None:
    links.add_link(code="ARN-T5", name="An airport", now=clock.now())
    page = get(visit(name), f"/{language}/{path}")
    assert f'<html lang="{language}" dir="{DIRECTIONS[language]}">' in page.source
    assert len(re.findall(SCRIPTS[language], page.text)) > 100
    assert english_in(page.text) == set()


@pytest.mark.django_db(databases=["letterbox"])
@pytest.mark.parametrize("topic", [*Topic])
@pytest.mark.parametrize("language", NEW)
def test_a_whole_report_is_told_without_a_word_of_english(report: Client, language: str, topic: Topic) -> None:
    path = f"/{language}/tell/"
    for stop in walk(report, topic, path):
        assert english_in(stop.page.text) <= english_in(" ".join(stop.answers.values()))
        assert re.search(SCRIPTS[language], stop.page.title)
    receipt = press(report, path, stop.page, "send")
    assert '<p class="receipt" dir="ltr">' in receipt.source
    assert english_in(receipt.text) == set()


@pytest.mark.django_db(databases=["letterbox"])
@pytest.mark.parametrize("language", NEW)
def test_what_goes_wrong_is_told_without_a_word_of_english(report: Client, language: str) -> None:
    path = f"/{language}/tell/"
    refused = press(report, path, get(report, path), "go")
    begun = press(report, path, refused, "go", answer=Topic.WEB)
    thrown = press(report, path, press(report, path, begun, "throw"), "forget")
    pages = (refused, begun, thrown, press(report, path, begun, "go", answer="no"), post(report, path, answer="7"))
    assert [page.status for page in pages] == [422, 200, 200, 410, 422]
    for page in pages:
        assert english_in(page.text) == set()


@pytest.mark.django_db(databases=["letterbox"])
@pytest.mark.parametrize(
    ("language", "said"), [("ar", "نعمل على بلاغك."), ("my", "သင့်သတင်းပေးချက်ကို ကျွန်ုပ်တို့ ဆောင်ရွက်နေပါတယ်။")], ids=NEW
)
def test_the_mailbox_says_how_far_we_have_come(report: Client, language: str, said: str) -> None:
    code = letters.box()
    letters.put(code, status=ReporterStatus.READING)
    opened = post(report, f"/{language}/mailbox/", code=codes.spell(code), step="open")
    assert said in opened.text
    assert english_in(opened.text) == set()


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [
        ("ar", 1, "دقيقة واحدة"),
        ("ar", 2, "دقيقتان"),
        ("ar", 1.5, "1,5 دقيقة"),
        ("ar", 3, "3 دقائق"),
        ("ar", 11, "11 دقيقة"),
        ("ar", 2 * 60, "ساعتان"),
        ("ar", 10 * 60, "10 ساعات"),
        ("ar", 2 * 24 * 60, "يومان"),
        ("ar", 11 * 24 * 60, "11 يومًا"),
        ("ar", 100 * 24 * 60, "100 يوم"),
        ("my", 1, "1 မိနစ်"),
        ("my", 10 * 60, "10 နာရီ"),
        ("my", 2.5 * 24 * 60, "2.5 ရက်"),
        ("sv", 1.01, "1 minut"),
        ("sv", 1.5, "1,5 minuter"),
    ],
)
def test_times_are_counted_as_the_language_counts(language: str, value: float, shown: str) -> None:
    with translation.override(language):
        line = wording.line(Figure("to_host", value, "minutes", ""))
    assert line.value.replace("\N{NO-BREAK SPACE}", " ") == shown


@pytest.mark.parametrize(("language", "day"), [("ar", "20 نوفمبر 2026"), ("my", "2026 နိုဝင်ဘာ 20")])
def test_months_have_their_names(visit: Callable[[str], Client], language: str, day: str) -> None:
    assert day in get(visit("pages"), f"/{language}/results/").text


def test_telephone_numbers_stay_in_order_in_arabic(report: Client) -> None:
    assert "<bdi>112</bdi>" in get(report, "/ar/").source


@pytest.mark.parametrize(("language", "said"), [("en", False), ("sv", True), ("ar", True), ("my", True)])
def test_a_page_says_when_nobody_has_reviewed_its_language(
    report: Client, settings: Settings, language: str, *, said: bool
) -> None:
    with translation.override(language):
        sentence = translation.gettext("No native speaker has checked this translation yet.")
    assert (sentence in get(report, f"/{language}/").text) == said
    settings.REVIEWED_LANGUAGES = [language]
    assert sentence not in get(report, f"/{language}/").text


def test_all_languages_are_offered_unless_the_hotline_chooses(report: Client) -> None:
    every = [code for code, _name in settings.LANGUAGES]
    assert Environment.model_fields["languages"].default == ",".join(every)
    assert {f"/{code}/" for code in every if code != "ar"} <= set(get(report, "/ar/").links)
