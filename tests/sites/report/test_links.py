"""Partners' links lead to the start page; visits and tips are counted by day, and nothing about anyone."""

from datetime import date

import pytest
from django.db import DatabaseError
from django.test import Client
from tests.sites import letters
from tests.sites.browsing import Page, get, press, pressed
from tests.sites.report.reporter import TELL, answer, checked, journey_on

from lykta.lib import clock
from lykta.records.letterbox import links as registry
from lykta.records.letterbox import tallies
from lykta.records.letterbox.models import Tally
from lykta.sites.common import floods
from lykta.sites.common.floods import Buckets
from lykta.sites.report import links

pytestmark = pytest.mark.django_db(databases=["letterbox"])


@pytest.fixture(autouse=True)
def _listed() -> None:
    """A list with two links."""
    for code, name in (("ARN-T5", "An airport"), ("SCHOOL", "A school")):
        registry.add_link(code=code, name=name, now=clock.now())


def counted() -> dict[str, tuple[int, int]]:
    return {tally.code: (tally.visits, tally.tips) for tally in tallies.counts()}


def checked_via(client: Client, path: str) -> Page:
    """The check page of a short report that begins at this address."""
    page = get(client, path)
    for said in ("web", "no"):
        page = answer(client, page, said)
    return answer(client, page, "https://pictures.example/7", "check")


@pytest.mark.parametrize("path", ["/r/ARN-T5", "/r/arn-t5", "/r/ARN-T5/"])
def test_a_link_leads_to_the_start_page_and_is_counted(report: Client, path: str) -> None:
    response = report.get(path, headers={"Accept-Language": "sv"})
    assert (response.status_code, response["Location"]) == (303, "/sv/?via=ARN-T5")
    report.get(path)
    assert counted() == {"ARN-T5": (2, 0)}


@pytest.mark.parametrize("path", ["/r/NOBODY", "/r/ARN", "/r/" + "A" * 300])
def test_a_link_that_is_not_listed_leads_there_too_and_counts_nothing(report: Client, path: str) -> None:
    response = report.get(path, headers={"Accept-Language": "sv"})
    assert (response.status_code, response["Location"]) == (303, "/sv/")
    assert counted() == {}


def test_a_look_at_the_headers_is_no_visit(report: Client) -> None:
    assert report.head("/r/SCHOOL").status_code == 303
    assert counted() == {}


def test_the_link_goes_along_to_the_form_and_into_other_languages(report: Client) -> None:
    page = get(report, "/en/?via=SCHOOL")
    assert "/en/tell/?via=SCHOOL" in page.links
    assert "/sv/?via=SCHOOL" in page.links
    assert journey_on(get(report, "/en/tell/?via=SCHOOL")).link == "SCHOOL"


@pytest.mark.parametrize("via", ["", "NOBODY", "%22%3E%3Cscript%3E", "SCHOOL%0A"])
def test_what_is_no_link_goes_no_further(report: Client, via: str) -> None:
    page = get(report, f"/en/?via={via}")
    assert "/en/tell/" in page.links
    assert "<script>" not in page.source
    assert journey_on(get(report, f"/en/tell/?via={via}")).link == ""


def test_a_report_that_began_with_it_is_one_tip_however_often_one_presses(report: Client) -> None:
    page = checked_via(report, "/en/tell/?via=SCHOOL")
    assert counted() == {}
    for _ in range(3):
        assert press(report, TELL, page, "send").status == 200
    assert counted() == {"SCHOOL": (0, 1)}


def test_the_report_itself_does_not_say_by_which_link_it_came(report: Client) -> None:
    press(report, TELL, checked_via(report, "/en/tell/?via=SCHOOL"), "send")
    (letter,) = letters.opened()
    assert "SCHOOL" not in str(letter)
    assert {field.name for field in Tally._meta.fields} == {"id", "code", "day", "visits", "tips"}


def test_a_report_without_a_link_counts_nowhere(report: Client) -> None:
    press(report, TELL, checked(report), "send")
    assert counted() == {}


def test_what_could_not_be_stored_is_no_tip_yet(report: Client) -> None:
    page = checked_via(report, "/en/tell/?via=SCHOOL")
    with letters.failing("UPDATE"):
        again = press(report, TELL, page, "send")
    assert (again.status, counted()) == (503, {})
    press(report, TELL, again, "send")
    assert counted() == {"SCHOOL": (0, 1)}


def test_nobody_waits_for_what_cannot_be_counted(report: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = checked_via(report, "/en/tell/?via=SCHOOL")
    monkeypatch.setattr(tallies, "_ADD", "INSERT INTO no_such_table VALUES (%s, %s, %s, %s)")
    assert report.get("/r/SCHOOL").status_code == 303
    assert pressed(report, TELL, page, "send").status_code == 200
    assert counted() == {}


def test_what_a_machine_repeats_is_not_counted(report: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floods, "ARRIVALS", floods.Limit("arrival", "ticket", Buckets(burst=3, every=60.0)))
    monkeypatch.setattr(floods, "_network_hash", lambda *_: b"one network")
    for _ in range(9):
        assert report.get("/r/SCHOOL")["Location"].endswith("?via=SCHOOL")
    assert counted() == {"SCHOOL": (3, 0)}


def test_each_day_is_counted_for_itself() -> None:
    for day in (date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 1)):
        tallies.add("SCHOOL", day=day, visits=1)
    tallies.add("SCHOOL", day=date(2026, 3, 2), tips=1)
    assert [(tally.day.day, tally.visits, tally.tips) for tally in tallies.counts()] == [(1, 2, 0), (2, 1, 1)]


def test_a_link_that_was_taken_away_leads_there_and_is_counted_no_more(report: Client) -> None:
    page = checked_via(report, "/en/tell/?via=SCHOOL")
    registry.take_away(code="SCHOOL", now=clock.now())
    assert report.get("/r/SCHOOL", headers={"Accept-Language": "sv"})["Location"] == "/sv/"
    assert get(report, "/en/poster/SCHOOL/").status == 404
    assert counted() == {}
    assert press(report, TELL, page, "send").status == 200


def test_a_list_that_cannot_be_read_stops_no_visitor(report: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: str) -> None:
        raise DatabaseError

    monkeypatch.setattr(registry, "link_with", broken)
    assert report.get("/r/SCHOOL").status_code == 303
    assert get(report, "/en/tell/?via=SCHOOL").status == 200
    assert counted() == {}


@pytest.mark.parametrize("language", ["en", "sv", "ar", "my"])
def test_the_poster_shows_the_address_and_its_picture_in_every_language(report: Client, language: str) -> None:
    page = get(report, f"/{language}/poster/SCHOOL/")
    assert page.status == 200
    assert links.address("SCHOOL") in page.text
    assert page.source.count("<svg") == 2
    assert '<link rel="stylesheet" href="/static/poster.css">' in page.source


def test_there_is_no_poster_for_a_link_that_is_not_listed(report: Client) -> None:
    assert get(report, "/en/poster/NOBODY/").status == 404
