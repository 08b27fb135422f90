"""Our list at the desk: a second opinion, what subscribers fetched and say, taking off, writing into a file."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.sites.desk.scenes import client_of, page, prove, ready_case, words

from lykta.core.vocabulary import MediumKind
from lykta.lib.clock import now
from lykta.records.audit.models import Entry
from lykta.records.cases.models import Item
from lykta.records.letterbox import feed, partners
from lykta.records.letterbox.feed import Span
from lykta.records.letterbox.models import Partner
from lykta.records.offering import actions
from lykta.records.offering.actions import Medium, Said
from lykta.records.offering.models import Confirmed
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
DIGEST, OTHER = "a" * 64, "b" * 64
KEPT: dict[str, Any] = {
    "address": "http://pictures.nordhost.test/1.png",
    "media_type": "image/png",
    "length": 1234,
    "md5": "c" * 32,
    "pdq": ["d" * 64],
    "quality": 90,
}


@pytest.fixture
def item(anna: Staff) -> Item:
    """A page with two pictures, which Anna assessed."""
    _, item = ready_case(fingerprints=[{**KEPT, "sha256": DIGEST}, {**KEPT, "sha256": OTHER}])
    item.assessments.create(
        by=anna,
        at=now(),
        label_set="lykta-1",
        answers={"finding": "csam", "age": "3-6", "nature": "real", "danger": "no"},
        verdict="illegal",
        routing="routing-1",
        facts={},
        duties=[],
    )
    Item.objects.update(verdict="illegal")
    return item


@pytest.fixture
def listed(item: Item, anna: Staff, lena: Staff) -> Confirmed:
    """The first picture, on the list."""
    for who in (anna, lena):
        say(who, item)
    return Confirmed.objects.get()


def say(by: Staff, item: Item, quorum: int = 2) -> None:
    medium = Medium(kind=MediumKind.PICTURE, sha256=DIGEST, md5="c" * 32)
    said = Said(item_number=item.pk, illegal=True)
    actions.say(by=by, medium=medium, said=said, quorum=quorum, now=now())


def partner() -> Partner:
    partners.add_partner(slug="social", name="Example Social", scopes={"hashes"}, now=now())
    return Partner.objects.using("letterbox").get()


def test_an_empty_list_says_how_it_fills(desk: Client) -> None:
    text = words(page(desk, "/our-list/"))
    assert "Nothing waits." in text
    assert "--scopes hashes" in text


def test_the_first_opinion_makes_it_wait_and_a_colleagues_puts_it_on_the_list(
    desk: Client, lead: Client, item: Item
) -> None:
    at = f"/items/{item.pk}/our-list/"
    assert at in page(desk, f"/items/{item.pk}/")
    assert "hxxp://pictures[.]nordhost[.]test/1[.]png" in page(desk, at)
    assert desk.post(at, {DIGEST: "csam", OTHER: ""}).headers["Location"] == "/our-list/"
    text = words(page(desk, "/our-list/"))
    assert "What you said of it is kept." in text
    assert "Waiting for another person 1" in text
    assert f"Picture {DIGEST[:12]}… anna 1" in text
    assert 'value="csam" selected' in page(desk, at)
    assert 'value="csam" selected' not in page(lead, at)
    lead.post(at, {DIGEST: "A1"})
    assert f"Picture {DIGEST[:12]}… A1 anna, lena" in words(page(lead, "/our-list/"))
    assert [one.sha256 for one in Confirmed.objects.all()] == [DIGEST]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({DIGEST: ""}, "Please say something"),
        ({DIGEST: "other"}, "Please say something"),
        ({"f" * 64: "csam"}, "Please say something"),
        ({DIGEST: "B2"}, "does not fit the age"),
    ],
)
def test_what_cannot_be_said_is_refused_and_nothing_chosen_is_lost(
    desk: Client, item: Item, given: dict[str, str], said: str
) -> None:
    response = desk.post(f"/items/{item.pk}/our-list/", {OTHER: "", **given})
    assert (response.status_code, said in response.content.decode()) == (422, True)
    assert ('value="B2" selected' in response.content.decode()) is (given.get(DIGEST) == "B2")
    assert not Confirmed.objects.exists()


def test_an_item_without_a_whole_picture_says_so_and_is_not_led_to_before_it_is_illegal(desk: Client) -> None:
    _, item = ready_case()
    assert "/our-list/" not in page(desk, f"/items/{item.pk}/").partition("<main")[2]
    assert "No picture or film of it" in page(desk, f"/items/{item.pk}/our-list/")


def test_a_lead_takes_an_entry_off_with_a_reason(lead: Client, listed: Confirmed) -> None:
    at = f"/our-list/{listed.pk}/withdraw/"
    assert at in page(lead, "/our-list/")
    assert "Take it off our list?" in page(lead, at)
    assert lead.post(at, {"reason": " "}).status_code == 422
    assert lead.post(at, {"reason": "It is a <b>logo</b>."}).headers["Location"] == "/our-list/"
    html = page(lead, "/our-list/")
    assert "It is a &lt;b&gt;logo&lt;/b&gt;." in html
    assert at not in html
    refused = lead.post(at, {"reason": "Again."})
    assert (refused.status_code, "already" in refused.content.decode()) == (422, True)


def test_who_denied_it_is_named(desk: Client, lead: Client, item: Item, listed: Confirmed) -> None:
    lead.post(f"/items/{item.pk}/our-list/", {DIGEST: "not"})
    assert "lena says that it is no child sexual abuse material." in words(page(desk, "/our-list/"))


@pytest.mark.parametrize(("form", "kind"), [("csv", "text/csv"), ("vics", "application/json")])
def test_a_lead_writes_the_list_into_a_file_after_a_question(
    lead: Client, listed: Confirmed, form: str, kind: str
) -> None:
    assert "The list has one entry." in page(lead, "/our-list/export/")
    assert lead.post("/our-list/export/", {"form": form}).status_code == 403
    assert not Entry.objects.filter(word="offer.exported").exists()
    response = prove(lead).post("/our-list/export/", {"form": form})
    assert response.headers["Content-Type"] == f"{kind}; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="hashes-')
    assert "c" * 32 in response.content.decode()
    assert Entry.objects.get(word="offer.exported").by == "staff:lena"
    assert lead.post("/our-list/export/", {"form": "other"}).status_code == 422


def test_who_fetched_what_and_what_they_say_stands_on_the_page(lead: Client, listed: Confirmed) -> None:
    social = partner()
    until = now() + timedelta(hours=1)
    lines = [feed.Line(entry=listed.number, revision=1, deleted=False, kind="picture", md5="c" * 32)]
    feed.append(lines, now=now())
    span = Span(since=now() - timedelta(days=1), until=until)
    served = feed.page(span, size=5, now=until)
    feed.note_fetch(slug="social", span=span, served=served, now=now())
    for fingerprint, said in (("MD5", "not_abuse"), ("PDQ", "")):
        feed.note_feedback(slug="social", entry=listed.number, fingerprint=fingerprint, objection=said, now=now())
    html = page(lead, "/our-list/")
    assert "Example Social 1 1 0" in words(html)
    assert words(html).index("It is not child sexual abuse material.") < words(html).index("Agrees.")
    assert html.count(f"/our-list/{listed.pk}/withdraw/") == 2
    log = words(page(lead, f"/our-list/subscribers/{social.pk}/"))
    assert f"{until:%-d %b %Y, %H:%M} 1 0 yes" in log


def test_an_analyst_sees_the_list_and_neither_takes_off_nor_writes_files(
    desk: Client, listed: Confirmed, adam: Staff, kim: Staff
) -> None:
    html = page(desk, "/our-list/")
    assert "/withdraw/" not in html
    assert "/export/" not in html
    for address in (f"/our-list/{listed.pk}/withdraw/", "/our-list/export/", "/our-list/4711/withdraw/"):
        assert desk.get(address).status_code == desk.post(address, {"reason": "x", "form": "csv"}).status_code == 404
    for other in (client_of(adam), client_of(kim)):
        assert other.get("/our-list/").status_code == 404
    assert desk.get("/our-list/subscribers/4711/").status_code == 404
