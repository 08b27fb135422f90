"""Files that came with a report, put under the key of its case piece by piece. Every verb may be done twice."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from lykta.core.attaching import FileKind, OpeningReason
from lykta.core.refusals import NotNow
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.cases import keyring
from lykta.records.cases.actions import judging
from lykta.records.cases.models import Attachment, AttachmentChunk, Report
from lykta.records.people.models import Staff


def add_attachment(*, report: Report, number: UUID, name: str, kind: FileKind, now: datetime) -> Attachment:
    """A file begins to come. Raises keyring.Forgotten."""
    label = keyring.lock(report.sealed_for, {"name": name, "type": str(kind)})
    found, _ = Attachment.objects.select_related("report__case").get_or_create(
        number=number, defaults={"report": report, "label": label, "received_at": now}
    )
    return found


def add_piece(*, attachment: Attachment, index: int, data: bytes) -> None:
    """One more piece of it is durable when this returns; one that is there stays. Raises keyring.Forgotten."""
    if attachment.chunks.filter(index=index).exists():
        return
    locked = keyring.lock_bytes(attachment.report.sealed_for, data)
    chunk = AttachmentChunk(attachment=attachment, index=index, locked=locked)
    AttachmentChunk.objects.bulk_create([chunk], ignore_conflicts=True)


def end_attachment(*, by: str, attachment: Attachment, size: int, sha256: str, complete: bool) -> None:
    """All that came of it is here. Raises keyring.Forgotten."""
    case = attachment.report.case
    with transaction.atomic():
        label = {**keyring.unlock(case.uuid, bytes(attachment.label)), "sha256": sha256}
        attachment.label, attachment.size, attachment.complete = keyring.lock(case.uuid, label), size, complete
        attachment.save(update_fields=["label", "size", "complete"])
        facts = {"attachment": attachment.pk, "bytes": size, "complete": complete}
        audit.write(by=by, word=AuditWord.ATTACHMENT_KEPT, subject=f"case:{case.pk}", facts=facts)


def refuse_attachment(*, by: str, attachment: Attachment) -> None:
    """It is not what may be attached: nothing of it stays."""
    with transaction.atomic():
        case, number = attachment.report.case_id, attachment.pk
        attachment.delete()
        audit.write(by=by, word=AuditWord.ATTACHMENT_REFUSED, subject=f"case:{case}", facts={"attachment": number})


def note_opening(*, by: Staff, attachment: Attachment, reason: OpeningReason, now: datetime) -> None:
    """Somebody opens a file, and says why. Raises NotNow unless the case is, or comes, into their hands."""
    case = attachment.report.case
    if case.forgotten_at:
        raise NotNow("This case has been forgotten: nobody can open its files any more.")
    with transaction.atomic():
        judging.claim(by=by, case=case, now=now)
        facts = {"attachment": attachment.pk, "reason": str(reason)}
        audit.write(by=by.actor, word=AuditWord.ATTACHMENT_OPENED, subject=f"case:{case.pk}", facts=facts)
