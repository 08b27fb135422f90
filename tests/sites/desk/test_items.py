"""The page of an item: all that was observed and decided, with the rules of its day."""

import pytest
from django.test import Client
from tests.sites.desk.scenes import ADDRESS, DEFANGED, hidden, page, ready_case, report, told, traced, words

from lykta.core.lifecycle import StepWord
from lykta.core.vocabulary import ItemState, Outcome
from lykta.lib.clock import now
from lykta.records.cases.models import Assessment, Item
from lykta.records.people.models import Staff
from lykta.records.steps.models import Step
from lykta.records.takedown import actions as takedown

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
    assert "names name service" in words(html)
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
