"""Questions to a reporter, their answers, and words that wait to be read."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from tests.records.conftest import TakeIn

from lykta.core.lifecycle import StepWord
from lykta.core.urgency import Urgency
from lykta.core.vocabulary import CaseState
from lykta.records.audit.models import Entry
from lykta.records.audit.words import AuditWord
from lykta.records.cases import keyring, queries, queue
from lykta.records.cases.actions import ending, forgetting, intake
from lykta.records.cases.models import Case, Message, Report
from lykta.records.steps.models import Step

pytestmark = pytest.mark.django_db


def ask(report: Report, now: datetime, text: str = "On which day?") -> UUID:
    number = uuid4()
    ending.ask(by="staff:anna", report=report, number=number, text=text, now=now)
    return number


def write(report: Report, now: datetime, number: UUID | None = None, **content: str) -> UUID:
    """The reporter writes again."""
    number = number or uuid4()
    intake.add_words(
        by="worker",
        report=report,
        number=number,
        content={"text": "On Tuesday.", **content},
        locators=(),
        at=now,
        now=now,
    )
    return number


def test_a_question_is_sealed_delivered_by_a_step_and_noted(report: TakeIn, now: datetime) -> None:
    made = report()
    number = ask(made, now)
    message = Message.objects.get()
    assert queries.content_of(message) == {"type": "question", "number": str(number), "text": "On which day?"}
    assert b"which day" not in bytes(message.words)
    assert Step.objects.filter(word=StepWord.DELIVER, subject=message.pk).count() == 1
    entry = Entry.objects.get(word=AuditWord.MESSAGE_WRITTEN)
    assert "question" in entry.facts
    assert "which day" not in entry.facts


def test_nobody_can_be_asked_when_the_case_is_forgotten(report: TakeIn, now: datetime) -> None:
    made = report()
    forgetting.forget(by="worker", case_number=made.case.pk, now=now)
    with pytest.raises(keyring.Forgotten):
        ask(made, now)
    assert Message.objects.count() == 0


def test_an_answer_stands_with_its_question(report: TakeIn, now: datetime, later: datetime) -> None:
    made = report()
    first, second = ask(made, now), ask(made, now, "Which colour?")
    write(made, later, to=str(second))
    _, one, two, answer = queries.words_of(made)
    assert (one.number, one.answered) == (first, False)
    assert (two.number, two.answered) == (second, True)
    assert (answer.question, answer.incoming) == ("Which colour?", True)
    assert (one.question, two.question) == ("", "")


def test_only_a_question_about_this_report_can_be_answered(report: TakeIn, now: datetime) -> None:
    mine, other = report("one", seed="1"), report("two", seed="2")
    question, of_another = ask(mine, now), ask(other, now)
    message = uuid4()
    ending.answer(by="staff:anna", report=mine, number=message, text="Thank you.", now=now)
    written = write(mine, now)
    assert queries.asked(mine, str(question)) == question
    for wrong in (of_another, message, written, uuid4(), "", "damaged"):
        assert queries.asked(mine, str(wrong)) is None


def test_a_question_of_a_forgotten_case_is_none(report: TakeIn, now: datetime) -> None:
    made = report()
    question = ask(made, now)
    forgetting.forget(by="worker", case_number=made.case.pk, now=now)
    assert queries.asked(made, str(question)) is None
    assert {(words.content, words.question, words.answered) for words in queries.words_of(made)} == {(None, "", False)}


def test_new_words_are_unread_until_somebody_reads_them(report: TakeIn, now: datetime) -> None:
    made = report()
    assert not queries.is_unread(made.case)
    read, missed = write(made, now), write(made, now)
    assert queue.rows([made.case.pk])[0].unread  # type: ignore[attr-defined]
    ending.note_read(numbers=[read])
    assert [words.unread for words in queries.words_of(made)] == [False, False, True]
    assert queries.is_unread(made.case)
    ending.note_read(numbers=[missed])
    assert not queries.is_unread(made.case)
    assert not queue.rows([made.case.pk])[0].unread  # type: ignore[attr-defined]


def test_what_the_desk_writes_is_never_unread(report: TakeIn, now: datetime) -> None:
    made = report()
    ask(made, now)
    assert not queries.is_unread(made.case)


def test_words_that_are_forgotten_wait_for_nobody(report: TakeIn, now: datetime) -> None:
    made, other = report("one", seed="1"), report("two", seed="2")
    for one in (made, other):
        write(one, now)
    forgetting.forget(by="worker", case_number=made.case.pk, now=now)
    assert not queries.is_unread(made.case)
    assert queries.is_unread(other.case)


@pytest.mark.parametrize(("before", "after"), [(0, 0), (1, 1), (3, 2), (5, 2)])
def test_a_closed_case_comes_back_when_its_reporter_writes(
    report: TakeIn, now: datetime, before: int, after: int
) -> None:
    made = report()
    ending.rank(case_number=made.case.pk, urgency=Urgency(before, "A reason."))
    ending.close(by="worker", case_number=made.case.pk, now=now)
    number = uuid4()
    for _ in range(2):
        write(made, now, number)
    case = Case.objects.get(state=CaseState.OPEN)
    assert (case.rank, case.rank_reason, case.forget_at) == (after, "The reporter has written again.", None)
    assert Entry.objects.filter(word=AuditWord.CASE_REOPENED).count() == 1
    message = Message.objects.get()
    assert Step.objects.filter(word=StepWord.TELL_REPORTERS, occasion=f"message-{message.pk}").count() == 1


def test_an_open_case_stays_where_it_is_in_the_queue(report: TakeIn, now: datetime) -> None:
    made = report()
    ending.rank(case_number=made.case.pk, urgency=Urgency(4, "A reason."))
    write(made, now)
    made.case.refresh_from_db()
    assert (made.case.state, made.case.rank, made.case.rank_reason) == (CaseState.OPEN, 4, "A reason.")
    assert not Entry.objects.filter(word=AuditWord.CASE_REOPENED).exists()
