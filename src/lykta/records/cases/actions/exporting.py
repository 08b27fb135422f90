"""A case leaves the hotline: agreed to by two, used once, written down."""

from datetime import datetime

from django.db import transaction

from lykta.core.refusals import NotNow
from lykta.core.vocabulary import ApprovalKind
from lykta.records.approvals import actions as approvals
from lykta.records.approvals.actions import Deed
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.cases.models import Case
from lykta.records.people.access import may_see_cases
from lykta.records.people.models import Staff


def export(case: Case, *, whole: bool) -> Deed:
    """What a second person is asked to agree to: `whole` is with contacts and the reporters' files."""
    return Deed(ApprovalKind.DISCLOSURE if whole else ApprovalKind.EXPORT, f"case:{case.pk}", {"case": case.number})


def note_export(*, by: Staff, case: Case, whole: bool, now: datetime) -> None:
    """The case leaves now. Raises NotAllowed, NotNow without an approval or for a case that is forgotten."""
    may_see_cases(by)
    if case.forgotten_at:
        raise NotNow("This case has been forgotten: there is nothing left to take out.")
    with transaction.atomic():
        approvals.take(by=by, deed=export(case, whole=whole), now=now)
        audit.write(by=by.actor, word=AuditWord.CASE_EXPORTED, subject=f"case:{case.pk}", facts={"whole": whole})
