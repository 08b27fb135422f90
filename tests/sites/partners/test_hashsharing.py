"""NCMEC's hash-sharing interface, spoken by a hotline: who may fetch, what comes on which page, what is refused."""

import base64
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from tests.sites import letters
from tests.sites.partners.sending import BrokenLine, in_chunks, new_partner

from lykta.core.vocabulary import Objection
from lykta.lib import clock
from lykta.lib.hashlists import opening
from lykta.lib.hashlists.cells import Field
from lykta.lib.hashlists.checks import checked
from lykta.records.letterbox import feed, partners
from lykta.sites.partners.hashsharing import turns, views
from lykta.sites.partners.hashsharing.answers import NAMESPACE

pytestmark = pytest.mark.django_db(databases=["letterbox"])
SLUG = "example-social"
ENTRY = UUID(int=7)
YES = "<affirmative/>"


class Subscriber:
    """A client as others wrote it: HTTP Basic, XML there and back."""

    def __init__(self, client: Client, token: str, slug: str = SLUG) -> None:
        self.client = client
        given = base64.b64encode(f"{slug}:{token}".encode()).decode()
        self.headers = {"authorization": f"Basic {given}"}

    def ask(self, path: str, status: int = 200, **query: str | int) -> ET.Element:
        response = self.client.get(f"/hashsharing/v2/{path}", query, headers=self.headers)
        return read(response, status)

    def say(self, body: str | bytes, *, entry: object = ENTRY, member: int = 1, of: str = "MD5") -> Any:
        sent = (
            body if isinstance(body, bytes) else f'<feedbackSubmission xmlns="{NAMESPACE}">{body}</feedbackSubmission>'
        )
        address = f"/hashsharing/v2/entries/{member}/{entry}/{of}/feedback"
        return self.client.put(address, sent, content_type="application/xml; charset=utf-8", headers=self.headers)


def read(response: Any, status: int = 200) -> ET.Element:
    """An answer without its namespace, which is always there."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    root = ET.fromstring(response.content)  # noqa: S314 - our own answer
    for element in root.iter():
        assert element.tag.startswith(f"{{{NAMESPACE}}}")
        element.tag = element.tag.partition("}")[2]
    return root


@pytest.fixture
def subscriber(partners: Client) -> Subscriber:
    turns.REQUESTS._full_at.clear()
    return Subscriber(partners, new_partner(scopes="hashes"))


@pytest.fixture
def listed() -> None:
    """A picture, a film, and something that was taken off; all dated an hour ago."""
    lines = [
        feed.Line(entry=ENTRY, revision=1, deleted=False, kind="picture", grade="A1", md5="a" * 32, pdq="b" * 64),
        feed.Line(entry=UUID(int=8), revision=1, deleted=False, kind="film", md5="c" * 32, sha1="d" * 40),
        feed.Line(entry=UUID(int=9), revision=2, deleted=True, kind="picture"),
    ]
    feed.append(lines, now=clock.now() - timedelta(hours=1))


def test_a_subscriber_is_told_who_it_is_and_whose_entries_there_are(subscriber: Subscriber) -> None:
    status = subscriber.ask("status")
    assert status.findtext("member") == "Example Social"
    assert status.findtext("username") == SLUG
    members = {one.get("id"): one.text for one in subscriber.ask("members")}
    assert len(members) == 2
    assert members["1"]
    assert members[status.find("member").get("id")] == "Example Social"  # type: ignore[union-attr]


@pytest.mark.usefixtures("listed")
def test_pictures_films_and_deletions_stand_as_clients_expect_them(subscriber: Subscriber) -> None:
    found = subscriber.ask("entries")
    picture, deleted = found.findall("images/*")
    [film] = found.findall("videos/*")
    assert [one.tag for one in (picture, deleted, film)] == ["image", "deletedImage", "video"]
    assert [found.find(kind).get("count") for kind in ("images", "videos")] == ["2", "1"]  # type: ignore[union-attr]
    assert picture.findtext("id") == str(ENTRY)
    assert picture.findtext("classification") == "A1"
    assert {one.tag: one.text for one in picture.findall("fingerprints/*")} == {"md5": "a" * 32, "pdq": "b" * 64}
    assert {one.tag for one in film.findall("fingerprints/*")} == {"md5", "sha1"}
    assert [one.tag for one in deleted] == ["member", "timestamp", "id"]
    assert found.find("images").get("maxTimestamp") == picture.findtext("timestamp")  # type: ignore[union-attr]
    assert found.find("paging") is None


@pytest.mark.usefixtures("listed")
def test_another_hotline_reads_a_page_as_it_is(subscriber: Subscriber) -> None:
    answer = subscriber.client.get("/hashsharing/v2/entries", headers=subscriber.headers)
    [(rows, wrong)] = map(checked, opening.read(BytesIO(answer.content), mapping={}))
    assert wrong == []
    assert [digest.tobytes().hex() for digest in rows.digests[Field.MD5]][:1] == ["a" * 32]
    assert sorted(rows.gone) == [False, False, True]


@pytest.mark.usefixtures("listed")
def test_the_next_page_is_at_the_address_that_the_first_names(subscriber: Subscriber) -> None:
    found, seen = subscriber.ask("entries", size=1), list[str | None]()
    for _ in range(3):
        seen += [one.text for one in found.iter("id")]
        following = found.findtext("paging/next")
        if following is not None:
            assert following.startswith("/v2/entries?from=1970-01-01T00%3A00%3A00Z&to=")
            found = subscriber.ask(following.removeprefix("/v2/"))
    assert seen == [str(UUID(int=number)) for number in (7, 8, 9)]
    assert following is None
    [noted] = feed.subscribers()
    assert (noted.slug, noted.requests, noted.added, noted.deleted) == (SLUG, 3, 2, 1)


@pytest.mark.usefixtures("listed")
def test_a_page_has_no_more_entries_than_ncmecs(subscriber: Subscriber, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "LARGEST_PAGE", 2)
    assert len(list(subscriber.ask("entries", size=5000).iter("id"))) == 2
    assert len(list(subscriber.ask("entries", size=0).iter("id"))) == 1


def test_nothing_new_is_an_empty_answer(subscriber: Subscriber) -> None:
    found = subscriber.ask("entries")
    assert [(one.tag, one.get("count")) for one in found] == [("images", "0"), ("videos", "0")]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"from": "yesterday"}, "no moment"),
        ({"from": "2026-01-01T00:00:00"}, "time zone"),
        ({"to": "9999-12-31T23:59:59-14:00"}, "no moment"),
        ({"to": "2999-01-01T00:00:00Z"}, "in the future by our clock"),
        ({"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, "before"),
        ({"start": "-1"}, "no number"),
        ({"max": "9" * 19}, "no number"),
        ({"size": "٣"}, "no number"),
    ],
)
def test_what_cannot_be_asked_is_said(subscriber: Subscriber, query: dict[str, str], said: str) -> None:
    assert said in str(subscriber.ask("entries", 400, **query).text)


@pytest.mark.usefixtures("listed")
def test_feedback_of_both_kinds_is_kept_for_the_desk(subscriber: Subscriber) -> None:
    guid, reason = next(iter(views.REASONS.items()))
    no = f"<negative><reasonIds><guid>{guid}</guid></reasonIds></negative>"
    assert subscriber.say(YES).status_code == subscriber.say(no, of="PDQ").status_code == 200
    found = {(one.slug, one.entry, one.fingerprint, one.objection) for one in feed.feedback()}
    assert found == {(SLUG, ENTRY, "MD5", ""), (SLUG, ENTRY, "PDQ", str(reason))}


@pytest.mark.usefixtures("listed")
def test_feedback_in_chunks_without_a_length_is_read(subscriber: Subscriber) -> None:
    whole = f'<feedbackSubmission xmlns="{NAMESPACE}">{YES}</feedbackSubmission>'.encode()
    address = f"/hashsharing/v2/entries/1/{ENTRY}/MD5/feedback"
    for body, status in ((BrokenLine(), 400), (BytesIO(whole), 200)):
        read(subscriber.client.put(address, b"", headers=subscriber.headers, **in_chunks(body)), status)
    assert len(feed.feedback()) == 1


def test_every_reason_has_an_identifier_of_its_own_that_stays(subscriber: Subscriber) -> None:
    found = {one.get("guid"): one.get("name") for one in subscriber.ask("feedback/PDQ/reasons").iter("reason")}
    assert list(found.values()) == [one.sentence for one in Objection]
    assert next(iter(found)) == "98dc6faf-51d4-5d6e-8da6-75c5125e8558"


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"of": "PDNA"}, 404),
        ({"member": 2}, 404),
        ({"entry": UUID(int=4711)}, 404),
        ({"entry": UUID(int=9)}, 404),
        ({"body": "<negative/>"}, 400),
        ({"body": "<negative><reasonIds><guid>x</guid></reasonIds></negative>"}, 400),
        ({"body": b"<feedbackSubmission>"}, 400),
        ({"body": b"<other/>"}, 400),
        ({"body": b'<!DOCTYPE a [<!ENTITY b "c">]><feedbackSubmission>&b;</feedbackSubmission>'}, 400),
    ],
)
def test_feedback_that_cannot_be_is_refused(subscriber: Subscriber, change: dict[str, Any], status: int) -> None:
    given: dict[str, Any] = {"body": YES, **change}
    assert read(subscriber.say(given.pop("body"), **given), status).text
    assert feed.feedback() == []


@pytest.mark.parametrize("path", ["status", "members", "entries", "feedback/MD5/reasons", "nowhere", ""])
@pytest.mark.parametrize("token", ["", "lykta_wrong"])
def test_who_is_not_logged_in_is_told_so(partners: Client, path: str, token: str) -> None:
    stranger = Subscriber(partners, token)
    assert "Log in" in str(stranger.ask(path, 401).text)
    response = partners.get("/hashsharing/v2/status", headers=stranger.headers)
    assert response.headers["WWW-Authenticate"].startswith("Basic ")


def test_a_token_for_something_else_is_not_good_here(partners: Client) -> None:
    token = new_partner(scopes="reports,cybertip")
    assert "not good for this interface" in str(Subscriber(partners, token).ask("entries", 403).text)


def test_a_token_goes_with_its_own_name_and_a_revoked_one_is_refused_at_once(subscriber: Subscriber) -> None:
    token = partners.rotate(slug=SLUG)
    subscriber.ask("status", 401)
    renewed = Subscriber(subscriber.client, token)
    renewed.ask("status")
    Subscriber(subscriber.client, token, "another").ask("status", 401)
    partners.revoke(slug=SLUG, now=clock.now())
    renewed.ask("status", 401)


def test_an_address_or_a_method_that_there_is_not_is_said_in_xml(subscriber: Subscriber) -> None:
    subscriber.ask("nowhere", 404)
    read(subscriber.client.post("/hashsharing/v2/entries", headers=subscriber.headers), 405)


def test_who_asks_too_often_is_told_when_to_come_back_and_holds_up_nobody(
    subscriber: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    monkeypatch.setattr(turns.REQUESTS, "burst", 2)
    for _ in range(2):
        subscriber.ask("status")
    response = subscriber.client.get("/hashsharing/v2/status", headers=subscriber.headers)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "30")
    Subscriber(subscriber.client, new_partner("example-games", scopes="hashes"), "example-games").ask("status")


def test_a_letterbox_that_fails_says_when_to_come_back(subscriber: Subscriber) -> None:
    with letters.failing("INSERT"):
        response = subscriber.client.get("/hashsharing/v2/entries", headers=subscriber.headers)
    assert read(response, 503).text
    assert response.headers["Retry-After"] == "60"
