"""Everything that a public page says is in the Swedish catalogue, and nothing in it is left over or broken."""

import calendar
import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from lykta import sites
from lykta.core import counting
from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import ReporterStatus
from lykta.lib import codes

SITES = Path(sites.__file__).parent
LOCALE = SITES.parent / "locale"
ROOMS = ("common", "report", "partners", "pages")
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
PLACE = re.compile(r"%\(\w+\)[sd]|%s|</?\w+[^>]*>")


def catalogue(language: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def said_in(path: Path) -> list[str | tuple[str, ...]]:
    text = path.read_text(encoding="utf-8")
    source = templatize(text, origin=str(path)) if path.suffix == ".html" else text
    return [message for _, message, _, _ in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)]


def said_on_pages() -> set[str | tuple[str, ...]]:
    files = [path for room in ROOMS for path in (SITES / room).rglob("*") if path.suffix in {".html", ".py"}]
    return {message for path in files for message in said_in(path) if message}


def said_by_the_rules() -> set[str | tuple[str, ...]]:
    """Sentences that pages show but other floors write."""
    definitions = {figure.definition for figure in counting.figures([], reports=0)}
    refusals = {refusal for refusal in said_by_codes() if refusal}
    return {*(status.sentence for status in ReporterStatus), *definitions, *refusals}


def said_by_codes() -> set[str]:
    found = set()
    for typed in ("short", "0" * 26 + "1"):
        try:
            codes.read(typed)
        except NotUnderstood as refusal:
            found.add(str(refusal))
    return found


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """What a message says: one text, or one for each plural form."""
    return [text] if isinstance(text, str) else list(text or ())


def test_extraction_sees_templates_and_code() -> None:
    assert {"Check before you send", "Write a few words or paste an address."} <= said_on_pages()
    assert len(said_by_codes()) == 2


def test_everything_said_is_in_the_swedish_catalogue() -> None:
    swedish = {message.id for message in messages("sv")}
    assert (said_on_pages() | said_by_the_rules()) - swedish == set()


@pytest.mark.parametrize("language", ["ar", "my"])
def test_everything_that_is_in_swedish_is_in_the_other_languages_too(language: str) -> None:
    swedish = {(message.context, message.id) for message in messages("sv")}
    other = {(message.context, message.id) for message in messages(language) if message.string}
    assert swedish - other == set()


@pytest.mark.parametrize(("language", "number"), [("sv", 2), ("ar", 6), ("my", 1)])
def test_plurals_have_as_many_forms_as_the_language(language: str, number: int) -> None:
    counts = {len(forms(message.string)) for message in messages(language) if not isinstance(message.id, str)}
    assert counts == {number}
    assert catalogue(language).num_plurals == number


@pytest.mark.parametrize(("language", "script"), [("ar", "\u0600-\u06ff"), ("my", "\u1000-\u109f")])
def test_nothing_is_left_in_english(language: str, script: str) -> None:
    for message in messages(language):
        for text in forms(message.string):
            bare = PLACE.sub("", text)
            assert re.search(f"[{script}]", bare) or not re.search("[A-Za-z]{3,}", bare), message.id


@pytest.mark.parametrize("language", ["sv", "en", "ar", "my"])
def test_every_published_figure_has_a_name(language: str) -> None:
    named = {message.id for message in messages(language) if message.context == "figure"}
    assert {figure.name for figure in counting.figures([], reports=0)} <= named


def places_in(text: str) -> list[str]:
    """Places for values and markup; a number in right-to-left text may need to be isolated in addition."""
    return sorted(place for place in PLACE.findall(text) if place not in {"<bdi>", "</bdi>"})


@pytest.mark.parametrize("language", ["sv", "ar", "my"])
def test_translations_keep_places_and_markup(language: str) -> None:
    """A form for one or two may leave the number out, since the word says it."""
    for message in messages(language):
        source, translated = forms(message.id)[-1], forms(message.string)
        assert places_in(translated[-1]) == places_in(source), message.id
        for text in translated:
            assert set(places_in(text)) <= set(places_in(source)), message.id


@pytest.mark.parametrize(
    ("language", "left_behind"),
    [("sv", r"barnporr|barnprostitu"), ("ar", r"إباحي|دعارة|بغاء|عاهر"), ("my", r"ညစ်ညမ်း|ပြည့်တန်ဆာ|အပြာကား")],
)
def test_no_translation_uses_a_word_that_this_field_has_left_behind(language: str, left_behind: str) -> None:
    for message in messages(language):
        for text in forms(message.string):
            assert re.search(left_behind, text, re.IGNORECASE) is None


@pytest.mark.parametrize("language", ["ar", "my"])
def test_no_catalogue_keeps_what_no_page_says_any_more(language: str) -> None:
    """Months are the exception: Django's Burmese has none."""
    swedish = {message.id for message in messages("sv")}
    assert {message.id for message in messages(language)} - swedish <= set(calendar.month_name)
