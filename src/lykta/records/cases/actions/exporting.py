"""A case leaves the hotline, or many at once: agreed to by two, used once, written down."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import ApprovalKind
from lykta.records.approvals import actions as approvals
from lykta.records.approvals.actions import Deed
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.cases.models import Case, Export
from lykta.records.people.access import may_see_cases
from lykta.records.people.models import Staff

AT_ONCE = 200
"""So many cases are named to the second person, who reads the list, and leave in one zip."""


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


def export_many(cases: Sequence[Case]) -> Deed:
    """What a second person is asked to agree to: these cases and no others, without contacts and files."""
    numbers = " ".join(sorted(case.number for case in cases))
    return Deed(ApprovalKind.EXPORT_MANY, "cases", {"count": str(len(cases)), "cases": numbers})


def check_many(cases: Sequence[Case]) -> None:
    """Raises NotUnderstood for none or too many, NotNow where one of them is forgotten."""
    if not 0 < len(cases) <= AT_ONCE:
        raise NotUnderstood("Choose between 1 and 200 cases: narrow the queue, or take them out in several parts.")
    if any(case.forgotten_at for case in cases):
        raise NotNow("One of these cases has been forgotten: choose again without it.")


def begin(*, by: Staff, cases: Sequence[Case], now: datetime) -> Export:
    """These cases leave now, each in the record. Raises NotAllowed, NotNow, NotUnderstood."""
    may_see_cases(by)
    check_many(cases)
    with transaction.atomic():
        approvals.take(by=by, deed=export_many(cases), now=now)
        made = Export.objects.create(by=by, numbers=[case.pk for case in cases], begun_at=now, moved_at=now)
        facts = {"whole": False, "export": made.pk}
        deeds = [audit.Deed(AuditWord.CASE_EXPORTED, f"case:{case.pk}", facts) for case in cases]
        audit.write_all(by=by.actor, deeds=deeds)
    return made


def note_sent(*, export: Export, now: datetime) -> None:
    """One more of its cases was sent."""
    Export.objects.filter(pk=export.pk).update(sent=F("sent") + 1, moved_at=now)


def end(*, by: Staff, export: Export, now: datetime) -> None:
    """All were sent, or the line broke: how many were."""
    with transaction.atomic():
        Export.objects.filter(pk=export.pk).update(ended_at=now, moved_at=now)
        export.refresh_from_db()
        facts = {"sent": export.sent, "of": export.count}
        audit.write(by=by.actor, word=AuditWord.EXPORT_ENDED, subject=f"export:{export.pk}", facts=facts)
