"""Merging cases and splitting them, both with a way back.

A merge moves reports and nothing else: what they say stays under the key of the case that they came in with
(`Report.sealed_for`), so that the merged case reads with several keys, and undoing it is moving those reports back. A
split gives the reports a key of their own, since two cases are forgotten on different days; undoing it is a merge.
See decision 20.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from lykta.core.lifecycle import StepWord
from lykta.core.refusals import NotNow
from lykta.core.vocabulary import CaseState
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.cases import keyring
from lykta.records.cases.actions import standing
from lykta.records.cases.models import Case, Report
from lykta.records.people.models import Staff
from lykta.records.steps import actions as steps

_FORGOTTEN = "One of these cases has been forgotten: its words cannot come into another."


def merge(*, by: Staff, case: Case, into: Case, now: datetime) -> None:
    """Put the reports of a case into another, and with them what they name; the emptied one closes. Raises NotNow."""
    if case.pk == into.pk:
        raise NotNow("That is the same case: please give the number of another one.")
    with transaction.atomic():
        source, target = _locked(case, into)
        if source.forgotten_at or target.forgotten_at:
            raise NotNow(_FORGOTTEN)
        if source.merged_into_id or target.merged_into_id:
            raise NotNow("One of these cases is part of another already: please use that one.")
        Report.objects.filter(case=source).update(case=target)
        Case.objects.filter(merged_into=source).update(merged_into=target)
        source.merged_into, source.state, source.closed_at, source.forget_at = target, CaseState.CLOSED, now, None
        source.claimed_by, source.claimed_until = None, None
        source.save()
        if source.rank < target.rank:
            target.rank, target.rank_reason = source.rank, source.rank_reason
        target.state, target.closed_at, target.forget_at = CaseState.OPEN, None, None
        target.complete = target.complete or source.complete
        target.countries = " ".join(sorted({*target.countries.split(), *source.countries.split()}))[:200]
        target.save()
        _afterwards(target, now)
        _note(by.actor, AuditWord.CASE_MERGED, source, target)


def part(*, by: str, case: Case, now: datetime) -> None:
    """Undo a merge: the reports that came in with this case are back in it, and it is open. Raises NotNow."""
    if case.merged_into is None:
        raise NotNow("This case is not part of another one.")
    with transaction.atomic():
        source, target = _locked(case, case.merged_into)
        if source.forgotten_at:
            raise NotNow(_FORGOTTEN)
        Report.objects.filter(case=target, sealed_for=source.uuid).update(case=source)
        source.merged_into, source.state, source.closed_at = None, CaseState.OPEN, None
        source.save()
        for one in (source, target):
            _afterwards(one, now)
        _note(by, AuditWord.CASE_PARTED, source, target)


def split(*, by: Staff, case: Case, reports: Sequence[int], now: datetime) -> Case:
    """Put some of a case's reports into a case of their own, under a key of its own. Raises NotNow."""
    with transaction.atomic():
        source = Case.objects.select_for_update().get(pk=case.pk)
        moved = list(Report.objects.select_for_update().filter(case=source, pk__in=reports).order_by("pk"))
        if source.forgotten_at:
            raise NotNow(_FORGOTTEN)
        if not moved or len(moved) == source.reports.count():
            raise NotNow("Please choose some of the reports, and leave at least one where it is.")
        uuid = uuid4()
        keyring.make(uuid)
        target = Case.objects.create(
            uuid=uuid,
            year=now.year,
            topic=moved[0].topic,
            source=moved[0].source,
            opened_at=source.opened_at,
            rank=source.rank,
            rank_reason=source.rank_reason,
            countries=source.countries,
            complete=any(one.complete for one in moved),
        )
        for report in moved:
            _seal_anew(report, uuid)
            report.case, report.sealed_for = target, uuid
            report.save(update_fields=["case", "sealed_for"])
        for one in (source, target):
            _afterwards(one, now)
        _note(by.actor, AuditWord.CASE_SPLIT, source, target)
    return target


def alone(*, by: str, report: Report, now: datetime) -> Case:
    """The case in which lies only what came in with this report; merges are undone as far as that takes.

    Whoever takes a report back forgets their own words and nobody else's.
    """
    for source in report.case.merged.order_by("pk"):
        if report.sealed_for in {source.uuid, report.case.uuid}:
            part(by=by, case=source, now=now)
    return Case.objects.get(reports=report)


def _locked(one: Case, other: Case) -> tuple[Case, Case]:
    """Both cases, locked in the same order whoever asks."""
    found = {
        case.pk: case for case in Case.objects.select_for_update().filter(pk__in=[one.pk, other.pk]).order_by("pk")
    }
    return found[one.pk], found[other.pk]


def _afterwards(case: Case, now: datetime) -> None:
    """A case whose reports have changed: whether there is something to do, and whether it may close by itself."""
    standing.refresh(Case.objects.filter(pk=case.pk))
    steps.plan(word=StepWord.SETTLE, subject=case.pk, occasion=f"reports-{now.isoformat()}"[:64], now=now)


def _note(by: str, word: AuditWord, case: Case, other: Case) -> None:
    """In the record of both."""
    for one, another in ((case, other), (other, case)):
        audit.write(by=by, word=word, subject=f"case:{one.pk}", facts={"from": case.pk, "other": another.pk})


def _seal_anew(report: Report, uuid: UUID) -> None:
    """All words of a report under another key. Raises keyring.Forgotten."""
    old = report.sealed_for
    report.words = keyring.lock(uuid, keyring.unlock(old, bytes(report.words)))
    report.save(update_fields=["words"])
    for message in report.messages.all():
        message.words = keyring.lock(uuid, keyring.unlock(old, bytes(message.words)))
        message.save(update_fields=["words"])
    for attachment in report.attachments.all():
        attachment.label = keyring.lock(uuid, keyring.unlock(old, bytes(attachment.label)))
        attachment.save(update_fields=["label"])
        for chunk in attachment.chunks.all().iterator():
            chunk.locked = keyring.lock_bytes(uuid, keyring.unlock_bytes(old, bytes(chunk.locked)))
            chunk.save(update_fields=["locked"])
