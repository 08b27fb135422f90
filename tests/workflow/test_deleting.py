"""A reporter takes a report back: the words go, the addresses stay, and nobody else can do it."""

from typing import Any

import pytest
from tests.workflow.conftest import HOTLINE_KEY, SWEDISH, Hotline

from lykta.core.vocabulary import CaseState, LetterKind
from lykta.lib import clock, codes, sealing
from lykta.lib.codes import Code
from lykta.records.audit.models import Entry
from lykta.records.audit.words import AuditWord
from lykta.records.cases import queries as cases
from lykta.records.cases.actions import forgetting, joining
from lykta.records.cases.models import Case, Item, Message, Report
from lykta.records.cases.queries import Words
from lykta.records.letterbox import actions as letterbox
from lykta.records.letterbox import queries as letterbox_queries
from lykta.records.letterbox.models import Box, Letter, Parcel
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"], transaction=True)


def delete(code: Code) -> None:
    box = letterbox_queries.box_for(code, now=clock.now())
    assert box is not None
    key = sealing.public_key(HOTLINE_KEY)
    letterbox.close_box(box=box, code=code, hotline_key=key, now=clock.now())


def words(case: Case) -> list[dict[str, Any] | None]:
    """What the reporters of a case wrote."""
    return [one.content for one in _said(case) if one.incoming]


def _said(case: Case) -> list[Words]:
    return [one for report in cases.reports_of(case) for one in cases.words_of(report)]


def forgotten() -> list[str]:
    return [entry.subject for entry in Entry.objects.filter(word=AuditWord.CASE_FORGOTTEN)]


def test_the_words_go_and_the_addresses_stay(hotline: Hotline) -> None:
    code = hotline.receive(f"My name is Kim. See {SWEDISH}", contact="kim@mail.example")
    hotline.work()
    hotline.reply(code, text="And on Tuesday, too.")
    hotline.work()
    delete(code)
    hotline.work()
    case = Case.objects.get()
    assert words(case) == [None, None]
    assert {one.content for one in _said(case)} == {None}
    assert case.forgotten_at == hotline.time
    assert forgotten() == [f"case:{case.pk}"]
    assert Item.objects.get().address == SWEDISH
    assert case.state == CaseState.OPEN
    assert not Letter.objects.exists()


def test_the_address_is_still_assessed_and_the_police_told(hotline: Hotline, anna: Staff) -> None:
    code = hotline.receive(SWEDISH)
    hotline.work()
    delete(code)
    hotline.work()
    hotline.assess(anna, SWEDISH)
    hotline.work()
    assert len(hotline.sent_to("police@polis.test")) == 1


def test_it_comes_to_an_end_without_a_word_to_anybody_and_is_not_forgotten_twice(hotline: Hotline, anna: Staff) -> None:
    code = hotline.receive(SWEDISH)
    hotline.work()
    delete(code)
    hotline.work()
    before = Message.objects.count()
    hotline.assess(anna, SWEDISH, finding="not_child")
    hotline.work()
    case = Case.objects.get()
    assert case.state == CaseState.CLOSED
    assert case.forget_at is None
    assert Message.objects.count() == before
    assert len(forgotten()) == 1


def test_a_case_of_words_alone_is_closed_since_nothing_is_left_to_read(hotline: Hotline) -> None:
    code = hotline.receive("A man in the harbour said something.")
    hotline.work()
    delete(code)
    hotline.work()
    case = Case.objects.get()
    assert case.state == CaseState.CLOSED
    assert case.forget_at is None
    assert words(case) == [None]


def test_a_report_that_nobody_has_taken_in_leaves_nothing_behind(hotline: Hotline) -> None:
    code = hotline.receive(f"Never read: {SWEDISH}")
    hotline.reply(code, text="Never read, either.")
    delete(code)
    hotline.work()
    letterbox.empty_expired(now=clock.now() + letterbox.LOCKED_FOR)
    assert [model.objects.count() for model in (Case, Report, Item)] == [0] * 3
    assert not Entry.objects.filter(subject__regex="^(case|item|letter):").exists()
    assert [model.objects.using("letterbox").count() for model in (Box, Letter, Parcel)] == [0] * 3


def test_a_report_that_the_worker_holds_at_that_moment_is_forgotten_as_well(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = hotline.receive(SWEDISH)
    in_its_hands = letterbox_queries.waiting_letters(9)
    delete(code)
    with monkeypatch.context() as patch:
        patch.setattr(letterbox_queries, "waiting_letters", lambda limit: in_its_hands)
        hotline.worker.run_once()
    assert Report.objects.count() == 1
    hotline.work()
    assert words(Case.objects.get()) == [None]


def test_another_report_of_the_same_address_keeps_its_words(hotline: Hotline) -> None:
    mine, _other = hotline.receive(f"I: {SWEDISH}"), hotline.receive(f"Also: {SWEDISH}")
    hotline.work()
    delete(mine)
    hotline.work()
    assert [words(case)[0] is None for case in Case.objects.order_by("pk")] == [True, False]


@pytest.mark.parametrize("proof", [{"proof": codes.proof(codes.new()).hex()}, {"proof": "no number"}, {}])
def test_without_the_code_nobody_deletes_a_report(hotline: Hotline, proof: dict[str, str]) -> None:
    hotline.receive("Stays")
    hotline.work()
    sealed = sealing.seal(proof, to=sealing.public_key(HOTLINE_KEY))
    box = Box.objects.using("letterbox").get()
    Letter.objects.using("letterbox").create(box=box, kind=LetterKind.DELETE, sealed=sealed, received_at=clock.now())
    hotline.work()
    assert [one["answers"]["where"] for one in words(Case.objects.get()) if one] == ["Stays"]
    assert forgotten() == []
    assert Letter.objects.using("letterbox").get().failed_at == hotline.time
    assert Entry.objects.filter(word=AuditWord.LETTER_SET_ASIDE).count() == 1


def test_a_worker_that_died_in_between_does_it_again_and_notes_it_once(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = hotline.receive(SWEDISH)
    hotline.work()
    delete(code)
    with monkeypatch.context() as patch:
        patch.setattr(letterbox, "discard", lambda letter: None)
        hotline.worker.run_once()
    assert len(forgotten()) == 1
    hotline.work()
    assert len(forgotten()) == 1
    assert not Letter.objects.exists()


def test_words_to_a_case_that_has_been_forgotten_wait_for_a_person_and_block_nobody(hotline: Hotline) -> None:
    code = hotline.receive("Long ago")
    hotline.work()
    forgetting.forget(by="worker", case_number=Case.objects.get().pk, now=clock.now())
    hotline.reply(code, text="One more thing")
    hotline.receive("Somebody else")
    hotline.work()
    assert Letter.objects.using("letterbox").get().failed_at == hotline.time
    assert Report.objects.count() == 2


def test_who_takes_a_report_back_leaves_the_words_of_a_merged_one(hotline: Hotline, anna: Staff) -> None:
    mine, other = hotline.receive(f"Mine: {SWEDISH}"), hotline.receive("Of somebody else")
    hotline.work()
    first, second = Case.objects.order_by("pk")
    joining.merge(by=anna, case=second, into=first, now=hotline.time)
    delete(mine)
    hotline.work()
    assert [one["answers"]["where"] if one else None for one in words(Case.objects.get(pk=second.pk))] == [
        "Of somebody else"
    ]
    assert words(Case.objects.get(pk=first.pk)) == [None]
    assert other
