"""Closing, opening again, and what the reporter reads."""

from datetime import datetime
from uuid import uuid4

import pytest
from tests.records.conftest import TakeIn

from lykta.core.lifecycle import StepWord
from lykta.core.urgency import Urgency
from lykta.core.vocabulary import CaseState, ReporterStatus
from lykta.records.cases import keyring, queries, queue
from lykta.records.cases.actions import ending, forgetting
from lykta.records.cases.models import Message
from lykta.records.cases.queue import Wanted
from lykta.records.people.models import Staff
from lykta.records.steps.models import Step

pytestmark = pytest.mark.django_db


def test_a_closed_case_leaves_the_queue(report: TakeIn, now: datetime, anna: Staff) -> None:
    case = report().case
    assert list(queue.queue(Wanted(), by=anna, now=now)) == [case]
    assert ending.close(by="worker", case_number=case.pk, now=now)
    assert list(queue.queue(Wanted(), by=anna, now=now)) == []


def test_closing_twice_says_so(report: TakeIn, now: datetime) -> None:
    case = report().case
    ending.close(by="worker", case_number=case.pk, now=now)
    assert not ending.close(by="worker", case_number=case.pk, now=now)


def test_a_case_that_opens_again_says_why(report: TakeIn, now: datetime) -> None:
    case = report().case
    ending.close(by="worker", case_number=case.pk, now=now)
    for _ in range(2):
        ending.reopen(by="worker", case_number=case.pk, urgency=Urgency(2, "It had gone and is there again."))
    case.refresh_from_db()
    assert (case.state, case.rank, case.closed_at, case.forget_at) == (CaseState.OPEN, 2, None, None)


def test_an_answer_is_sealed_and_delivered_by_a_step(report: TakeIn, now: datetime) -> None:
    made = report()
    ending.answer(by="staff:anna", report=made, number=uuid4(), text="Thank you.", now=now)
    message = Message.objects.get()
    assert b"Thank you" not in bytes(message.words)
    assert queries.content_of(message) == {"type": "message", "text": "Thank you."}
    assert Step.objects.filter(word=StepWord.DELIVER, subject=message.pk).count() == 1


def test_the_same_answer_twice_is_one(report: TakeIn, now: datetime) -> None:
    made, number = report(), uuid4()
    for _ in range(2):
        ending.answer(by="staff:anna", report=made, number=number, text="Thank you.", now=now)
    assert Message.objects.count() == 1


def test_the_same_news_in_a_row_is_told_once(report: TakeIn, now: datetime) -> None:
    made = report()
    for status in (ReporterStatus.READING, ReporterStatus.READING, ReporterStatus.TOLD, ReporterStatus.READING):
        ending.tell_status(report=made, status=status, now=now)
    told = [queries.content_of(message)["status"] for message in made.messages.order_by("pk")]
    assert told == ["reading", "told", "reading"]


def test_nobody_can_be_answered_when_the_case_is_forgotten(report: TakeIn, now: datetime) -> None:
    made = report()
    forgetting.forget(by="worker", case_number=made.case.pk, now=now)
    with pytest.raises(keyring.Forgotten):
        ending.answer(by="staff:anna", report=made, number=uuid4(), text="Thank you.", now=now)
    assert Message.objects.count() == 0
