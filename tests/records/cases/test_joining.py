"""Merging and splitting: everything can be read where it is, everything can be undone, and forgetting stays exact."""

from datetime import datetime
from uuid import uuid4

import pytest
from tests.records.conftest import TakeIn

from lykta.core.attaching import FileKind
from lykta.core.refusals import NotNow
from lykta.core.urgency import Urgency
from lykta.core.vocabulary import CaseState
from lykta.records.audit.models import Entry
from lykta.records.audit.words import AuditWord
from lykta.records.cases import keyring, queries
from lykta.records.cases.actions import attachments, ending, forgetting, intake, joining
from lykta.records.cases.models import Case, Report
from lykta.records.casework import actions as casework
from lykta.records.casework import queries as casework_queries
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db
ONE, TWO, THREE = (f"{word}: http://{word}.nordhost.test/" for word in ("one", "two", "three"))


@pytest.fixture
def first(report: TakeIn) -> Report:
    return report(ONE)


@pytest.fixture
def second(report: TakeIn) -> Report:
    return report(TWO)


def said(case: Case) -> list[str | None]:
    """The words of all reports in a case, None where they are forgotten."""
    found = [one for report in queries.reports_of(case) for one in queries.words_of(report)]
    return [one.content["text"] if one.content else None for one in found]


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def merged(first: Report, second: Report, by: Staff, now: datetime) -> Case:
    """The second case put into the first."""
    joining.merge(by=by, case=second.case, into=first.case, now=now)
    return fresh(first.case)


def test_a_merged_case_reads_all_words_and_names_all_items(
    first: Report, second: Report, anna: Staff, now: datetime
) -> None:
    case = merged(first, second, anna, now)
    assert said(case) == [ONE, TWO]
    assert [item.host for item in queries.items_of(case)] == ["one.nordhost.test", "two.nordhost.test"]
    emptied = fresh(second.case)
    assert (emptied.state, emptied.merged_into, emptied.forget_at) == (CaseState.CLOSED, case, None)


def test_new_words_and_files_of_a_merged_report_lie_under_its_own_key(
    first: Report, second: Report, anna: Staff, now: datetime
) -> None:
    case = merged(first, second, anna, now)
    report = Report.objects.get(pk=second.pk)
    intake.add_words(by="w", report=report, number=uuid4(), content={"text": "more"}, locators=(), at=now, now=now)
    file = attachments.add_attachment(report=report, number=uuid4(), name="chat.txt", kind=FileKind.TEXT, now=now)
    attachments.add_piece(attachment=file, index=1, data=b"hello")
    assert said(case) == [ONE, TWO, "more"]
    joining.part(by="w", case=fresh(second.case), now=now)
    forgetting.forget(by="w", case_number=first.case_id, now=now)
    assert said(fresh(second.case)) == [TWO, "more"]
    assert list(queries.pieces_of(file)) == [b"hello"]


def test_a_merge_is_undone_to_the_last_report(first: Report, second: Report, anna: Staff, now: datetime) -> None:
    case = merged(first, second, anna, now)
    joining.part(by=anna.actor, case=fresh(second.case), now=now)
    assert (said(fresh(case)), said(fresh(second.case))) == ([ONE], [TWO])
    assert fresh(second.case).state == CaseState.OPEN
    assert Entry.objects.filter(word=AuditWord.CASE_PARTED).count() == 2
    with pytest.raises(NotNow):
        joining.part(by=anna.actor, case=fresh(second.case), now=now)


def test_the_more_urgent_place_and_the_countries_go_along(
    first: Report, second: Report, anna: Staff, now: datetime
) -> None:
    ending.rank(case_number=first.case_id, urgency=Urgency(5, "New."), countries=["SE"])
    ending.rank(case_number=second.case_id, urgency=Urgency(1, "Danger."), countries=["NL"])
    case = merged(first, second, anna, now)
    assert (case.rank, case.rank_reason, case.countries) == (1, "Danger.", "NL SE")


def test_a_closed_case_opens_when_something_is_put_into_it(
    first: Report, second: Report, anna: Staff, now: datetime
) -> None:
    ending.close(by="w", case_number=first.case_id, now=now)
    case = merged(first, second, anna, now)
    assert (case.state, case.forget_at) == (CaseState.OPEN, None)


def test_forgetting_a_merged_case_destroys_every_key_of_it(
    first: Report, second: Report, anna: Staff, now: datetime
) -> None:
    casework.write_note(by=anna, case=second.case, text="a note", now=now)
    case = merged(first, second, anna, now)
    assert [one.text for one in casework_queries.notes_of(case)] == ["a note"]
    forgetting.forget(by="w", case_number=case.pk, now=now)
    assert said(case) == [None, None]
    assert [one.text for one in casework_queries.notes_of(case)] == [None]
    for uuid in (first.case.uuid, second.case.uuid):
        with pytest.raises(keyring.Forgotten):
            keyring.lock(uuid, {})
    with pytest.raises(NotNow):
        joining.part(by="w", case=fresh(second.case), now=now)


def test_what_was_merged_twice_over_comes_apart_one_by_one(
    first: Report, second: Report, report: TakeIn, anna: Staff, now: datetime
) -> None:
    third = report(THREE)
    joining.merge(by=anna, case=third.case, into=second.case, now=now)
    case = merged(first, Report.objects.get(pk=second.pk), anna, now)
    assert said(case) == [ONE, TWO, THREE]
    joining.part(by="w", case=fresh(third.case), now=now)
    assert (said(case), said(fresh(third.case))) == ([ONE, TWO], [THREE])


@pytest.mark.parametrize("forgotten", [0, 1])
def test_a_forgotten_case_is_neither_merged_nor_merged_into(
    first: Report, second: Report, anna: Staff, now: datetime, *, forgotten: int
) -> None:
    forgetting.forget(by="w", case_number=[first, second][forgotten].case_id, now=now)
    with pytest.raises(NotNow):
        merged(first, second, anna, now)


def test_a_case_is_not_merged_into_itself_or_into_what_is_merged(
    first: Report, second: Report, anna: Staff, now: datetime
) -> None:
    with pytest.raises(NotNow):
        joining.merge(by=anna, case=first.case, into=first.case, now=now)
    merged(first, second, anna, now)
    with pytest.raises(NotNow):
        joining.merge(by=anna, case=first.case, into=fresh(second.case), now=now)


def test_a_split_gives_the_reports_a_key_of_their_own(
    first: Report, second: Report, anna: Staff, now: datetime
) -> None:
    intake.add_words(by="w", report=second, number=uuid4(), content={"text": "more"}, locators=(), at=now, now=now)
    file = attachments.add_attachment(report=second, number=uuid4(), name="chat.txt", kind=FileKind.TEXT, now=now)
    attachments.add_piece(attachment=file, index=1, data=b"hello")
    case = merged(first, second, anna, now)
    made = joining.split(by=anna, case=case, reports=[second.pk], now=now)
    assert (said(case), said(made)) == ([ONE], [TWO, "more"])
    forgetting.forget(by="w", case_number=case.pk, now=now)
    assert said(made) == [TWO, "more"]
    [kept] = queries.files_of(Report.objects.get(pk=second.pk))
    assert (kept.name, list(queries.pieces_of(kept.attachment))) == ("chat.txt", [b"hello"])


def test_a_split_is_undone_by_a_merge(first: Report, second: Report, anna: Staff, now: datetime) -> None:
    case = merged(first, second, anna, now)
    made = joining.split(by=anna, case=case, reports=[second.pk], now=now)
    joining.merge(by=anna, case=made, into=fresh(case), now=now)
    assert said(case) == [ONE, TWO]


@pytest.mark.parametrize("chosen", [[], [0, 1], [999_999]])
def test_a_split_takes_some_and_leaves_some(
    first: Report, second: Report, anna: Staff, now: datetime, *, chosen: list[int]
) -> None:
    case = merged(first, second, anna, now)
    numbers = [[first.pk, second.pk][one] if one < 2 else one for one in chosen]
    with pytest.raises(NotNow):
        joining.split(by=anna, case=case, reports=numbers, now=now)


@pytest.mark.parametrize("whose", [0, 1])
def test_who_takes_a_report_back_takes_nobody_elses(
    first: Report, second: Report, anna: Staff, now: datetime, *, whose: int
) -> None:
    merged(first, second, anna, now)
    mine, other = [(first, second), (second, first)][whose]
    case = joining.alone(by="w", report=Report.objects.get(pk=mine.pk), now=now)
    forgetting.forget(by="w", case_number=case.pk, now=now)
    assert said(case) == [None]
    assert said(Report.objects.get(pk=other.pk).case) == [ONE if whose else TWO]
