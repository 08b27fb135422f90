"""The desk speaks the language that a person has chosen, else the one that the browser likes best."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.test import Client
from django.utils import translation
from tests.sites.desk.scenes import client_of

from lykta.records.audit.models import Entry
from lykta.records.people.models import Staff
from lykta.sites.desk import reading

SWEDISH = {"Accept-Language": "sv-SE,sv;q=0.9,en;q=0.8"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        ("sv", "sv"),
        ("sv-FI,en;q=0.9", "sv"),
        ("en-GB,en;q=0.9,sv;q=0.8", "en"),
        ("de,sv;q=0.4,en;q=0.2", "sv"),
        ("de,fr", "en"),
        ("", "en"),
        ("*", "en"),
        ("sv;q=nonsense", "en"),
        ("x" * 100_000, "en"),
        ("sv\x00", "en"),
    ],
)
def test_before_log_in_the_browser_says_which_language(client: Client, accepted: str, spoken: str) -> None:
    page = client.get("/log-in/", headers={"Accept-Language": accepted})
    assert page.headers["Content-Language"] == spoken
    assert f'<html lang="{spoken}"' in page.content.decode()
    assert ("Logga in" in page.content.decode()) is (spoken == "sv")


@pytest.mark.django_db
def test_a_wrong_password_is_told_in_the_same_language(client: Client) -> None:
    typed = {"login": "anna", "password": "wrong"}
    page = client.post("/log-in/", typed, headers=SWEDISH)
    assert "lösenordet är felaktigt" in page.content.decode()


def test_a_person_keeps_a_language_whatever_the_browser_says(desk: Client, anna: Staff) -> None:
    kept = desk.post("/account/language/", {"language": "sv"}, follow=True)
    assert "Arbetsplatsen är på det här språket för dig" in kept.content.decode()
    other = client_of(Staff.objects.get(pk=anna.pk))
    page = other.get("/", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="sv"' in page
    assert "Inget väntar." in page
    assert Entry.objects.filter(word="staff.language", by="staff:anna", facts='{"language":"sv"}').count() == 1


def test_a_choice_can_be_left_to_the_browser_again(desk: Client, anna: Staff) -> None:
    desk.post("/account/language/", {"language": "sv"})
    desk.post("/account/language/", {"language": ""})
    assert '<html lang="en"' in desk.get("/account/").content.decode()
    assert '<html lang="sv"' in desk.get("/account/", headers=SWEDISH).content.decode()
    anna.refresh_from_db()
    assert anna.language == ""


def test_a_language_that_the_desk_does_not_speak_is_refused(desk: Client, anna: Staff) -> None:
    page = desk.post("/account/language/", {"language": "tlh"}, follow=True)
    assert "Please choose one of these languages." in page.content.decode()
    anna.refresh_from_db()
    assert anna.language == ""


def test_the_choice_of_one_person_changes_nothing_for_others(desk: Client, lead: Client) -> None:
    desk.post("/account/language/", {"language": "sv"})
    assert '<html lang="en"' in lead.get("/account/").content.decode()


def test_the_account_page_shows_what_is_chosen(desk: Client) -> None:
    desk.post("/account/language/", {"language": "sv"})
    assert '<option value="sv" lang="sv" selected>Svenska</option>' in desk.get("/account/").content.decode()


def test_problems_are_told_in_the_chosen_language(desk: Client) -> None:
    page = desk.get("/cases/999999/", headers=SWEDISH)
    assert page.status_code == 404
    assert "Här finns inget för dig" in page.content.decode()


@pytest.mark.parametrize(("language", "written"), [("en", "9 May 2026, 04:05"), ("sv", "9 maj 2026, 04:05")])
def test_times_are_written_in_the_language_of_the_page(language: str, written: str) -> None:
    with translation.override(language):
        assert f">{written}</time>" in reading.moment(datetime(2026, 5, 9, 4, 5, tzinfo=UTC))
        stockholm = datetime(2026, 5, 9, 4, 5, tzinfo=timezone(timedelta(hours=2)))
        assert f">{written.replace(' 2026', '')}</time>" in reading.local_moment(stockholm)
