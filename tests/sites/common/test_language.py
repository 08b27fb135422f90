"""The language of a page is in its address, and nowhere else."""

from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites.browsing import get

from lykta.config.environment import Environment
from lykta.sites.common import language


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("sv", "sv"),
        ("sv-FI,fi;q=0.9", "sv"),
        ("en-GB,en;q=0.9,sv;q=0.8", "en"),
        ("en;q=0.2,sv;q=0.9", "sv"),
        ("km,th;q=0.7", "km"),
        ("el,en;q=0.3", "en"),
        ("el", "sv"),
        ("pt-BR,en;q=0.3", "pt"),
        ("no", "nb"),
        ("nn-NO", "nb"),
        ("tl", "fil"),
        ("fa-IR", "fa"),
        ("fa-AF,fa;q=0.8", "fa-af"),
        ("prs-AF", "fa-af"),
        ("zh-CN,en;q=0.8", "zh-hans"),
        ("zh-Hans-CN", "zh-hans"),
        ("", "sv"),
        ("*", "sv"),
        ("en;q=nonsense", "sv"),
        ("x" * 100_000, "sv"),
        ("en\x00", "sv"),
    ],
)
def test_the_browser_says_which_language_it_likes(accepted: str, chosen: str) -> None:
    assert language.preferred(accepted) == chosen


@pytest.mark.parametrize(
    ("languages", "offered"), [("en,sv", ["en", "sv"]), (" sv ", ["sv"]), ("xx,en", ["en"]), ("xx", ["en"])]
)
def test_a_hotline_offers_what_it_can_speak(settings: Settings, languages: str, offered: list[str]) -> None:
    settings.ENVIRONMENT = Environment(languages=languages)
    assert language.offered() == offered


@pytest.mark.parametrize(("name", "page"), [("report", "/en/"), ("partners", "/en/answer/"), ("pages", "/en/")])
def test_the_bare_address_leads_to_the_language_of_the_browser(
    face: Callable[[str], Client], name: str, page: str
) -> None:
    response = face(name).get("/", headers={"accept-language": "en-GB"})
    assert (response.status_code, response["Location"], response["Vary"]) == (302, page, "Accept-Language")


def test_the_address_decides_whatever_the_browser_likes(report: Client) -> None:
    response = report.get("/sv/", headers={"accept-language": "en"})
    assert response["Content-Language"] == "sv"
    assert b'<html lang="sv" dir="ltr">' in response.content


@pytest.mark.parametrize(
    ("code", "direction"),
    [("sv", "ltr"), ("ar", "rtl"), ("fa", "rtl"), ("fa-af", "rtl"), ("ti", "ltr"), ("zh-hans", "ltr")],
)
def test_each_language_is_written_in_its_direction(report: Client, code: str, direction: str) -> None:
    assert f'<html lang="{code}" dir="{direction}">' in get(report, f"/{code}/").source


def test_every_language_that_the_pages_speak_is_offered_by_default_in_its_own_name(report: Client) -> None:
    assert sorted(language.offered()) == sorted(dict(django_settings.LANGUAGES))
    page = get(report, "/sv/").text
    assert [name for code, name in django_settings.LANGUAGES if code != "sv" and name not in page] == []


def test_a_language_that_is_not_offered_is_no_page(report: Client) -> None:
    page = get(report, "/el/", **{"accept-language": "sv"})
    assert page.status == 404
    assert "Sidan finns inte" in page.text


def test_each_page_links_to_its_twin(report: Client) -> None:
    assert "/sv/" in get(report, "/en/").links
    assert "/en/" in get(report, "/no-such-page/").links


@pytest.mark.parametrize(("one", "other"), [("sv", "en"), ("en", "sv")])
@pytest.mark.parametrize("page", ["tell", "mailbox"])
def test_a_form_has_buttons_to_its_twin_that_bring_along_what_is_typed(
    report: Client, page: str, one: str, other: str
) -> None:
    source = get(report, f"/{one}/{page}/").source
    assert f'form="answers" formaction="/{other}/{page}/"' in source
    assert f'href="/{other}/{page}/"' not in source


def test_one_request_does_not_change_the_language_of_the_next(report: Client) -> None:
    assert "Tell us" in get(report, "/en/").text
    assert "Berätta" in get(report, "/sv/").text
    assert "Tell us" in get(report, "/en/").text


def test_a_question_about_the_server_itself_is_answered_as_a_page_that_does_not_exist(report: Client) -> None:
    assert report.generic("OPTIONS", "*").status_code == 404
