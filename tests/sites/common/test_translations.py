"""Everything that a public page says is in every catalogue, and nothing in them is left over or broken."""

import re

import pytest
from django.conf import settings
from django.utils.translation import to_locale
from tests.support.catalogues import (
    catalogue,
    languages,
    messages,
    names_of_figures,
    said_by_codes,
    said_by_the_rules,
    said_on_pages,
)
from tests.support.checking import PLACE, broken, forms, left_in_english, plural_counts, untranslated

from lykta.core import counting

FORMS = {"ar": 6, "pl": 3, "ro": 3, "ru": 3, "uk": 3} | dict.fromkeys(
    ("fa", "fa_AF", "km", "my", "th", "vi", "zh_Hans"), 1
)
"""Plural forms of a language; all others have two."""
SCRIPTS = {
    **dict.fromkeys(("ar", "fa", "fa_AF"), "\u0600-\u06ff"),
    **dict.fromkeys(("ru", "uk"), "\u0400-\u04ff"),
    "km": "\u1780-\u17ff",
    "my": "\u1000-\u109f",
    "th": "\u0e00-\u0e7f",
    "ti": "\u1200-\u137f",
    "zh_Hans": "\u4e00-\u9fff",
}
"""The letters of languages that are not written in Latin ones."""


def test_extraction_sees_templates_and_code() -> None:
    assert {"Check before you send", "Write a few words or paste an address."} <= said_on_pages().keys()
    assert len(said_by_codes()) == 2


@pytest.mark.parametrize("language", languages())
def test_a_catalogue_holds_exactly_what_is_said(language: str) -> None:
    said = {*said_on_pages(), *said_by_the_rules(), *names_of_figures()}
    held = {message.id for message in messages(language)}
    assert said == held


@pytest.mark.parametrize("language", languages())
def test_everything_is_translated(language: str) -> None:
    assert untranslated(messages(language)) == []


@pytest.mark.parametrize("language", languages())
def test_plurals_have_as_many_forms_as_the_language(language: str) -> None:
    assert plural_counts(messages(language)) == {FORMS.get(language, 2)}
    assert catalogue(language).num_plurals == FORMS.get(language, 2)


@pytest.mark.parametrize("language", SCRIPTS)
def test_nothing_is_left_in_english(language: str) -> None:
    for message in messages(language):
        for text in forms(message.string):
            bare = PLACE.sub("", text)
            assert re.search(f"[{SCRIPTS[language]}]", bare) or not re.search("[A-Za-z]{3,}", bare), message.id


@pytest.mark.parametrize("language", sorted({*languages()} - {*SCRIPTS}))
def test_no_sentence_in_latin_letters_is_left_in_english(language: str) -> None:
    assert left_in_english(messages(language)) == []


def test_every_language_of_the_pages_has_a_catalogue_and_the_other_way_round() -> None:
    spoken = {to_locale(code) for code, _name in settings.LANGUAGES}
    assert spoken == {"en", *languages()}


@pytest.mark.parametrize("language", ["en", *languages()])
def test_every_published_figure_has_a_name(language: str) -> None:
    named = {message.id for message in messages(language) if message.context == "figure"}
    assert {figure.name for figure in counting.figures([], reports=0)} <= named


@pytest.mark.parametrize("language", languages())
def test_translations_keep_places_and_markup(language: str) -> None:
    assert broken(messages(language)) == []


@pytest.mark.parametrize(
    ("language", "left_behind"),
    [
        ("ar", r"إباحي|دعارة|بغاء|عاهر"),
        ("da", r"børneporno|prostitu"),
        ("de", r"pornogra|prostitu"),
        ("es", r"pornogra|prostitu"),
        ("fa", r"پورن|هرزه|فحشا|روسپی"),
        ("fa_AF", r"پورن|هرزه|فحشا|روسپی"),
        ("fi", r"porno|prostitu"),
        ("fil", r"pornogra|prostit"),
        ("fr", r"pornogra|prostitu"),
        ("km", r"អាសអាភាស|ពេស្យា"),
        ("my", r"ညစ်ညမ်း|ပြည့်တန်ဆာ|အပြာကား"),
        ("nb", r"porno|prostitu"),
        ("pl", r"pornogra|prostytu"),
        ("pt", r"pornogra|prostitu"),
        ("ro", r"pornogra|prostitu"),
        ("ru", r"порногра|проститу"),
        ("sv", r"barnporr|barnprostitu"),
        ("th", r"ลามก|อนาจาร|โสเภณี"),
        ("uk", r"порногра|проститу"),
        ("vi", r"khiêu dâm|mại dâm"),
        ("zh_Hans", r"色情|卖淫|雏妓"),
    ],
)
def test_no_translation_uses_a_word_that_this_field_has_left_behind(language: str, left_behind: str) -> None:
    for message in messages(language):
        for text in forms(message.string):
            assert re.search(left_behind, text, re.IGNORECASE) is None
