"""The verbs of four eyes: ask, approve, refuse, take, expire.

A deed is approved as it is: its digest covers kind, subject and every detail, so that an approval for one thing is
worth nothing for another. It can be used once, by the person who asked, within `clocks.APPROVAL_LASTS` of asking.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from lykta.core import clocks
from lykta.core.refusals import NotAllowed, NotNow, NotUnderstood
from lykta.core.vocabulary import ApprovalKind, ApprovalState
from lykta.records.approvals.access import may_decide
from lykta.records.approvals.models import Approval
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.people.models import Staff

REASON_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be done, exactly. `details` holds plain JSON values that the second person reads."""

    kind: ApprovalKind
    subject: str
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, over the canonical JSON of all of it."""
        data = [str(self.kind), self.subject, dict(self.details)]
        written = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()


def ask(*, by: Staff, deed: Deed, reason: str, now: datetime) -> Approval:
    """Ask for a second pair of eyes. Raises NotUnderstood without a reason, NotNow where it was asked already."""
    if not 0 < len(reason) <= REASON_LIMIT:
        raise NotUnderstood("Please give a reason of at most 300 letters.")
    with transaction.atomic():
        same = Approval.objects.select_for_update().filter(digest=deed.digest, asked_by=by, expires_at__gt=now)
        if same.filter(state__in=[ApprovalState.ASKED, ApprovalState.APPROVED]).exists():
            raise NotNow("You have asked for this already: see the page of approvals.")
        approval = Approval.objects.create(
            kind=deed.kind,
            subject=deed.subject,
            details=dict(deed.details),
            digest=deed.digest,
            reason=reason,
            asked_by=by,
            asked_at=now,
            expires_at=now + clocks.APPROVAL_LASTS,
        )
        _note(by.actor, AuditWord.APPROVAL_ASKED, approval)
    return approval


def approve(*, by: Staff, number: int, now: datetime) -> Approval:
    """A second person agrees. Raises NotAllowed for the person who asked, NotNow once it is decided or too late."""
    return _decide(by, number, ApprovalState.APPROVED, AuditWord.APPROVAL_GIVEN, now)


def refuse(*, by: Staff, number: int, because: str, now: datetime) -> Approval:
    """A second person disagrees, and says why. Raises as `approve` does, and NotUnderstood without a reason."""
    return _decide(by, number, ApprovalState.REFUSED, AuditWord.APPROVAL_REFUSED, now, because=because)


def take(*, by: Staff, deed: Deed, now: datetime) -> Approval:
    """Use the approval up, in the transaction of the deed itself. Raises NotNow where nobody approved exactly this."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An approval is used in the transaction of what it allows.")
    open_ones = Approval.objects.select_for_update().filter(state=ApprovalState.APPROVED, expires_at__gt=now)
    approval = open_ones.filter(digest=deed.digest, asked_by=by).order_by("pk").first()
    if approval is None:
        raise NotNow("Nobody has approved exactly this, or it is too long ago: ask for approval first.")
    approval.state, approval.used_at = ApprovalState.USED, now
    approval.save(update_fields=["state", "used_at"])
    _note(by.actor, AuditWord.APPROVAL_USED, approval)
    return approval


def expire(*, by: str, now: datetime) -> int:
    """What was not decided, or not used, in time is worth nothing. Returns how many."""
    with transaction.atomic():
        late = Approval.objects.select_for_update().filter(expires_at__lte=now)
        found = list(late.filter(state__in=[ApprovalState.ASKED, ApprovalState.APPROVED]))
        for approval in found:
            approval.state = ApprovalState.EXPIRED
            approval.save(update_fields=["state"])
            _note(by, AuditWord.APPROVAL_EXPIRED, approval)
    return len(found)


def _decide(
    by: Staff, number: int, state: ApprovalState, word: AuditWord, now: datetime, *, because: str = ""
) -> Approval:
    with transaction.atomic():
        approval = Approval.objects.select_for_update().filter(pk=number).first()
        if approval is None or not may_decide(by, approval):
            raise NotAllowed("There is nothing here for you.")
        if state is ApprovalState.REFUSED and not 0 < len(because) <= REASON_LIMIT:
            raise NotUnderstood("Please say why you disagree, in at most 300 letters: the person who asked reads it.")
        if approval.state != ApprovalState.ASKED or approval.expires_at <= now:
            raise NotNow("This has been decided already, or it is too late.")
        approval.state, approval.decided_by, approval.decided_at, approval.because = state, by, now, because
        approval.save(update_fields=["state", "decided_by", "decided_at", "because"])
        _note(by.actor, word, approval)
    return approval


def _note(by: str, word: AuditWord, approval: Approval) -> None:
    facts = {"approval": approval.pk, "kind": str(approval.kind), "digest": approval.digest}
    audit.write(by=by, word=word, subject=approval.subject, facts=facts)
