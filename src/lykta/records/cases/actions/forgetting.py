"""Forgetting, in two parts, and the legal holds that put it off."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.retention import check_hold
from lykta.core.vocabulary import ApprovalKind, CaseState, HoldReason
from lykta.records.approvals import actions as approvals
from lykta.records.approvals.actions import Deed
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.cases import keyring, queries
from lykta.records.cases.actions import standing
from lykta.records.cases.keyring import Destroyed, Part
from lykta.records.cases.models import AttachmentChunk, Case, Hold, Identifier, Message, Report
from lykta.records.people.access import may_lead
from lykta.records.people.models import Staff

REFERENCE_LIMIT = 120


def forget(*, by: str, case_number: int, now: datetime) -> None:
    """Destroy the case's keys: the reporters' words and contacts are gone, here and in every backup.

    So are the keys of the cases that were merged into it, whose words it reads.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case_number)
        audit.write(by=by, word=AuditWord.CASE_FORGOTTEN, subject=f"case:{case.pk}")
        together = _with_merged(case)
        keys = set(together.values_list("uuid", flat=True))
        together.filter(contact_forgotten_at=None).update(contact_forgotten_at=now)
        together.update(forgotten_at=now, forget_at=None, contact_forget_at=None)
        Identifier.objects.filter(report__case=case).delete()
        Message.objects.filter(report__case=case).update(unread=False)  # nobody can read it any more
        AttachmentChunk.objects.filter(attachment__report__case=case).delete()
        Report.objects.filter(case=case).update(partner_number="")
        standing.refresh(Case.objects.filter(pk=case.pk))
        for key in keys:
            keyring.forget(key)


def forget_contact(*, by: str, case_number: int, now: datetime) -> None:
    """Destroy the key of the reporters' contacts; their words stay for now."""
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case_number)
        audit.write(by=by, word=AuditWord.CONTACT_FORGOTTEN, subject=f"case:{case.pk}")
        together = _with_merged(case)
        keys = set(together.values_list("uuid", flat=True))
        together.update(contact_forgotten_at=now, contact_forget_at=None)
        for key in keys:
            keyring.forget(key, part=Part.CONTACT)


def _with_merged(case: Case) -> QuerySet[Case]:
    return Case.objects.filter(Q(pk=case.pk) | Q(merged_into=case))


def forget_due(*, by: str, now: datetime) -> int:
    """Forget all whose day has come and that no hold keeps. Returns how many parts were forgotten."""
    words = queries.to_forget(now=now)
    for number in words:
        forget(by=by, case_number=number, now=now)
    contacts = queries.contacts_to_forget(now=now)
    for number in contacts:
        forget_contact(by=by, case_number=number, now=now)
    return len(words) + len(contacts)


def forget_again(*, by: str, listed: Sequence[Destroyed], now: datetime) -> int:
    """After a restore: what the list says was destroyed is destroyed again, and the casebook says so.

    Returns how many keys had come back.
    """
    back = keyring.forget_again(listed)
    whole = {one.case for one in listed if one.part is Part.CASE}
    contacts = {one.case for one in listed} - whole
    known = Case.objects.filter(forgotten_at=None).values_list("uuid", "pk", "contact_forgotten_at")
    for uuid, number, contact_at in known:
        if uuid in whole:
            forget(by=by, case_number=number, now=now)
        elif uuid in contacts and contact_at is None and not keyring.has(uuid, Part.CONTACT):
            forget_contact(by=by, case_number=number, now=now)
    return back


def deletion(case: Case) -> Deed:
    """What a second person is asked to agree to before `forget_early`."""
    return Deed(ApprovalKind.DELETION, f"case:{case.pk}", {"case": case.number})


def forget_early(*, by: Staff, case: Case, now: datetime) -> None:
    """Forget a closed case before its day. Raises NotAllowed, NotNow without an approval or while a hold lasts."""
    may_lead(by)
    if case.forgotten_at or case.state != CaseState.CLOSED:
        raise NotNow("Only a closed case that is not forgotten yet can be forgotten now.")
    if queries.hold_of(case, now=now):
        raise NotNow("A hold keeps this case: it cannot be forgotten yet.")
    with transaction.atomic():
        approvals.take(by=by, deed=deletion(case), now=now)
        forget(by=by.actor, case_number=case.pk, now=now)


def extension(case: Case, *, reason: HoldReason, reference: str, until: datetime) -> Deed:
    """What a second person is asked to agree to before a case that was held once is held for longer."""
    details = {"case": case.number, "reason": str(reason), "reference": reference, "until": f"{until:%Y-%m-%d}"}
    return Deed(ApprovalKind.HOLD, f"case:{case.pk}", details)


def hold(*, by: Staff, case: Case, reason: HoldReason, reference: str, until: datetime, now: datetime) -> Hold:
    """Put forgetting off: the first time by one who leads, each further time with an approval as well.

    Raises NotAllowed, NotNow without an approval, NotUnderstood for a day or a reference that cannot be.
    """
    may_lead(by)
    check_hold(until=until, now=now)
    if len(reference) > REFERENCE_LIMIT:
        raise NotUnderstood("Please give a reference of at most 120 letters.")
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        if case.forgotten_at:
            raise NotNow("This case has been forgotten already.")
        again = case.holds.exists()
        if again:
            deed = extension(case, reason=reason, reference=reference, until=until)
            approvals.take(by=by, deed=deed, now=now)
        case.holds.filter(lifted_at=None).update(lifted_at=now)
        made = Hold.objects.create(case=case, reason=reason, reference=reference, by=by, at=now, until=until)
        facts = {"reason": str(reason), "until": f"{until:%Y-%m-%d}", "again": again}
        audit.write(by=by.actor, word=AuditWord.CASE_HELD, subject=f"case:{case.pk}", facts=facts)
    return made


def lift(*, by: Staff, case: Case, now: datetime) -> None:
    """End the hold: what is due is forgotten at the next sweep. Raises NotAllowed, or NotNow where none lasts."""
    may_lead(by)
    with transaction.atomic():
        lifted = Hold.objects.filter(case=case, lifted_at=None, until__gt=now).update(lifted_at=now)
        if not lifted:
            raise NotNow("No hold keeps this case.")
        audit.write(by=by.actor, word=AuditWord.HOLD_LIFTED, subject=f"case:{case.pk}")
