"""Looking: the gate before, the picture once, hidden and timed after; skipping and asking always there."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites.desk.scenes import client_of, page, prove, ready_case, told, words

from lykta.connectors.console.connector import ConsoleViewer
from lykta.connectors.contract import Transient, View
from lykta.core.exposure import Limits
from lykta.core.vocabulary import OpinionReason
from lykta.lib.clock import now
from lykta.records.audit.queries import history
from lykta.records.cases.actions import opinions
from lykta.records.cases.models import Case, Item
from lykta.records.exposure import actions
from lykta.records.exposure.models import Look, Passed
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])

PICTURE = "http://pictures.nordhost.test/album/1/one.png"
FILM = "http://pictures.nordhost.test/album/1/two.avi"
MEDIA: list[dict[str, Any]] = [
    {"address": "http://pictures.nordhost.test/gone.png", "problem": "the server answers 404"},
    {"address": PICTURE, "media_type": "image/png", "sha256": "a" * 64},
    {"address": FILM, "media_type": "video/x-msvideo", "sha256": "b" * 64},
]
BYTES = b"\x89PNG a small grey picture"
PLAIN = {"position": "1", "purpose": "assess", "blur": "strong"}


@pytest.fixture(autouse=True)
def viewer(settings: Settings) -> ConsoleViewer:
    """Hours that never close, and a harmless twin of the sandbox."""
    settings.HOUSE = replaced(settings.HOUSE, Limits(opens=timedelta(), closes=timedelta(hours=24)))
    settings.VIEWER = ConsoleViewer({PICTURE: BYTES, FILM: Transient("The look was broken off. Begin it again.")})
    made: ConsoleViewer = settings.VIEWER
    return made


def replaced(house: Any, limits: Limits) -> Any:
    return replace(house, viewing=limits)


@pytest.fixture
def item(db: None) -> Item:
    return ready_case(fingerprints=MEDIA)[1]


def begin(desk: Client, item: Item, **changes: str) -> Look:
    response = desk.post(f"/items/{item.pk}/look/", {**PLAIN, **changes})
    look = Look.objects.latest("pk")
    assert response.headers["Location"] == f"/looks/{look.pk}/", words(response.content.decode())
    return look


def picture_of(desk: Client, look: Look) -> Any:
    return desk.get(f"/looks/{look.pk}/picture/")


def test_nothing_is_shown_before_a_purpose_is_said(desk: Client, item: Item, viewer: ConsoleViewer) -> None:
    shown = page(desk, f"/items/{item.pk}/look/")
    assert "What for" in shown
    assert "comfort, not a protection" in shown
    assert "Picture 1" in shown
    assert "Film 2, as nine stills without sound" in shown
    assert "<img" not in shown
    assert "pictures.nordhost.test" not in shown
    assert viewer.asked == []


def test_a_picture_is_sent_once_and_may_be_kept_by_nobody(desk: Client, item: Item, viewer: ConsoleViewer) -> None:
    look = begin(desk, item)
    shown = desk.get(f"/looks/{look.pk}/")
    assert f'src="/looks/{look.pk}/picture/"' in shown.content.decode()
    assert "img-src 'self'; form-action" in shown.headers["Content-Security-Policy"]
    assert shown.headers["Refresh"] == f"180; url=/looks/{look.pk}/"
    answer = picture_of(desk, look)
    assert b"".join(answer) == BYTES
    assert answer.headers["Content-Length"] == str(len(BYTES))
    assert answer.headers["Cache-Control"].startswith("no-store")
    assert (answer.headers["Vary"], answer.headers["Content-Type"]) == ("*", "image/png")
    assert viewer.asked == [
        View(
            address=PICTURE,
            page="http://pictures.nordhost.test/album/1",
            sha256="a" * 64,
            side=160,
            gray=True,
            blur=12,
        )
    ]
    again = picture_of(desk, look)
    assert (again.status_code, again.content) == (410, b"This look is over, or was begun elsewhere: begin a new one.")
    assert "This look is over" in page(desk, f"/looks/{look.pk}/")
    assert len(viewer.asked) == 1


def test_the_record_says_who_saw_what_for_what_and_how_long(desk: Client, item: Item) -> None:
    look = begin(desk, item)
    b"".join(picture_of(desk, look))
    ended = desk.post(f"/looks/{look.pk}/end/", {"severity": "2", "then": "assess"})
    assert ended.headers["Location"] == f"/items/{item.pk}/assess/"
    shown, hidden = [one for one in history(f"item:{item.pk}") if one["word"] in {"item.shown", "look.ended"}]
    assert (shown["by"], shown["facts"]["purpose"], shown["facts"]["look"]) == ("staff:anna", "assess", look.pk)
    assert (hidden["by"], hidden["facts"]["seconds"]) == ("staff:anna", 0)
    assert Look.objects.get().severity == 2


def test_what_cannot_be_shown_says_why_and_counts_as_no_look(desk: Client, item: Item) -> None:
    look = begin(desk, item, position="2")
    answer = picture_of(desk, look)
    assert (answer.status_code, answer.content.decode()) == (410, "The look was broken off. Begin it again.")
    assert "The look was broken off" in page(desk, f"/looks/{look.pk}/")
    assert Look.objects.get().shown_at is None


def test_another_session_and_another_person_get_nothing(
    desk: Client, lead: Client, anna: Staff, item: Item, viewer: ConsoleViewer
) -> None:
    look = begin(desk, item)
    assert picture_of(client_of(anna), look).status_code == 410
    assert picture_of(lead, look).status_code == 404
    assert lead.get(f"/looks/{look.pk}/").status_code == 404
    assert viewer.asked == []


def test_after_a_minute_the_address_is_dead(desk: Client, item: Item) -> None:
    look = begin(desk, item)
    Look.objects.update(begun_at=now() - timedelta(seconds=61))
    assert picture_of(desk, look).status_code == 410


def test_a_sharp_circle_asks_who_one_is_and_then_goes_on(desk: Client, item: Item, viewer: ConsoleViewer) -> None:
    asked = desk.post(f"/items/{item.pk}/look/", {**PLAIN, "blur": "press"})
    assert asked.status_code == 403
    assert not Look.objects.exists()
    look = begin(prove(desk), item, blur="press")
    shown = desk.get(f"/looks/{look.pk}/")
    assert f'data-picture="/looks/{look.pk}/picture/"' in shown.content.decode()
    assert "<noscript>" in shown.content.decode()
    assert "connect-src 'self'" in shown.headers["Content-Security-Policy"]
    b"".join(picture_of(desk, look))
    assert viewer.asked[0].blur == 0


def test_preferences_shape_what_is_shown(desk: Client, item: Item, viewer: ConsoleViewer) -> None:
    desk.post("/looking/preferences/", {"blur": "light", "side": "80"})
    picture_of(desk, begin(desk, item, blur="light", changed="yes"))
    (view,) = viewer.asked
    assert (view.side, view.gray, view.blur, view.sha256) == (80, False, 2, "")


def test_what_is_known_is_shown_to_nobody_who_is_not_asked(desk: Client, item: Item, viewer: ConsoleViewer) -> None:
    Item.objects.update(verdict="illegal")
    shown = page(desk, f"/items/{item.pk}/look/")
    assert "nobody has to see it again" in shown
    assert "Show it" not in shown
    refused = desk.post(f"/items/{item.pk}/look/", PLAIN)
    assert refused.status_code == 422
    assert "nobody has to see it again" in refused.content.decode()
    assert "I give a second opinion" not in shown
    assert "Show it" not in page(desk, f"/items/{item.pk}/look/?purpose=second_opinion")
    for why in ("", "I am curious."):
        claimed = {**PLAIN, "purpose": "second_opinion", "why": why}
        assert desk.post(f"/items/{item.pk}/look/", claimed).status_code == 422
    assert (viewer.asked, Look.objects.count()) == ([], 0)


def test_what_is_known_is_shown_to_whom_a_second_opinion_is_asked_of_and_to_nobody_else(
    desk: Client, lead: Client, lena: Staff, anna: Staff, item: Item
) -> None:
    told(item, anna)
    Item.objects.update(verdict="illegal")
    opinions.ask(by=anna, assessment=item.assessments.get(), reasons=[OpinionReason.SAMPLE], now=now())
    assert desk.post(f"/items/{item.pk}/look/", {**PLAIN, "purpose": "second_opinion"}).status_code == 422
    assert "I give a second opinion" in page(lead, f"/items/{item.pk}/look/")
    look = begin(lead, item, purpose="second_opinion")
    assert (look.person, look.known, look.why) == (lena, True, "")


def test_a_lead_who_must_see_what_is_known_says_why_and_that_is_kept(lead: Client, item: Item) -> None:
    Item.objects.update(verdict="illegal")
    assert "Why it must be seen again" in page(lead, f"/items/{item.pk}/look/")
    claimed = {"purpose": "second_opinion", "why": " "}
    assert lead.post(f"/items/{item.pk}/look/", {**PLAIN, **claimed}).status_code == 422
    look = begin(lead, item, purpose="second_opinion", why="A court asks what it shows.")
    b"".join(picture_of(lead, look))
    assert look.why == "A court asks what it shows."
    [shown] = [one for one in history(f"item:{item.pk}") if one["word"] == "item.shown"]
    assert shown["facts"]["reason"] == "lead"


def test_at_the_limit_a_page_says_why_until_when_and_what_to_do(
    desk: Client, anna: Staff, item: Item, viewer: ConsoleViewer
) -> None:
    actions.note_elsewhere(by=anna, day=now().date(), minutes=180, system="", now=now())
    shown = words(page(desk, f"/items/{item.pk}/look/"))
    assert "Today’s limit is reached." in shown
    assert "something can be shown again" in shown
    assert "180 of 180 minutes" in shown
    assert "Skip, no reason asked" in shown
    assert desk.post(f"/items/{item.pk}/look/", PLAIN).status_code == 422
    assert viewer.asked == []


def test_a_lead_adds_minutes_with_a_reason_that_the_person_reads(
    desk: Client, lead: Client, anna: Staff, item: Item
) -> None:
    actions.note_elsewhere(by=anna, day=now().date(), minutes=180, system="", now=now())
    lead.post("/welfare/allow/", {"person": str(anna.pk), "minutes": "20", "reason": "The police wait for it."})
    assert "I go on all the same" in page(desk, f"/items/{item.pk}/look/")
    assert begin(desk, item, goes_on="yes").pk
    assert "lena added 20 minutes: “The police wait for it.”" in words(page(desk, "/looking/"))


def test_skipping_needs_no_reason_and_hides_what_is_shown(desk: Client, item: Item) -> None:
    desk.get(f"/cases/{item.mentions.get().report.case_id}/")
    look = begin(desk, item)
    b"".join(picture_of(desk, look))
    response = desk.post(f"/items/{item.pk}/skip/", follow=True)
    assert "Skipped. Somebody else will take it." in response.content.decode()
    assert Look.objects.get().ended_at is not None
    assert Passed.objects.get().to is None
    assert Case.objects.get().claimed_by is None


def test_a_colleague_finds_what_was_asked(desk: Client, lead: Client, lena: Staff, item: Item) -> None:
    assert "Choose whom to ask." in desk.post(f"/items/{item.pk}/ask-colleague/", follow=True).content.decode()
    desk.post(f"/items/{item.pk}/ask-colleague/", {"colleague": str(lena.pk)})
    assert f"Item {item.pk}, asked by anna" in words(page(lead, "/looking/"))
    asked = Passed.objects.get()
    assert desk.post(f"/looking/asked/{asked.pk}/").status_code == 404
    assert lead.post(f"/looking/asked/{asked.pk}/").headers["Location"] == f"/items/{item.pk}/"
    assert "Nothing." in words(page(lead, "/looking/"))


def test_where_nothing_was_found_the_page_says_so(desk: Client) -> None:
    item = ready_case()[1]
    assert "no picture and no film that can be shown" in page(desk, f"/items/{item.pk}/look/")
    refused = desk.post(f"/items/{item.pk}/look/", PLAIN)
    assert "The trace has changed meanwhile" in refused.content.decode()


@pytest.mark.parametrize("position", ["", "0", "9", "-1", "one", "٣"])
def test_only_what_the_trace_found_can_be_chosen(desk: Client, item: Item, position: str) -> None:
    assert desk.post(f"/items/{item.pk}/look/", {**PLAIN, "position": position}).status_code == 422
    assert not Look.objects.exists()


def test_item_and_assessment_lead_to_the_look_by_a_key(desk: Client, item: Item) -> None:
    for address in (f"/items/{item.pk}/", f"/items/{item.pk}/assess/"):
        assert f'href="/items/{item.pk}/look/" data-key="l"' in page(desk, address)


def test_the_hour_is_that_of_the_hotline(desk: Client, item: Item, settings: Settings) -> None:
    hour = timedelta(hours=datetime.now(tz=settings.HOUSE.zone).hour)
    opens = hour + timedelta(hours=2) if hour < timedelta(hours=20) else hour - timedelta(hours=6)
    settings.HOUSE = replaced(settings.HOUSE, Limits(opens=opens, closes=opens + timedelta(hours=1)))
    assert "Nothing is shown at this hour." in page(desk, f"/items/{item.pk}/look/")


@pytest.mark.parametrize(("word", "gate"), [("text", False), ("pictures", True), ("films", True)])
def test_only_what_somebody_is_certified_for_is_shown(
    desk: Client, anna: Staff, item: Item, word: str, *, gate: bool
) -> None:
    anna.certified_for = word
    anna.save(update_fields=["certified_for"])
    assert ("Show it" in page(desk, f"/items/{item.pk}/look/")) == gate
    film = desk.post(f"/items/{item.pk}/look/", {**PLAIN, "position": "2"})
    assert (film.status_code == 302) == (word == "films")
