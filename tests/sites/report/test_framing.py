"""The form is shown in a frame on exactly the pages that are listed, by the setting or for a partner's link."""

import time

import pytest
from django.db import DatabaseError
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites.browsing import get, press
from tests.sites.report.reporter import TELL, answer, ask

from lykta.lib import clock
from lykta.records.letterbox import links as registry
from lykta.sites.report import framing

pytestmark = pytest.mark.django_db(databases=["letterbox"])
SCHOOL, AIRPORT, PAGE = "https://school.example", "https://airport.example:8443", "https://page.example"


@pytest.fixture
def linked(report: Client) -> Client:
    """A visitor, and two links whose partners have sites."""
    registry.add_link(code="SCHOOL", name="A school", origins=(SCHOOL,), now=clock.now())
    registry.add_link(code="ARN-T5", name="An airport", origins=(AIRPORT, SCHOOL), now=clock.now())
    framing.forget()
    return report


def ancestors(client: Client, path: str) -> str:
    response = client.get(path)
    response.close()
    assert not response.cookies
    policy = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))
    assert (policy["frame-ancestors"] == "'none'") == response.has_header("X-Frame-Options")
    return policy["frame-ancestors"]


@pytest.mark.parametrize(
    "path", ["/r/SCHOOL", "/en/", "/en/?via=SCHOOL", "/en/tell/", "/en/mailbox/", "/leave/", "/static/public.css"]
)
def test_every_page_of_the_way_names_the_sites_of_all_links(linked: Client, path: str) -> None:
    assert ancestors(linked, path) == f"{AIRPORT} {SCHOOL}"


def test_the_pages_of_a_report_do_so_too(linked: Client) -> None:
    page = answer(linked, ask(linked), "web")
    response = linked.post(TELL, {**page.fields, "step": "go", "answer": "no"})
    assert f"frame-ancestors {AIRPORT} {SCHOOL}" in response["Content-Security-Policy"]
    assert press(linked, TELL, page, "go", answer="no").status == 200


def test_the_setting_and_the_links_stand_together(linked: Client, settings: Settings) -> None:
    settings.FRAMED_BY = (PAGE, SCHOOL)
    assert ancestors(linked, "/en/") == f"{PAGE} {SCHOOL} {AIRPORT}"


def test_without_a_listed_site_no_page_may(report: Client) -> None:
    registry.add_link(code="SCHOOL", name="A school", now=clock.now())
    framing.forget()
    assert ancestors(report, "/r/SCHOOL") == "'none'"


def test_a_change_counts_half_a_minute_later(linked: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    start = time.monotonic()
    assert ancestors(linked, "/en/") == f"{AIRPORT} {SCHOOL}"
    registry.take_away(code="ARN-T5", now=clock.now())
    assert ancestors(linked, "/en/") == f"{AIRPORT} {SCHOOL}"
    monkeypatch.setattr("time.monotonic", lambda: start + framing.FRESH + 1)
    assert ancestors(linked, "/en/") == SCHOOL


def test_while_the_letterbox_cannot_be_read_the_list_from_before_stays(
    linked: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = time.monotonic()
    assert ancestors(linked, "/en/") == f"{AIRPORT} {SCHOOL}"
    tried = []

    def broken() -> None:
        tried.append("once")
        raise DatabaseError

    monkeypatch.setattr(registry, "origins", broken)
    monkeypatch.setattr("time.monotonic", lambda: start + framing.FRESH + 1)
    for _ in range(3):
        assert ancestors(linked, "/en/") == f"{AIRPORT} {SCHOOL}"
    assert tried == ["once"]
    framing.forget()
    assert ancestors(linked, "/en/") == "'none'"


def test_the_list_is_read_once_for_many_pages(linked: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    get(linked, "/en/")
    monkeypatch.setattr(registry, "origins", lambda: pytest.fail("read again"))
    assert ancestors(linked, "/sv/") == f"{AIRPORT} {SCHOOL}"
