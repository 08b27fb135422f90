"""Reads of approvals."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from lykta.core.vocabulary import ApprovalState
from lykta.records.approvals.access import may_decide
from lykta.records.approvals.actions import Deed
from lykta.records.approvals.models import Approval
from lykta.records.people.models import Staff

LAST = 50
"""How many that have come to an end are listed."""
OWN_SHOWN = timedelta(days=30)
"""So long somebody reads what became of what they asked for."""
_ENDS = [ApprovalState.REFUSED, ApprovalState.USED, ApprovalState.EXPIRED]


def to_decide(staff: Staff, *, now: datetime) -> list[Approval]:
    """What waits for this person's decision, the one that ends first on top."""
    waiting = _all().filter(state=ApprovalState.ASKED, expires_at__gt=now).order_by("expires_at", "pk")
    return [approval for approval in waiting if may_decide(staff, approval)]


def asked_by(staff: Staff, *, now: datetime) -> list[Approval]:
    """What this person has asked for: what can still be used or waited for, then what became of the last ones."""
    own = _all().filter(asked_by=staff)
    going_on = own.filter(state__in=[ApprovalState.ASKED, ApprovalState.APPROVED], expires_at__gt=now)
    waiting = list(going_on.order_by("expires_at", "pk"))
    ended = own.filter(state__in=_ENDS, asked_at__gt=now - OWN_SHOWN).order_by("-pk")[:LAST]
    return [*waiting, *ended]


def ended() -> list[Approval]:
    """The last that were refused, used, or came to nothing."""
    return list(_all().filter(state__in=_ENDS).order_by("-pk")[:LAST])


def standing(staff: Staff, deed: Deed, *, now: datetime) -> str:
    """How far this person's request for exactly this deed is: an `ApprovalState`, or nothing where there is none."""
    found = Approval.objects.filter(digest=deed.digest, asked_by=staff, expires_at__gt=now)
    open_states = [ApprovalState.ASKED, ApprovalState.APPROVED]
    return found.filter(state__in=open_states).values_list("state", flat=True).first() or ""


def _all() -> QuerySet[Approval]:
    return Approval.objects.select_related("asked_by", "decided_by")
