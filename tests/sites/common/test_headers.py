"""Nothing is loaded from elsewhere, nothing is remembered, nothing is told: on every answer of every face."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites import letters
from tests.sites.browsing import Page, press, pressed
from tests.sites.report.reporter import TELL, ask, checked

from lykta.sites.common.headers import HEADERS

PAGES = [
    ("report", "/"),
    ("report", "/sv/"),
    ("report", "/sv/tell/"),
    ("report", "/en/mailbox/"),
    ("report", "/en/nothing/"),
    ("report", "/en/manifest.webmanifest"),
    ("report", "/en/share/?url=https%3A%2F%2Fpictures.example%2F7"),
    ("report", "/r/NOBODY"),
    ("partners", "/sv/answer/"),
    ("partners", "/en/nothing/"),
    ("pages", "/sv/"),
    ("pages", "/en/results/"),
    ("pages", "/en/results/figures.json"),
    ("pages", "/en/nothing/"),
]
pytestmark = [pytest.mark.usefixtures("pages"), pytest.mark.django_db(databases=["letterbox"])]
SCHOOLS = ("https://school.example", "https://airport.example:8443")
ONION = f"http://{'a' * 56}.onion"


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_every_answer_carries_all_headers(face: Callable[[str], Client], name: str, path: str) -> None:
    response = face(name).get(path)
    assert {header: response[header] for header in HEADERS} == HEADERS


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_no_answer_sets_a_cookie(face: Callable[[str], Client], name: str, path: str) -> None:
    response = face(name).get(path)
    assert not response.cookies
    assert not response.has_header("Set-Cookie")


def test_every_answer_to_a_reporter_carries_all_headers_and_no_cookie(report: Client) -> None:
    first, check = ask(report), checked(report)
    throw = press(report, TELL, check, "throw")
    answers = [
        pressed(report, TELL, first, "go"),
        pressed(report, TELL, first, "go", answer="web"),
        pressed(report, TELL, first, "go", state="", answer="web"),
        pressed(report, TELL, check, "send"),
        pressed(report, TELL, throw, "forget"),
        pressed(report, TELL, check, "send"),
    ]
    with letters.failing("UPDATE"):
        answers.append(pressed(report, TELL, first, "go", answer="web"))
    assert [response.status_code for response in answers] == [422, 200, 422, 200, 200, 410, 503]
    for response in answers:
        assert {header: response[header] for header in HEADERS} == HEADERS
    assert not report.cookies


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_no_page_loads_anything_but_the_way_out_by_key(face: Callable[[str], Client], name: str, path: str) -> None:
    page = Page(face(name).get(path))
    assert page.scripts == (["/static/leave.js"] if "html" in page.tags else [])
    assert not {"img", "iframe", "object", "embed", "style"} & {*page.tags}
    assert " style=" not in page.source
    assert re.search(r"<[^>]* on\w+=", page.source) is None
    assert page.source.count("src=") == len(page.scripts)


def test_the_headers_say_no_to_everything_that_is_not_needed() -> None:
    features = HEADERS["Permissions-Policy"].split(", ")
    assert {"camera=()", "geolocation=()", "microphone=()"} <= {*features}
    assert {name: value for name, value in HEADERS.items() if name != "Permissions-Policy"} == {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        ),
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


@pytest.mark.parametrize("path", ["/en/", "/en/card/", "/en/tell/", "/en/nothing/", "/leave/"])
def test_only_listed_sites_show_a_page_in_a_frame(report: Client, settings: Settings, path: str) -> None:
    before = report.get(path)["Content-Security-Policy"]
    settings.FRAMED_BY = SCHOOLS
    response = report.get(path)
    allowed = "frame-ancestors https://school.example https://airport.example:8443"
    assert response["Content-Security-Policy"] == before.replace("frame-ancestors 'none'", allowed)
    assert response["Content-Security-Policy"].count("frame-ancestors") == 1
    assert not response.has_header("X-Frame-Options")
    assert not response.cookies


def test_the_way_out_leaves_the_frame_as_well(report: Client) -> None:
    assert '<a class="leave" href="/leave/" target="_top"' in Page(report.get("/en/")).source
    assert b"top.location" in report.get("/static/leave.js").getvalue()


@pytest.mark.parametrize(
    ("path", "named"),
    [("/sv/", "/sv/"), ("/en/tell/?via=SCHOOL", "/en/tell/"), ("/en/a%0Ab%C3%A5/", "/en/a%0Ab%C3%A5/")],
)
def test_pages_name_their_twin_in_the_onion_service(report: Client, settings: Settings, path: str, named: str) -> None:
    assert not report.get(path).has_header("Onion-Location")
    settings.ONION_LOCATION = ONION
    assert report.get(path)["Onion-Location"] == ONION + named


def test_what_was_shared_is_in_no_header(report: Client, settings: Settings) -> None:
    settings.ONION_LOCATION = ONION
    led = report.get("/en/share/?url=https%3A%2F%2Fpictures.example%2F7")
    page = report.get(led["Location"])
    assert page["Onion-Location"] == f"{ONION}/en/tell/"
    for response in (led, page):
        assert "pictures" not in str(response.headers)


@pytest.mark.parametrize("sheet", ["tokens.css", "public.css"])
@pytest.mark.parametrize("name", ["report", "partners", "pages"])
def test_style_sheets_are_served_by_the_face_itself(face: Callable[[str], Client], name: str, sheet: str) -> None:
    response = face(name).get(f"/static/{sheet}")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/css")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"{" in response.getvalue()


def test_visitors_cookies_and_addresses_change_nothing(report: Client) -> None:
    plain = report.get("/sv/").content
    report.cookies["django_language"] = "en"
    assert report.get("/sv/", headers={"x-forwarded-for": "192.0.2.7"}).content == plain
