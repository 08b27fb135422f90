"""Data about suspected persons: apart from all else, under a key of their own and that of the case, destroyed for good."""

import json
from datetime import datetime
from typing import Any

import pytest
from tests.records.conftest import TakeIn

from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import SuspicionBasis, SuspicionPurpose
from lykta.records.audit.models import Entry
from lykta.records.audit.words import AuditWord
from lykta.records.cases import keyring
from lykta.records.cases.actions import forgetting, joining
from lykta.records.cases.models import Case
from lykta.records.casework import actions, queries
from lykta.records.casework.models import Suspicion
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db
SAID = "A man who calls himself Uncle."


@pytest.fixture
def case(report: TakeIn) -> Case:
    return report().case


def suspect(case: Case, by: Staff, now: datetime, **changes: Any) -> Suspicion:
    given: dict[str, Any] = {
        "text": SAID,
        "purpose": SuspicionPurpose.REFER,
        "basis": SuspicionBasis.CLAIM,
        "passed_on": True,
        **changes,
    }
    return actions.suspect(by=by, case=case, now=now, **given)


def test_it_is_read_with_both_keys_and_with_neither_alone(case: Case, anna: Staff, now: datetime) -> None:
    made = suspect(case, anna, now)
    assert queries.suspicion_text(made) == SAID
    assert SAID.encode() not in bytes(made.words)
    keyring.forget(made.uuid)
    assert queries.suspicion_text(made) is None


def test_it_is_forgotten_with_its_case(case: Case, anna: Staff, now: datetime) -> None:
    made = suspect(case, anna, now)
    forgetting.forget(by="w", case_number=case.pk, now=now)
    assert queries.suspicion_text(made) is None
    with pytest.raises(NotNow):
        suspect(case, anna, now)


@pytest.mark.parametrize("text", ["", "x" * (actions.LONGEST_WORDS + 1)])
def test_nothing_and_too_much_are_refused(case: Case, anna: Staff, now: datetime, text: str) -> None:
    with pytest.raises(NotUnderstood):
        suspect(case, anna, now, text=text)
    assert not Suspicion.objects.exists()


def test_destroyed_is_destroyed_in_a_copy_of_the_database_too(case: Case, anna: Staff, now: datetime) -> None:
    made = suspect(case, anna, now)
    copied = bytes(Suspicion.objects.get().words)
    for _ in range(2):
        actions.destroy_suspicion(by="w", suspicion=made, now=now)
    kept = Suspicion.objects.get()
    assert (bytes(kept.words), kept.destroyed_at) == (b"", now)
    assert queries.suspicion_text(kept) is None
    kept.words, kept.destroyed_at = copied, None
    assert queries.suspicion_text(kept) is None
    assert Entry.objects.filter(word=AuditWord.SUSPICION_DESTROYED).count() == 1


def test_the_record_names_purpose_and_basis_and_not_a_word_of_it(case: Case, anna: Staff, now: datetime) -> None:
    made = suspect(case, anna, now)
    actions.note_suspicion_seen(by=anna, suspicion=made, purpose=SuspicionPurpose.PROTECT)
    written, seen = (
        json.loads(Entry.objects.get(word=word).facts)
        for word in (AuditWord.SUSPICION_WRITTEN, AuditWord.SUSPICION_SEEN)
    )
    assert written == {"suspicion": made.pk, "purpose": "refer", "basis": "claim", "passed_on": True}
    assert seen == {"suspicion": made.pk, "purpose": "protect"}


def test_only_what_is_to_be_passed_on_is(case: Case, report: TakeIn, anna: Staff, now: datetime) -> None:
    one = suspect(case, anna, now)
    suspect(case, anna, now, passed_on=False)
    gone = suspect(case, anna, now)
    actions.destroy_suspicion(by="w", suspicion=gone, now=now)
    suspect(report("another").case, anna, now)
    assert queries.to_pass_on([case]) == [one]


def test_a_merge_takes_suspicions_along(case: Case, report: TakeIn, anna: Staff, now: datetime) -> None:
    other = report("another").case
    made = suspect(other, anna, now)
    joining.merge(by=anna, case=other, into=case, now=now)
    assert queries.suspicions_of(case) == queries.to_pass_on([case]) == [made]
