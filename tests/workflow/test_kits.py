"""What a partner gets to show, in each of the languages: its fonts have every letter, and it says what the page says."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

import lykta
from lykta.lib import posters
from lykta.lib.labels import label_set
from lykta.workflow.house import House
from lykta.workflow.kits import Kit

LANGUAGES = [code for code, _ in settings.LANGUAGES]
PAGE = Path(lykta.__file__).parent / "sites" / "report" / "templates" / "poster.html"


@pytest.fixture
def house() -> House:
    return House(
        name="Example hotline",
        home="SE",
        label_set=label_set("lykta-1"),
        offences=(),
        decides_known=False,
        hold=timedelta(0),
        look_every=None,
        box_days=365,
        report_url="https://report.hotline.example",
        partners_url="https://partners.hotline.example",
        mail_from="desk@hotline.example",
    )


def kit(house: House, language: str = "en") -> Kit:
    return Kit(house, "ARN-T5", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_of_a_poster_is_in_its_fonts(house: House, language: str) -> None:
    assert posters.missing(kit(house, language).words) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_poster_says_what_the_page_to_print_says(house: House, language: str) -> None:
    page = re.findall(r'{% translate "([^"]+)" %}', PAGE.read_text(encoding="utf-8").partition("<h1>")[2])
    words = kit(house, language).words
    with translation.override(language):
        assert [words.title, words.lead, words.note] == [gettext(sentence) for sentence in page]
    assert language == "en" or words.title != page[0]


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("fa-af", "rtl"), ("ti", "ltr")])
def test_a_poster_is_written_in_the_direction_of_its_language(house: House, language: str, direction: str) -> None:
    assert kit(house, language).words.direction == direction


def test_a_button_is_a_link_that_loads_nothing(house: House) -> None:
    button = kit(house, "sv").button
    assert button.startswith(f'<a href="{house.report_url}/r/ARN-T5" ')
    assert 'lang="sv" dir="ltr"' in button
    assert 'lang="ar" dir="rtl"' in kit(house, "ar").button
    assert "Tell us." not in button
    assert not re.search(r"<script|<img|src=|url\(", button)


def test_a_bookmark_reports_the_open_page_and_names_the_link(house: House) -> None:
    assert kit(house).bookmark == (
        f"javascript:location='{house.report_url}/r?via=ARN-T5&u='+encodeURIComponent(location)"
    )


def test_a_kit_is_six_files(house: House) -> None:
    files = kit(house, "th").files()
    assert sorted(files) == [
        "bookmark.txt",
        "button-th.html",
        "cards-th.pdf",
        "link.txt",
        "poster-th.pdf",
        "qr-code.svg",
    ]
    assert files["link.txt"].decode() == f"{house.report_url}/r/ARN-T5\n"
    assert files["qr-code.svg"].startswith(b"<svg xmlns=")
    assert files["poster-th.pdf"].startswith(b"%PDF-")
    assert files["poster-th.pdf"] != files["cards-th.pdf"]
