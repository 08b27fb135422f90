"""Reads of referrals."""

from collections.abc import Iterable
from datetime import datetime

from lykta.core.vocabulary import RecipientKind, ReferralState
from lykta.records.cases.models import Assessment, Item
from lykta.records.referrals.models import Recipient, Referral


def recipient(kind: RecipientKind, country: str) -> Recipient | None:
    """Whom the hotline knows for this in that country."""
    return Recipient.objects.filter(kind=kind, country=country).first()


def recipients() -> list[Recipient]:
    """Everybody whom the hotline knows."""
    return list(Recipient.objects.order_by("kind", "country"))


def changed_alone() -> list[Recipient]:
    """Whose mail goes elsewhere since somebody on the machine said so, and no lead has compared it yet."""
    return list(Recipient.objects.filter(alone_at__isnull=False).order_by("alone_at"))


def hotline_countries() -> frozenset[str]:
    """Countries in which a partner hotline is known."""
    found = Recipient.objects.filter(kind=RecipientKind.HOTLINE)
    return frozenset(found.values_list("country", flat=True))


def referrals_of(items: Iterable[Item]) -> list[Referral]:
    """Everybody who is told about these items, with the answers, in the order in which it was planned."""
    found = Referral.objects.filter(item__in=list(items)).prefetch_related("answers")
    return list(found.order_by("planned_at", "pk"))


def holds_that_ended(*, now: datetime) -> list[Referral]:
    """Held notices whose hold has run out."""
    return list(Referral.objects.filter(state=ReferralState.HELD, hold_until__lte=now).order_by("hold_until"))


def held_notice(item_number: int) -> Referral | None:
    """The notice that waits for the police, if there is one."""
    return Referral.objects.filter(item_id=item_number, state=ReferralState.HELD).first()


def failed() -> list[Referral]:
    """What cannot be sent and waits for a person."""
    return list(Referral.objects.filter(state=ReferralState.FAILED).order_by("planned_at"))


def police_told(assessment: Assessment) -> list[datetime]:
    """When the police were told because of this assessment."""
    sent = Referral.objects.filter(assessment=assessment, kind=RecipientKind.POLICE).exclude(sent_at=None)
    return [referral.sent_at for referral in sent if referral.sent_at]


def count_failed() -> int:
    """How many messages wait for a person."""
    return Referral.objects.filter(state=ReferralState.FAILED).count()


def all_told(item: Item) -> bool:
    """Whether everybody who must be told of an item has been: a message that waits or failed says no."""
    open_states = (ReferralState.PLANNED, ReferralState.FAILED, ReferralState.HELD)
    return not Referral.objects.filter(item=item, state__in=open_states).exists()


def held(limit: int) -> list[Referral]:
    """Notices that wait for the police, those whose hold ends first at the top."""
    return list(Referral.objects.filter(state=ReferralState.HELD).order_by("hold_until", "pk")[:limit])


def unanswered(limit: int) -> list[Referral]:
    """What was sent and nobody has answered yet, oldest first."""
    return list(Referral.objects.filter(state=ReferralState.SENT, answered=False).order_by("sent_at", "pk")[:limit])
