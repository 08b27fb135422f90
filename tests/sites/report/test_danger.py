"""A child in danger: the number to call comes first, the right one for the country, and none that nobody has checked."""

from html import escape

import pytest
from django.test import Client
from tests.sites import letters
from tests.sites.browsing import Page, press
from tests.sites.report.reporter import CHECK, SWEDISH, TELL, answer, journey_on, shown, told

from lykta.core.asking import Told
from lykta.core.vocabulary import Choice, Topic
from lykta.lib import countries, places

pytestmark = pytest.mark.django_db(databases=["letterbox"])

UNCHECKED = next(code for code, row in countries.emergency_numbers().items() if not row.verified)


def interruption(client: Client, topic: Topic = Topic.WEB, path: str = TELL) -> Page:
    return told(client, topic, Choice.YES, path=path)


def number_for(client: Client, country: str, path: str = TELL) -> Page:
    return answer(client, interruption(client, path=path), country, "number", path)


def called(page: Page) -> list[str]:
    """The numbers that one can press, apart from the one at the top of every page."""
    numbers = [link.removeprefix("tel:") for link in page.links if link.startswith("tel:")]
    return numbers[1:]


@pytest.mark.parametrize("said", [Choice.NO, Choice.UNKNOWN, ""])
def test_only_yes_interrupts(report: Client, said: str) -> None:
    assert journey_on(told(report, Topic.WEB, said)).at == "where"


def test_it_shows_the_number_of_this_hotlines_country(report: Client) -> None:
    page = interruption(report)
    assert called(page) == ["112"]
    assert "They can come at once; we cannot." in page.text


@pytest.mark.parametrize("path", [TELL, SWEDISH])
@pytest.mark.parametrize("typed", ["Thailand", " thailand ", "TH"])
def test_another_country_has_its_own(report: Client, typed: str, path: str) -> None:
    contact = countries.emergency_of("TH")
    assert contact is not None
    page = number_for(report, typed, path)
    assert (page.status, called(page)) == (200, [contact.dial])
    assert shown(page) == {"answer": typed.strip()}
    assert journey_on(page).at is Told.EMERGENCY


def test_a_name_in_the_language_of_the_page_is_known(report: Client) -> None:
    assert called(number_for(report, "Tyskland", SWEDISH)) == ["112"]


@pytest.mark.parametrize("typed", ["Atlantis", "<b>x</b>", places.country_names("en")[UNCHECKED]])
def test_where_no_number_was_checked_it_says_so_and_shows_none(report: Client, typed: str) -> None:
    page = number_for(report, typed)
    assert (page.status, called(page)) == (200, [])
    assert f"We have no number that we have checked for <bdi>{escape(typed)}</bdi>." in page.source


def test_without_a_country_it_asks_for_one(report: Client) -> None:
    page = number_for(report, "  ")
    assert (page.status, "#answer" in page.links) == (422, True)
    assert "Write the name of a country." in page.text


def test_the_device_is_given_the_names_of_all_countries(report: Client) -> None:
    page = interruption(report)
    assert page.source.count("<option ") == len(places.country_names("en"))


@pytest.mark.parametrize("topic", [*Topic])
def test_the_country_may_be_left_out_whatever_it_is_about(report: Client, topic: Topic) -> None:
    following = press(report, TELL, interruption(report, topic), "go")
    assert following.status == 200
    assert journey_on(following).at == journey_on(following).path[3]
    assert "country" not in letters.opened()[0]["answers"]


def test_the_country_is_stored_and_shown_on_the_check_page(report: Client) -> None:
    following = press(report, TELL, number_for(report, "Thailand"), "go")
    assert letters.opened()[0]["answers"] == {"topic": "web", "danger": "yes", "country": "Thailand"}
    check = answer(report, following, "A place", "check")
    assert (check.title, "Thailand" in check.text) == (CHECK, True)
    changed = answer(report, press(report, TELL, check, "change-emergency"), "")
    assert (changed.title, "Thailand" in changed.text) == (CHECK, False)
    assert "country" not in letters.opened()[0]["answers"]


def test_a_traveller_is_not_asked_twice(report: Client) -> None:
    page = press(report, TELL, answer(report, interruption(report, Topic.TRAVEL), "Thailand", "number"), "go")
    assert (journey_on(page).at, shown(page)) == ("country", {"answer": "Thailand"})


def test_in_another_language_the_number_stays(report: Client) -> None:
    page = press(report, SWEDISH, number_for(report, "Thailand"), "again")
    assert called(page) == called(number_for(report, "Thailand"))
