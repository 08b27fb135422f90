"""Notes, tasks, views and text blocks: under the case's key, in the audit without a word of them, each in its place."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from tests.records.conftest import TakeIn

from lykta.core.refusals import NotAllowed, NotNow, NotUnderstood
from lykta.core.vocabulary import Role
from lykta.records.audit.models import Entry
from lykta.records.audit.words import AuditWord
from lykta.records.cases.actions import forgetting, judging
from lykta.records.cases.models import Case
from lykta.records.casework import access, actions, queries
from lykta.records.casework.models import Note, SavedView, Task, TextBlock
from lykta.records.people import queries as people
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db
SAID = "Ask the host about the second album."


@pytest.fixture
def case(report: TakeIn) -> Case:
    return report().case


def texts(found: list[queries.Written]) -> list[str | None]:
    return [one.text for one in found]


def last(word: AuditWord) -> dict[str, object]:
    """The facts of the newest entry with this word."""
    found: dict[str, object] = json.loads(Entry.objects.filter(word=word).latest("number").facts)
    return found


def test_a_note_is_read_by_staff_and_lies_sealed(case: Case, anna: Staff, now: datetime) -> None:
    note = actions.write_note(by=anna, case=case, text=SAID, now=now)
    assert texts(queries.notes_of(case)) == [SAID]
    assert SAID.encode() not in bytes(Note.objects.get().words)
    assert last(AuditWord.NOTE_WRITTEN) == {"note": note.pk}


def test_notes_and_tasks_are_forgotten_with_their_case(case: Case, anna: Staff, now: datetime) -> None:
    actions.write_note(by=anna, case=case, text=SAID, now=now)
    actions.make_task(by=anna, case=case, assignee=anna, text=SAID, due_at=now, now=now)
    forgetting.forget(by="worker", case_number=case.pk, now=now)
    assert texts(queries.notes_of(case)) == texts(queries.tasks_for(anna)) == [None]
    with pytest.raises(NotNow):
        actions.write_note(by=anna, case=case, text=SAID, now=now)


@pytest.mark.parametrize("text", ["", "x" * (actions.LONGEST_WORDS + 1)])
def test_nothing_and_too_much_are_refused(case: Case, anna: Staff, now: datetime, text: str) -> None:
    with pytest.raises(NotUnderstood):
        actions.write_note(by=anna, case=case, text=text, now=now)
    with pytest.raises(NotUnderstood):
        actions.make_task(by=anna, case=case, assignee=anna, text=text, due_at=now, now=now)
    assert not Note.objects.exists()
    assert not Task.objects.exists()


def test_tasks_come_to_whom_they_were_given_the_next_due_first(
    case: Case, anna: Staff, lena: Staff, now: datetime
) -> None:
    for hours, who, text in ((2, lena, "later"), (1, lena, "sooner"), (1, anna, "mine")):
        due = now + timedelta(hours=hours)
        actions.make_task(by=anna, case=case, assignee=who, text=text, due_at=due, now=now)
    assert texts(queries.tasks_for(lena)) == ["sooner", "later"]
    assert set(texts(queries.tasks_of(case))) == {"sooner", "later", "mine"}
    assert texts(queries.late_tasks(lena, now=now + timedelta(minutes=90))) == ["sooner"]
    assert last(AuditWord.TASK_MADE)["to"] == "anna"


def test_the_tasks_of_somebody_who_has_left_come_to_who_leads(
    case: Case, anna: Staff, lena: Staff, now: datetime
) -> None:
    actions.make_task(by=anna, case=case, assignee=anna, text=SAID, due_at=now, now=now)
    Staff.objects.filter(pk=lena.pk).update(role=Role.LEAD)
    lena.refresh_from_db()
    assert queries.tasks_for(lena) == []
    Staff.objects.filter(pk=anna.pk).update(is_active=False)
    assert texts(queries.tasks_for(lena)) == texts(queries.late_tasks(lena, now=now + timedelta(1))) == [SAID]


def test_a_task_is_done_once_by_whoever_did_it(case: Case, anna: Staff, lena: Staff, now: datetime) -> None:
    task = actions.make_task(by=anna, case=case, assignee=lena, text=SAID, due_at=now, now=now)
    for _ in range(2):
        actions.do_task(by=anna, task=task, now=now)
    assert queries.tasks_for(lena) == queries.tasks_of(case) == []
    assert Entry.objects.filter(word=AuditWord.TASK_DONE).count() == 1


def test_a_note_of_a_hand_over_waits_as_long_as_the_case_is_in_those_hands(
    case: Case, anna: Staff, lena: Staff, now: datetime
) -> None:
    judging.hand_over(by=anna, case=case, to=lena, now=now)
    actions.write_note(by=anna, case=case, text=SAID, to=lena, now=now)
    assert texts(queries.notes_to(lena)) == [SAID]
    judging.give_back(by=lena, case=case)
    assert queries.notes_to(lena) == []


def test_a_view_is_its_keepers_and_the_same_name_replaces_it(anna: Staff, lena: Staff) -> None:
    actions.keep_view(by=anna, name="Swedish", query="country=SE")
    view = actions.keep_view(by=anna, name="Swedish", query="country=SE&days=3")
    assert [one.query for one in queries.views_of(anna)] == ["country=SE&days=3"]
    assert queries.views_of(lena) == []
    actions.drop_view(by=lena, view=view)
    assert SavedView.objects.exists()
    actions.drop_view(by=anna, view=view)
    assert not SavedView.objects.exists()


def test_a_view_needs_a_name_and_there_are_not_endlessly_many(anna: Staff) -> None:
    with pytest.raises(NotUnderstood):
        actions.keep_view(by=anna, name="", query="")
    for number in range(actions.VIEWS):
        actions.keep_view(by=anna, name=str(number), query="")
    with pytest.raises(NotNow):
        actions.keep_view(by=anna, name="one too many", query="")
    actions.keep_view(by=anna, name="0", query="days=1")


def test_a_text_block_of_ones_own_takes_the_place_until_it_is_emptied(lena: Staff) -> None:
    actions.change_text_block(by=lena, name="thanks", language="sv", text="Tack!")
    assert queries.own_text_blocks("sv") == {"thanks": "Tack!"}
    assert queries.own_text_blocks("en") == {}
    actions.change_text_block(by=lena, name="thanks", language="sv", text="")
    assert not TextBlock.objects.exists()
    assert last(AuditWord.TEXT_BLOCK_CHANGED) == {"language": "sv", "own": False}


Door = Callable[[Staff, int], object]


@pytest.mark.parametrize("door", [access.access_view, access.access_task, access.access_suspicion])
def test_absent_and_not_yours_get_the_same_answer(
    door: Door, case: Case, anna: Staff, adam: Staff, now: datetime
) -> None:
    task = actions.make_task(by=anna, case=case, assignee=anna, text=SAID, due_at=now, now=now)
    said = set()
    for who, number in ((anna, 999_999), (adam, 1), (adam, task.pk)):
        with pytest.raises(NotAllowed) as refused:
            door(who, number)
        said.add(str(refused.value))
    assert len(said) == 1


def test_a_view_is_not_there_for_anybody_else(anna: Staff, lena: Staff) -> None:
    view = actions.keep_view(by=lena, name="Swedish", query="country=SE")
    assert access.access_view(lena, view.pk) == view
    with pytest.raises(NotAllowed):
        access.access_view(anna, view.pk)


def test_only_who_works_with_cases_is_a_colleague_to_hand_over_to(anna: Staff, lena: Staff, adam: Staff) -> None:
    assert people.case_workers() == [anna, lena]
    assert people.case_worker("lena") == lena
    assert people.case_worker("adam") is None
    Staff.objects.filter(pk=lena.pk).update(is_active=False)
    assert people.case_worker("lena") is None
