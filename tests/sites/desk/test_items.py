"""The page of an item: all that was observed and decided, with the rules of its day."""

import pytest
from django.test import Client
from tests.sites.desk.scenes import (
    ADDRESS,
    AT_HOME,
    DEFANGED,
    hidden,
    in_an_hour,
    page,
    ready_case,
    report,
    told,
    traced,
    words,
)

from lykta.core.lifecycle import StepWord
from lykta.core.vocabulary import Changed, ItemState, Outcome
from lykta.lib.clock import now
from lykta.records.cases.models import Assessment, Item
from lykta.records.people.models import Staff
from lykta.records.steps import actions as steps
from lykta.records.steps.models import Step
from lykta.records.takedown import actions as takedown
from lykta.records.tracing import actions as tracing
from lykta.records.tracing.actions import Observed
from lykta.records.tracing.models import Change

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


def dismissed(client: Client) -> Item:
    _, item = ready_case()
    answers = {"finding": "not_child", "age": "unknown", "nature": "unknown", "danger": "no"}
    shown = client.post(f"/items/{item.pk}/preview/", answers).content.decode()
    client.post(f"/items/{item.pk}/confirm/", hidden(shown))
    return item


def test_observations_stand_with_their_source_and_without_a_live_address(desk: Client) -> None:
    _, item = ready_case()
    html = page(desk, f"/items/{item.pk}/")
    assert "Name service name service" in words(html)
    assert DEFANGED in html
    assert ADDRESS not in html


def test_an_assessment_is_explained_with_questions_law_and_rules(desk: Client, anna: Staff) -> None:
    _, item = ready_case()
    told(item, anna)
    said = words(page(desk, f"/items/{item.pk}/"))
    assert "by anna illegal What is it? Child sexual abuse material" in said
    assert "Law a law Labels and rules lykta-1, routing-1 Rule host The host is in our country." in said


def test_an_assessment_with_a_label_set_that_is_gone_is_still_shown(desk: Client, anna: Staff) -> None:
    _, item = ready_case()
    told(item, anna)
    Assessment.objects.update(label_set="older-0", answers={"sort": "grave"})
    assert "sort grave" in words(page(desk, f"/items/{item.pk}/"))


def test_looks_are_listed(desk: Client) -> None:
    _, item = ready_case()
    assert "Not watched yet" in page(desk, f"/items/{item.pk}/")
    takedown.watch(item_number=item.pk, baseline="", now=now(), every=None)
    takedown.note_look(
        item_number=item.pk,
        outcome=Outcome.MISSING,
        status=404,
        media_type="",
        sha256="",
        reason="the server says so",
        now=now(),
        every=None,
    )
    assert "not there 404 the server says so" in words(page(desk, f"/items/{item.pk}/"))


def test_tracing_again_is_planned_each_time_it_is_asked_for(desk: Client) -> None:
    _, item = ready_case()
    before = Step.objects.filter(word=StepWord.TRACE, subject=item.pk).count()
    for _ in range(2):
        assert desk.post(f"/items/{item.pk}/trace/").headers["Location"] == f"/items/{item.pk}/"
    assert Step.objects.filter(word=StepWord.TRACE, subject=item.pk).count() == before + 2
    assert "It is being traced again." in page(desk, f"/items/{item.pk}/")


def test_a_dismissed_item_can_be_taken_back(desk: Client) -> None:
    item = dismissed(desk)
    assert "Take the assessment back" in page(desk, f"/items/{item.pk}/")
    desk.post(f"/items/{item.pk}/take-back/")
    item.refresh_from_db()
    assert item.state == ItemState.READY
    assert "can be assessed again" in page(desk, f"/items/{item.pk}/")


def test_what_was_told_cannot_be_taken_back_and_the_reason_is_said(desk: Client) -> None:
    _, item = ready_case()
    answers = {"finding": "csam", "age": "unknown", "nature": "real", "danger": "no"}
    shown = desk.post(f"/items/{item.pk}/preview/", answers).content.decode()
    desk.post(f"/items/{item.pk}/confirm/", hidden(shown))
    assert "Take the assessment back" not in page(desk, f"/items/{item.pk}/")
    desk.post(f"/items/{item.pk}/take-back/")
    assert "Those concerned have been told already" in page(desk, f"/items/{item.pk}/")


def test_what_has_no_server_says_so(desk: Client) -> None:
    [item] = traced(
        report("telegram:@somebody_example"),
        missing=["It has no server that can be looked up: it is not on the open web."],
    )
    said = words(page(desk, f"/items/{item.pk}/"))
    assert "A user name or invite on a platform." in said
    assert "It has no server that can be looked up" in said
    assert "Answers from" not in said


def test_a_trace_that_is_due_is_said_to_be_under_way_and_not_offered_again(desk: Client) -> None:
    _, item = ready_case()
    Step.objects.all().delete()
    assert "Trace again" in page(desk, f"/items/{item.pk}/")
    desk.post(f"/items/{item.pk}/trace/")
    said = words(page(desk, f"/items/{item.pk}/"))
    assert "A trace is under way. Load again" in said
    assert "Trace again" not in said


def test_what_is_asked_once_more_later_is_no_trace_under_way(desk: Client) -> None:
    _, item = ready_case()
    Step.objects.all().delete()
    steps.plan(word=StepWord.TRACE, subject=item.pk, now=now(), due_at=in_an_hour())
    said = words(page(desk, f"/items/{item.pk}/"))
    assert "Something did not answer: it is asked once more" in said
    assert "under way" not in said
    assert "Trace again" in said


def test_a_second_trace_stands_beside_the_first_with_what_differs(desk: Client) -> None:
    _, item = ready_case()
    assert "This trace beside the one before" not in page(desk, f"/items/{item.pk}/")
    seen = Observed(what="names", source="name service", at=now(), facts={"addresses": ["192.0.2.99"]})
    tracing.keep(by="worker", item_number=item.pk, observed=[seen], summary=AT_HOME, now=now())
    html = page(desk, f"/items/{item.pk}/")
    assert "This trace beside the one before one difference" in words(html)
    assert '<tr class="lit"><th scope="row">Answers from <span class="chip">differs</span>' in html


def test_a_move_is_seen_at_once(desk: Client) -> None:
    case, item = ready_case()
    Change.objects.create(item=item, at=now(), what=Changed.COUNTRY, before="SE", after="NL")
    for address in (f"/items/{item.pk}/", f"/cases/{case.pk}/"):
        assert "It has moved: Country: SE → NL" in words(page(desk, address))


def test_fingerprints_are_shown_and_never_a_picture(desk: Client) -> None:
    medium = {"address": "http://pictures.nordhost.test/1.png", "sha256": "a" * 64, "pdq": ["c" * 64], "quality": 93}
    _, item = ready_case(media=4, pictures=4, fingerprints=[medium])
    html = page(desk, f"/items/{item.pk}/")
    said = words(html)
    assert "4 pictures or films on it." in said
    assert f"SHA-256 {'a' * 64} PDQ, quality 93 {'c' * 64}" in said
    assert "<img" not in html
    assert "http://pictures" not in html
