"""The desk asks, the reporter answers through the mailbox, and nothing that a reporter writes is lost unseen."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.workflow.conftest import SWEDISH, Hotline

from lykta.core.refusals import NotNow
from lykta.core.vocabulary import CaseState, ReporterStatus
from lykta.lib.codes import Code
from lykta.records.cases import queries as cases
from lykta.records.cases.actions import ending
from lykta.records.cases.models import Case, Report
from lykta.records.cases.queries import Words
from lykta.records.letterbox import actions as letterbox
from lykta.records.people.models import Staff
from lykta.workflow import closing
from lykta.workflow.closing import close_by_hand

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"], transaction=True)


def ask(hotline: Hotline, report: Report, text: str = "On which day?") -> UUID:
    number = uuid4()
    ending.ask(by="staff:anna", report=report, number=number, text=text, now=hotline.time)
    hotline.work()
    return number


def reported(hotline: Hotline, text: str = "A man in the harbour said something.") -> tuple[Code, Report]:
    code = hotline.receive(text)
    hotline.work()
    return code, Report.objects.latest("pk")


def added(report: Report) -> list[Words]:
    """What the reporter wrote after the report."""
    return [words for words in cases.words_of(report)[1:] if words.incoming]


def texts(report: Report) -> list[str]:
    return [words.content["text"] for words in added(report) if words.content]


def parcels(hotline: Hotline, code: Code, kind: str) -> list[dict[str, Any]]:
    return [one for one in hotline.read(code) if one["type"] == kind]


def read_all(report: Report) -> None:
    """A person opens the case."""
    ending.note_read(numbers=[words.number for words in added(report) if words.number])


def test_a_question_lies_in_the_mailbox_with_its_number(hotline: Hotline) -> None:
    code, report = reported(hotline)
    number = ask(hotline, report)
    assert parcels(hotline, code, "question") == [{"type": "question", "number": str(number), "text": "On which day?"}]
    assert parcels(hotline, code, "answered") == []


def test_an_answer_belongs_to_its_question_and_the_mailbox_knows(hotline: Hotline) -> None:
    code, report = reported(hotline)
    number = ask(hotline, report)
    hotline.reply(code, text="On Tuesday.", to=str(number), nonce="a" * 32)
    hotline.work()
    [answer] = added(report)
    assert answer.content == {"text": "On Tuesday.", "to": str(number)}
    assert (answer.question, answer.unread) == ("On which day?", True)
    assert parcels(hotline, code, "answered") == [{"type": "answered", "number": str(number)}]


def test_a_second_answer_is_kept_and_the_mailbox_is_told_once(hotline: Hotline) -> None:
    code, report = reported(hotline)
    number = ask(hotline, report)
    for text in ("On Tuesday.", "In the evening."):
        hotline.reply(code, text=text, to=str(number), nonce="a" * 32)
        hotline.work()
    assert texts(report) == ["On Tuesday.", "In the evening."]
    assert len(parcels(hotline, code, "answered")) == 1


def test_each_question_is_answered_on_its_own(hotline: Hotline) -> None:
    code, report = reported(hotline)
    day, colour = ask(hotline, report), ask(hotline, report, "Which colour?")
    hotline.reply(code, text="Red.", to=str(colour))
    hotline.work()
    assert [one["number"] for one in parcels(hotline, code, "answered")] == [str(colour)]
    answered = {words.number: words.answered for words in cases.words_of(report) if not words.incoming}
    assert (answered[day], answered[colour]) == (False, True)


@pytest.mark.parametrize("to", ["", "damaged", "00000000-0000-4000-8000-000000000000"])
def test_an_answer_to_what_nobody_asked_is_kept_as_plain_words(hotline: Hotline, to: str) -> None:
    code, report = reported(hotline)
    hotline.reply(code, text="On Tuesday.", to=to)
    hotline.work()
    assert [words.content for words in added(report)] == [{"text": "On Tuesday."}]
    assert parcels(hotline, code, "answered") == []


def test_nobody_answers_for_another_reporter(hotline: Hotline) -> None:
    code, report = reported(hotline)
    number = ask(hotline, report)
    stranger, of_stranger = reported(hotline, "Something else entirely.")
    hotline.reply(stranger, text="I answer that.", to=str(number))
    hotline.work()
    assert added(report) == []
    assert [words.content for words in added(of_stranger)] == [{"text": "I answer that."}]
    assert parcels(hotline, code, "answered") == parcels(hotline, stranger, "answered") == []


@pytest.mark.parametrize("asked", [True, False])
def test_a_button_pressed_twice_counts_once(hotline: Hotline, asked: bool) -> None:  # noqa: FBT001 - a table
    code, report = reported(hotline)
    to = {"to": str(ask(hotline, report))} if asked else {}
    for _ in range(2):
        hotline.reply(code, text="On Tuesday.", nonce="a" * 32, **to)
    hotline.work()
    assert texts(report) == ["On Tuesday."]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"text": "On Tuesday.", "nonce": "a" * 32}, {"text": "On Monday.", "nonce": "a" * 32}),
        ({"text": "On Tuesday.", "nonce": "a" * 32}, {"text": "On Tuesday.", "nonce": "b" * 32}),
        ({"text": "On Tuesday."}, {"text": "On Tuesday."}),
    ],
)
def test_what_was_changed_or_sent_on_purpose_is_kept(
    hotline: Hotline, first: dict[str, str], second: dict[str, str]
) -> None:
    code, report = reported(hotline)
    hotline.reply(code, **first)
    hotline.reply(code, **second)
    hotline.work()
    assert texts(report) == [first["text"], second["text"]]


def test_two_reporters_may_carry_the_same_number_and_words(hotline: Hotline) -> None:
    (one, of_one), (two, of_two) = reported(hotline, "One"), reported(hotline, "Two")
    for code in (one, two):
        hotline.reply(code, text="Thank you.", nonce="a" * 32)
    hotline.work()
    assert texts(of_one) == texts(of_two) == ["Thank you."]


def test_a_worker_that_died_after_an_answer_does_it_again_and_it_counts_once(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, report = reported(hotline)
    number = ask(hotline, report)
    hotline.reply(code, text="On Tuesday.", to=str(number))
    with monkeypatch.context() as patch:
        patch.setattr(letterbox, "discard", lambda letter: None)
        hotline.worker.run_once()
    hotline.work()
    assert texts(report) == ["On Tuesday."]
    assert len(parcels(hotline, code, "answered")) == 1


def test_words_to_a_closed_case_bring_it_back_until_a_person_has_read_them(
    hotline: Hotline, anna: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "now", lambda: hotline.time)
    code, report = reported(hotline, SWEDISH)
    hotline.assess(anna, SWEDISH, finding="not_child")
    hotline.work()
    assert Case.objects.get().state == CaseState.CLOSED
    hotline.reply(code, text=f"Look again at {SWEDISH} please.")
    hotline.work()
    case = Case.objects.get()
    assert (case.state, case.rank_reason) == (CaseState.OPEN, "The reporter has written again.")
    assert parcels(hotline, code, "status")[-1]["status"] == ReporterStatus.READING
    with pytest.raises(NotNow, match="read it first"):
        close_by_hand(by=anna, case=case)
    read_all(report)
    close_by_hand(by=anna, case=case)
    hotline.work()
    assert Case.objects.get().state == CaseState.CLOSED
    assert parcels(hotline, code, "status")[-1]["status"] == ReporterStatus.CLOSED


def test_a_case_with_words_that_nobody_has_read_is_not_closed_by_the_worker(hotline: Hotline, anna: Staff) -> None:
    code, report = reported(hotline, SWEDISH)
    hotline.reply(code, text="One more thing.")
    hotline.work()
    hotline.assess(anna, SWEDISH, finding="not_child")
    hotline.work()
    case = Case.objects.get()
    assert case.state == CaseState.OPEN
    read_all(report)
    close_by_hand(by=anna, case=case)
    assert Case.objects.get().state == CaseState.CLOSED
