"""The website: the way to the report form, and figures with their definitions."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings
from tests.sites.browsing import get

from lykta.config.environment import Environment
from lykta.core import counting
from lykta.sites.pages import wording
from lykta.sites.pages.published import CountryCount, Figure

PUBLISHED: dict[str, Any] = {
    "as_of": "2026-11-20T06:00:00+00:00",
    "figures": [
        {
            "name": "reports",
            "value": 5312,
            "unit": "reports",
            "definition": "Reports received through any door; one report may name many items.",
        },
        {
            "name": "to_removal",
            "value": 3660.0,
            "unit": "minutes",
            "definition": "A definition that nobody has translated.",
        },
        {"name": "to_host", "value": None, "unit": "minutes", "definition": "x"},
        {"name": "own_count", "value": 1.5, "unit": "hours", "definition": "<i>Counted</i> by us."},
    ],
    "countries": [
        {"country": "NL", "items": 811},
        {"country": "SE", "items": 96},
        {"country": "", "items": 3},
        {"country": "XX", "items": 1},
    ],
}


@pytest.fixture
def published(pages: Client, settings: Settings) -> Client:
    write(settings, json.dumps(PUBLISHED))
    return pages


def write(settings: Settings, text: str) -> None:
    (Path(settings.PUBLISHED) / "figures.json").write_text(text, encoding="utf-8")


def test_the_front_page_leads_to_the_report_form_and_the_results(pages: Client, settings: Settings) -> None:
    settings.ENVIRONMENT = Environment(name="Lantern line", report_url="https://tell.hotline.test/")
    page = get(pages, "/sv/")
    assert "https://tell.hotline.test/sv/" in page.links
    assert "/sv/results/" in page.links
    assert "Lantern line tar emot tips" in page.text


def test_before_anything_is_published_the_page_says_so(pages: Client) -> None:
    page = get(pages, "/en/results/")
    assert page.status == 200
    assert "No figures have been published yet." in page.text
    assert "table" not in page.tags


@pytest.mark.parametrize("file", ["figures.csv", "figures.json"])
def test_there_is_nothing_to_download_before(pages: Client, file: str) -> None:
    assert get(pages, f"/en/results/{file}").status == 404


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"as_of": "then", "figures": [], "countries": []}',
        '{"as_of": "2026-01-01", "figures": [{}], "countries": []}',
        '{"as_of": "2026-01-01", "figures": [], "countries": [{"country": "SE", "items": "many"}]}',
    ],
)
def test_a_damaged_file_is_no_file(pages: Client, settings: Settings, text: str) -> None:
    write(settings, text)
    assert "No figures have been published yet." in get(pages, "/en/results/").text


def test_figures_are_shown_with_name_value_and_definition(published: Client) -> None:
    page = get(published, "/en/results/")
    assert "Counted on 20 November 2026" in page.text
    assert "Reports Reports received through any door; one report may name many items. 5,312" in page.text
    assert "Time to removal A definition that nobody has translated. 2.5 days" in page.text
    assert "Time to the host x nothing measured yet" in page.text


def test_figures_speak_the_visitors_language_and_fall_back_to_the_text_given(published: Client) -> None:
    page = get(published, "/sv/results/")
    assert "Räknat den 20 november 2026" in page.text
    assert "Tips Tips som har kommit in" in page.text
    assert "5 312" in page.text
    assert "Tid till borttagning A definition that nobody has translated. 2,5 dygn" in page.text
    assert "Own count <i>Counted</i> by us. 1,5" in page.text
    assert "<i>" not in page.source


def test_countries_have_their_names_and_bars_in_proportion(published: Client) -> None:
    page = get(published, "/sv/results/")
    for name in ("Nederländerna 811", "Sverige 96", "Okänt land 3", "XX 1"):
        assert name in page.text
    assert [f'<rect width="{width}"' in page.source for width in (100, 12, 1)] == [True] * 3


def test_a_chart_without_countries_is_left_out(pages: Client, settings: Settings) -> None:
    write(settings, json.dumps({**PUBLISHED, "countries": []}))
    page = get(pages, "/en/results/")
    assert page.tags.count("table") == 1


def test_every_cell_of_the_tables_has_its_headings(published: Client) -> None:
    page = get(published, "/en/results/")
    assert page.source.count('scope="row"') == len(PUBLISHED["figures"]) + len(PUBLISHED["countries"])
    assert page.tags.count("caption") == 2


def test_the_json_download_is_what_was_published(published: Client) -> None:
    response = published.get("/sv/results/figures.json")
    assert response["Content-Type"] == "application/json"
    assert response.json() == PUBLISHED


def test_the_csv_download_has_a_row_for_each_figure_and_country(published: Client) -> None:
    response = published.get("/sv/results/figures.csv")
    rows = [*csv.DictReader(response.content.decode().splitlines())]
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert [row["name"] for row in rows] == [
        "reports",
        "to_removal",
        "to_host",
        "own_count",
        *["illegal_by_country"] * 4,
    ]
    assert (rows[0]["value"], rows[2]["value"], rows[4]["country"], rows[4]["value"]) == ("5312.0", "", "NL", "811")
    assert {row["as_of"] for row in rows} == {PUBLISHED["as_of"]}


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (47.5, "47.5 minutes"),
        (119, "119 minutes"),
        (120, "2 hours"),
        (2_879, "48 hours"),
        (2_870, "47.8 hours"),
        (2_880, "2 days"),
        (100_000, "69.4 days"),
    ],
)
def test_times_are_told_in_units_that_people_use(minutes: float, shown: str) -> None:
    with translation.override("en"):
        value = wording.line(Figure("to_police", minutes, "minutes", "x")).value
    assert value == shown.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize("items", [[], [0], [0, 0], [5], [1_000_000, 1]])
def test_bars_are_between_nothing_and_the_whole(items: list[int]) -> None:
    bars = wording.bars([CountryCount("SE", count) for count in items])
    assert [bar.items for bar in bars] == items
    assert all(0 <= bar.per_cent <= 100 for bar in bars)
    assert all(bar.per_cent >= 1 for bar in bars if bar.items)


def test_a_figure_without_name_or_definition_is_not_filled_in_from_elsewhere() -> None:
    """Gettext answers an empty question with the catalogue's own header."""
    line = wording.line(Figure("", 1, "items", ""))
    assert (line.label, line.definition) == ("", "")


def test_every_figure_that_the_house_counts_has_a_translated_name() -> None:
    for language in ("sv", "en"):
        with translation.override(language):
            for figure in counting.figures([], reports=0):
                line = wording.line(Figure(figure.name, figure.value, figure.unit, figure.definition))
                assert "_" not in line.label
                assert line.label != figure.name
