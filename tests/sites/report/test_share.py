"""What a share menu or a bookmark sends comes into the form, by an address that tells nothing and works once."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites import letters
from tests.sites.browsing import Page, get, press
from tests.sites.report.reporter import CHECK, TELL, answer, ask, journey_on

from lykta.core.vocabulary import Asked, Topic
from lykta.lib import clock
from lykta.records.letterbox import handovers, tallies
from lykta.records.letterbox import links as registry
from lykta.records.letterbox.models import Handover
from lykta.records.letterbox.tallies import Counted
from lykta.sites.common import floods
from lykta.sites.common.floods import Buckets
from lykta.sites.common.headers import CONTENT_SECURITY_POLICY
from lykta.sites.report import drawn

pytestmark = pytest.mark.django_db(databases=["letterbox"])
ADDRESS = "https://pictures.example/gallery?page=2"
DANGER = "Is a child in danger right now?"
USED = "This address works only once"


def shared(client: Client, path: str = "/en/share/", **given: str) -> str:
    """Where the browser is led."""
    response = client.get(f"{path}?{urlencode(given)}")
    assert response.status_code == 303
    return str(response["Location"])


def where(page: Page) -> str:
    return journey_on(page).answers.get(Asked.WHERE, "")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"url": ADDRESS}, ADDRESS),
        ({"u": ADDRESS}, ADDRESS),
        ({"text": ADDRESS}, ADDRESS),
        ({"title": ADDRESS}, ADDRESS),
        ({"url": ADDRESS, "text": f"look: {ADDRESS}", "title": "A page"}, ADDRESS),
        ({"url": ADDRESS, "text": "also hxxp://other[.]example/7"}, f"{ADDRESS}\nhttp://other.example/7"),
        ({"text": "on the board, user lamp 77"}, "on the board, user lamp 77"),
        ({"text": "two\x00 lines\r\nhere"}, "two lines\nhere"),
    ],
)
def test_every_address_that_was_shared_stands_in_the_form(report: Client, given: dict[str, str], expected: str) -> None:
    page = get(report, shared(report, **given))
    assert (page.status, page.title) == (200, DANGER)
    assert where(page) == expected
    assert journey_on(page).answers[Asked.TOPIC] == Topic.WEB
    assert "We have what you shared." in page.text
    assert "Nothing is sent before you press Continue." not in page.text


@pytest.mark.parametrize("given", [{}, {"url": ""}, {"title": "A page"}, {"u": "about:blank"}, {"url": "file:///x"}])
def test_where_nothing_can_be_used_the_form_begins_as_always(report: Client, given: dict[str, str]) -> None:
    assert shared(report, **given) == TELL
    assert Handover.objects.using("letterbox").count() == 0


@pytest.mark.parametrize(("path", "language"), [("/share/", "sv"), ("/r", "sv"), ("/en/share/", "en")])
def test_it_speaks_the_language_of_its_address_or_of_the_browser(report: Client, path: str, language: str) -> None:
    response = report.get(f"{path}?{urlencode({'u': ADDRESS})}", headers={"Accept-Language": "sv"})
    assert response["Location"].startswith(f"/{language}/shared/")


def test_the_address_to_which_one_is_led_says_nothing_and_is_new_each_time(report: Client) -> None:
    led = {shared(report, url=ADDRESS) for _ in range(3)}
    assert len(led) == 3
    assert not [one for one in led if "pictures" in one or "?" in one]


def test_a_report_that_was_shared_is_sent(report: Client) -> None:
    page = get(report, shared(report, url=ADDRESS))
    page = answer(report, page, "no")
    assert page.fields["answer"] == ADDRESS
    assert "We have what you shared." not in page.text
    page = answer(report, page, ADDRESS, "check")
    assert page.title == CHECK
    assert press(report, TELL, page, "send").status == 200
    (letter,) = letters.opened()
    assert letter["answers"] == {"topic": "web", "danger": "no", "where": ADDRESS}
    assert letters.kinds() == ["report"]


def test_nothing_is_stored_in_clear_and_nothing_at_all_once_it_was_shown(report: Client) -> None:
    led = shared(report, url=ADDRESS)
    (row,) = Handover.objects.using("letterbox").all()
    ticket = led.split("/")[-2]
    for stored in (bytes(row.sealed), bytes(row.digest)):
        assert b"pictures" not in stored
        assert ticket.encode() not in stored
    get(report, led)
    assert Handover.objects.using("letterbox").count() == 0


def test_who_comes_second_begins_without_it_and_is_told_why(report: Client) -> None:
    led = shared(report, url=ADDRESS)
    get(report, led)
    page = get(report, led)
    assert (page.status, page.title) == (410, "What is it about?")
    assert USED in page.text
    assert where(page) == ""
    assert answer(report, page, "web").title == DANGER


def test_a_look_at_the_headers_does_not_use_it_up(report: Client) -> None:
    led = shared(report, url=ADDRESS)
    assert report.head(led).status_code == 200
    assert where(get(report, led)) == ADDRESS


@pytest.mark.parametrize("ticket", ["x", "a" * 22, "-", "_" * 300])
def test_a_ticket_that_was_made_up_opens_nothing(report: Client, ticket: str) -> None:
    shared(report, url=ADDRESS)
    assert USED in get(report, f"/en/shared/{ticket}/").text
    assert Handover.objects.using("letterbox").count() == 1


def test_after_five_minutes_it_is_too_late(report: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    led = shared(report, url=ADDRESS)
    late = clock.now() + handovers.KEPT
    monkeypatch.setattr(clock, "now", lambda: late)
    assert USED in get(report, led).text


def test_the_page_leads_on_in_every_language_without_its_ticket(report: Client) -> None:
    led = shared(report, url=ADDRESS)
    page = get(report, led)
    assert 'formaction="/sv/tell/"' in page.source
    assert led.split("/")[-2] not in page.source
    swedish = press(report, "/sv/tell/", page, "again")
    assert where(swedish) == ADDRESS
    assert not [key for key in drawn._pages() if "shared" in str(key)]


def test_while_the_letterbox_takes_nothing_the_form_comes_at_once(report: Client) -> None:
    with letters.failing("INSERT"):
        page = get(report, f"/en/share/?{urlencode({'url': ADDRESS})}")
    assert (page.status, page.title, where(page)) == (200, DANGER, ADDRESS)


def test_while_the_letterbox_cannot_be_read_one_begins_without_it(report: Client) -> None:
    led = shared(report, url=ADDRESS)
    with letters.failing("SELECT"):
        assert USED in get(report, led).text


def test_a_flood_fills_no_letterbox_and_stops_nobody(report: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floods, "ARRIVALS", floods.Limit("arrival", "ticket", Buckets(burst=3, every=60.0)))
    monkeypatch.setattr(floods, "_network_hash", lambda *_: b"one network")
    for _ in range(3):
        shared(report, url=ADDRESS)
    page = get(report, f"/en/share/?{urlencode({'url': ADDRESS})}")
    assert (page.status, page.title, where(page)) == (200, DANGER, ADDRESS)
    assert Handover.objects.using("letterbox").count() == 3


def test_only_what_was_forgotten_for_too_long_is_swept(report: Client) -> None:
    shared(report, url=ADDRESS)
    now = clock.now()
    assert handovers.sweep(now=now) == 0
    assert handovers.sweep(now=now + handovers.KEPT + timedelta(seconds=1)) == 1


def test_nothing_but_get_shares(report: Client) -> None:
    assert report.post("/en/share/", {"url": ADDRESS}).status_code == 405


def test_a_phone_learns_how_to_install_it_and_where_to_share(report: Client) -> None:
    response = report.get("/sv/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    told = json.loads(response.content)
    assert (told["name"], told["lang"], told["dir"]) == (told["short_name"], "sv", "ltr")
    assert (told["start_url"], told["scope"], told["display"]) == ("/sv/", "/", "standalone")
    assert told["share_target"] == {
        "action": "/sv/share/",
        "method": "GET",
        "enctype": "application/x-www-form-urlencoded",
        "params": {"title": "title", "text": "text", "url": "url"},
    }
    assert len(response.content) < 600
    for icon in told["icons"]:
        assert b"<svg" in report.get(icon["src"]).getvalue()


def test_the_page_from_which_one_installs_names_the_manifest_and_may_load_its_icon(report: Client) -> None:
    page = get(report, "/en/button/")
    assert '<link rel="manifest" href="/en/manifest.webmanifest">' in page.source
    assert page.headers["Content-Security-Policy"] == f"{CONTENT_SECURITY_POLICY}; manifest-src 'self'; img-src 'self'"
    assert "manifest" not in ask(report).source
    assert "img-src" not in str(ask(report).headers["Content-Security-Policy"])


def test_the_bookmark_on_the_page_leads_here(report: Client, settings: Settings) -> None:
    page = get(report, "/en/button/")
    address = settings.ENVIRONMENT.url("report") + "/r?u="
    bookmark = f"javascript:location='{address}'+encodeURIComponent(location)"
    assert bookmark in page.links
    assert bookmark in page.text
    assert f" {address} " in page.text


def test_a_partners_bookmark_is_counted_as_its_link(report: Client) -> None:
    registry.add_link(code="SCHOOL", name="A school", now=clock.now())
    led = shared(report, "/r", u=ADDRESS, via="school")
    assert led.endswith("/?via=SCHOOL")
    assert "pictures" not in led
    page = get(report, led)
    assert (where(page), journey_on(page).link) == (ADDRESS, "SCHOOL")
    assert tallies.sums() == {"SCHOOL": Counted(visits=1)}


@pytest.mark.parametrize("via", ["NOBODY", "%22", ""])
def test_a_bookmark_of_nobody_leads_on_and_counts_nothing(report: Client, via: str) -> None:
    assert "via" not in shared(report, "/r", u=ADDRESS, via=via)
    assert tallies.sums() == {}


def test_a_partners_bookmark_on_an_empty_page_leads_to_the_form(report: Client) -> None:
    registry.add_link(code="SCHOOL", name="A school", now=clock.now())
    assert shared(report, u="about:blank", via="SCHOOL") == f"{TELL}?via=SCHOOL"
