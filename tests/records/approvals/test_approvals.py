"""Four eyes: another person each time, exactly this deed, once, within a day."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from lykta.core.clocks import APPROVAL_LASTS
from lykta.core.refusals import NotAllowed, NotNow, NotUnderstood
from lykta.core.vocabulary import ApprovalKind, ApprovalState, Role
from lykta.records.approvals import actions, queries
from lykta.records.approvals.actions import Deed
from lykta.records.approvals.models import Approval
from lykta.records.audit.models import Entry
from lykta.records.people import actions as people
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db

DEED = Deed(ApprovalKind.EXPORT, "case:5", {"case": "2026-000005", "attachments": "no"})
WHY = "The police asked for it."


@pytest.fixture
def asked(anna: Staff, now: datetime) -> Approval:
    return actions.ask(by=anna, deed=DEED, reason=WHY, now=now)


def take(by: Staff, deed: Deed, now: datetime) -> Approval:
    with transaction.atomic():
        return actions.take(by=by, deed=deed, now=now)


def test_what_a_second_person_approved_can_be_done_once(
    asked: Approval, anna: Staff, lena: Staff, now: datetime
) -> None:
    assert queries.to_decide(lena, now=now) == [asked]
    actions.approve(by=lena, number=asked.pk, now=now)
    assert queries.standing(anna, DEED, now=now) == ApprovalState.APPROVED
    assert take(anna, DEED, now).state == ApprovalState.USED
    with pytest.raises(NotNow, match="Nobody has approved exactly this"):
        take(anna, DEED, now)
    assert [one.state for one in queries.ended()] == [ApprovalState.USED]


@pytest.mark.parametrize(
    "other",
    [
        Deed(ApprovalKind.DISCLOSURE, DEED.subject, DEED.details),
        Deed(DEED.kind, "case:6", DEED.details),
        Deed(DEED.kind, DEED.subject, {**DEED.details, "attachments": "yes"}),
        Deed(DEED.kind, DEED.subject, {"case": "2026-000005"}),
    ],
)
def test_an_approval_is_worth_nothing_for_anything_else(
    asked: Approval, anna: Staff, lena: Staff, now: datetime, other: Deed
) -> None:
    actions.approve(by=lena, number=asked.pk, now=now)
    with pytest.raises(NotNow):
        take(anna, other, now)


def test_nobody_else_uses_it(asked: Approval, lena: Staff, now: datetime) -> None:
    actions.approve(by=lena, number=asked.pk, now=now)
    with pytest.raises(NotNow):
        take(lena, DEED, now)


def test_nobody_approves_what_they_asked_for(lena: Staff, now: datetime) -> None:
    own = actions.ask(by=lena, deed=DEED, reason=WHY, now=now)
    assert queries.to_decide(lena, now=now) == []
    with pytest.raises(NotAllowed):
        actions.approve(by=lena, number=own.pk, now=now)


def test_the_database_itself_refuses_two_eyes(asked: Approval, anna: Staff) -> None:
    asked.decided_by = anna
    with pytest.raises(IntegrityError), transaction.atomic():
        asked.save()


def test_an_analyst_decides_what_a_lead_asks_for(lena: Staff, anna: Staff, now: datetime) -> None:
    asked = actions.ask(by=lena, deed=DEED, reason=WHY, now=now)
    assert actions.approve(by=anna, number=asked.pk, now=now).state == ApprovalState.APPROVED


def test_two_who_do_not_lead_are_not_enough(asked: Approval, now: datetime) -> None:
    ben = people.invite(by="test", username="ben", password="a long enough password", role=Role.ANALYST)
    with pytest.raises(NotAllowed):
        actions.approve(by=ben, number=asked.pk, now=now)


def test_who_sees_no_case_decides_nothing_and_what_is_not_there_is_refused_alike(
    asked: Approval, adam: Staff, lena: Staff, now: datetime
) -> None:
    with pytest.raises(NotAllowed) as not_yours:
        actions.refuse(by=adam, number=asked.pk, because="Not now.", now=now)
    with pytest.raises(NotAllowed) as not_there:
        actions.refuse(by=lena, number=asked.pk + 1, because="Not now.", now=now)
    assert str(not_yours.value) == str(not_there.value)


def test_what_was_refused_stays_refused(asked: Approval, anna: Staff, lena: Staff, now: datetime) -> None:
    actions.refuse(by=lena, number=asked.pk, because="Not now.", now=now)
    with pytest.raises(NotNow, match="decided already"):
        actions.approve(by=lena, number=asked.pk, now=now)
    with pytest.raises(NotNow):
        take(anna, DEED, now)
    assert actions.ask(by=anna, deed=DEED, reason="Now with a reason.", now=now).pk != asked.pk


def test_after_a_day_it_is_too_late_to_approve_and_to_use(
    asked: Approval, anna: Staff, lena: Staff, now: datetime
) -> None:
    late = now + APPROVAL_LASTS
    with pytest.raises(NotNow, match="too late"):
        actions.approve(by=lena, number=asked.pk, now=late)
    actions.approve(by=lena, number=asked.pk, now=late - timedelta(seconds=1))
    with pytest.raises(NotNow, match="too long ago"):
        take(anna, DEED, late)
    assert actions.expire(by="worker", now=late) == 1
    assert actions.expire(by="worker", now=late) == 0
    assert [one.state for one in queries.asked_by(anna, now=late)] == [ApprovalState.EXPIRED]
    assert queries.asked_by(anna, now=now + queries.OWN_SHOWN) == []


def test_the_same_is_not_asked_twice_at_once(asked: Approval, anna: Staff, now: datetime) -> None:
    with pytest.raises(NotNow, match="asked for this already"):
        actions.ask(by=anna, deed=DEED, reason=WHY, now=now)
    assert queries.asked_by(anna, now=now) == [asked]


@pytest.mark.parametrize("reason", ["", "x" * 301])
def test_a_reason_is_needed_and_short(anna: Staff, now: datetime, reason: str) -> None:
    with pytest.raises(NotUnderstood, match="at most 300 letters"):
        actions.ask(by=anna, deed=DEED, reason=reason, now=now)


@pytest.mark.django_db(transaction=True)
def test_it_is_used_only_together_with_the_deed(anna: Staff, now: datetime) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        actions.take(by=anna, deed=DEED, now=now)


def test_every_verb_is_in_the_record_with_what_exactly_was_approved(
    asked: Approval, anna: Staff, lena: Staff, now: datetime
) -> None:
    actions.approve(by=lena, number=asked.pk, now=now)
    take(anna, DEED, now)
    again = actions.ask(by=anna, deed=DEED, reason=WHY, now=now)
    actions.refuse(by=lena, number=again.pk, because="Not now.", now=now)
    actions.ask(by=anna, deed=DEED, reason=WHY, now=now)
    actions.expire(by="worker", now=now + APPROVAL_LASTS)
    entries = Entry.objects.filter(subject="case:5").order_by("number")
    assert [(one.by, one.word) for one in entries] == [
        ("staff:anna", "approval.asked"),
        ("staff:lena", "approval.given"),
        ("staff:anna", "approval.used"),
        ("staff:anna", "approval.asked"),
        ("staff:lena", "approval.refused"),
        ("staff:anna", "approval.asked"),
        ("worker", "approval.expired"),
    ]
    assert all(DEED.digest in one.facts for one in entries)
    assert not any(WHY in one.facts for one in entries)
