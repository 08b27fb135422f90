"""Partner links at the desk: who keeps them, what came by each, and what a partner gets to show."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites.desk.scenes import client_of, page, words

from lykta.lib.clock import now
from lykta.records.audit.models import Entry
from lykta.records.letterbox import links as registry
from lykta.records.letterbox import tallies
from lykta.records.letterbox.models import Link
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
ADDRESS = "http://127.0.0.1:8001/r/ARN-T5"


@pytest.fixture
def desk(kim: Staff) -> Client:
    """Kim's browser."""
    return client_of(kim)


@pytest.fixture
def airport() -> Link:
    return registry.add_link(code="ARN-T5", name="An airport", now=now())


def test_a_communicator_is_led_to_the_links_and_sees_nothing_else_in_the_menu(desk: Client) -> None:
    assert desk.get("/").headers["Location"] == "/links/"
    menu = page(desk, "/links/").partition("<nav")[2].partition("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', menu) == ["/links/"]


@pytest.mark.parametrize("who", ["kim", "lena", "adam"])
def test_who_keeps_links_sees_them(who: str, request: pytest.FixtureRequest, airport: Link) -> None:
    client = client_of(request.getfixturevalue(who))
    assert "An airport" in page(client, "/links/")
    assert ADDRESS in page(client, f"/links/{airport.pk}/")


def test_an_analyst_does_not(anna: Staff, airport: Link) -> None:
    client = client_of(anna)
    for address in ("/links/", f"/links/{airport.pk}/", f"/links/{airport.pk}/sheet/?sheet=poster"):
        assert client.get(address).status_code == 404
    assert client.post("/links/add/", {"code": "B", "name": "B"}).status_code == 404
    assert client.post(f"/links/{airport.pk}/take-away/").status_code == 404
    assert [link.code for link in registry.links()] == ["ARN-T5"]


def test_visits_and_tips_of_a_week_a_month_and_ever_stand_beside_each_link(desk: Client, airport: Link) -> None:
    for days, visits in ((0, 1), (6, 20), (7, 300), (30, 4000)):
        tallies.add("ARN-T5", day=now().date() - timedelta(days=days), visits=visits, tips=1)
    assert "An airport ARN-T5 21 / 2 321 / 3 4321 / 4" in words(page(desk, "/links/"))
    assert "0 / 0 0 / 0 0 / 0" not in words(page(desk, "/links/"))


def test_a_link_that_nobody_followed_has_zeros_and_no_links_are_said(desk: Client) -> None:
    assert "No links yet." in page(desk, "/links/")
    registry.add_link(code="SCHOOL", name="A school", now=now())
    assert "A school SCHOOL 0 / 0 0 / 0 0 / 0" in words(page(desk, "/links/"))


def test_each_day_of_a_link_stands_on_its_page(desk: Client, airport: Link) -> None:
    assert "Nobody has followed it in this time." in page(desk, f"/links/{airport.pk}/")
    today = now().date()
    tallies.add("ARN-T5", day=today, visits=7, tips=2)
    tallies.add("ARN-T5", day=today - timedelta(days=90), visits=99)
    tallies.add("OTHER", day=today, visits=55)
    html = page(desk, f"/links/{airport.pk}/")
    assert f"{today:%-d %b %Y} 7 2" in words(html)
    assert not {"99", "55"} & {*words(html).split()}


def test_a_link_is_added_and_its_kit_is_shown(desk: Client) -> None:
    given = {"code": "arn-t5", "name": "An airport", "sites": "https://airport.example"}
    led = desk.post("/links/add/", given).headers["Location"]
    html = page(desk, led)
    assert "The link ARN-T5 works now." in html
    for shown in (ADDRESS, "&lt;a href=&quot;", "encodeURIComponent(location)", "https://airport.example"):
        assert shown in html
    assert html.count("<svg") == 2
    entry = Entry.objects.get(word="link.changed")
    assert (entry.by, entry.subject) == ("staff:kim", "link:ARN-T5")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "a b"}, "capital letters, digits and hyphens"),
        ({"code": "TAKEN"}, "There is a link with this code already."),
        ({"name": ""}, "Please give a name"),
        ({"sites": "https://*.example"}, "without a path and without a star"),
    ],
)
def test_what_cannot_be_right_is_said_and_the_form_is_kept(desk: Client, change: dict[str, str], said: str) -> None:
    registry.add_link(code="TAKEN", name="Somebody", now=now())
    response = desk.post("/links/add/", {"code": "NEW", "name": "A partner", "sites": "", **change})
    assert response.status_code == 422
    html = response.content.decode()
    assert said in html
    assert 'value="A partner"' in html or change == {"name": ""}
    assert [link.code for link in registry.links()] == ["TAKEN"]


def test_sites_are_named_and_taken_back(desk: Client, airport: Link) -> None:
    at = f"/links/{airport.pk}/sites/"
    desk.post(at, {"sites": "https://a.example\r\nhttps://b.example"})
    assert registry.origins() == ("https://a.example", "https://b.example")
    assert "https://a.example\nhttps://b.example" in page(desk, f"/links/{airport.pk}/")
    refused = desk.post(at, {"sites": "http://a.example"})
    assert (refused.status_code, "http://a.example" in refused.content.decode()) == (422, True)
    assert len(registry.origins()) == 2
    desk.post(at, {"sites": ""})
    assert registry.origins() == ()


def test_a_link_is_taken_away_after_a_question(desk: Client, airport: Link) -> None:
    at = f"/links/{airport.pk}/take-away/"
    assert "Take away the link of An airport?" in page(desk, at)
    assert registry.link_with("ARN-T5") is not None
    assert desk.post(at).headers["Location"] == "/links/"
    assert registry.link_with("ARN-T5") is None
    assert "The link ARN-T5 is counted no more." in page(desk, "/links/")
    for gone in (at, f"/links/{airport.pk}/"):
        assert desk.get(gone).status_code == 404


@pytest.mark.parametrize(("sheet", "language"), [("poster", "my"), ("cards", "sv")])
def test_a_sheet_is_downloaded_in_a_language(desk: Client, airport: Link, sheet: str, language: str) -> None:
    response = desk.get(f"/links/{airport.pk}/sheet/?sheet={sheet}&language={language}")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'attachment; filename="ARN-T5-{sheet}-{language}.pdf"'
    assert response.content.startswith(b"%PDF-")


def test_a_language_that_is_not_offered_becomes_the_hotlines_own(
    desk: Client, airport: Link, settings: Settings
) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"languages": "fi,en"})
    html = page(desk, f"/links/{airport.pk}/?language=xx")
    assert re.findall(r'<option value="([^"]+)"', html) == ["fi", "en"]
    assert 'value="fi" lang="fi" selected' in html


def test_there_is_no_other_sheet(desk: Client, airport: Link) -> None:
    assert desk.get(f"/links/{airport.pk}/sheet/?sheet=book").status_code == 404
    assert desk.get("/links/4711/sheet/?sheet=poster").status_code == 404


def test_the_picture_is_a_file(desk: Client, airport: Link) -> None:
    response = desk.get(f"/links/{airport.pk}/picture/")
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.content.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')


def test_a_name_is_shown_as_it_is_and_never_as_markup(desk: Client) -> None:
    link = registry.add_link(code="X", name="<b>A & B</b>", now=now())
    for address in ("/links/", f"/links/{link.pk}/", f"/links/{link.pk}/take-away/"):
        assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in page(desk, address)
