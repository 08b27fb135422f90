"""What touches a person in several records at once: their account, their keys, the cases in their hands.

Leads hold the parts of the letter key and agree to what nobody does alone. So no one person takes a lead away: another
lead has to agree, and two stay whatever anybody agrees to.
"""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from lykta.core.vocabulary import ApprovalKind, Role
from lykta.records.approvals import actions as approvals
from lykta.records.approvals.actions import Deed
from lykta.records.cases.actions import judging
from lykta.records.people import actions
from lykta.records.people.models import Staff


def leaving(staff: Staff, role: Role | None = None) -> Deed:
    """What another lead agrees to before a lead gets another `role`, or is removed (None)."""
    details = {"number": str(staff.pk), "name": staff.username, "role": str(role) if role else "removed"}
    return Deed(ApprovalKind.LEAD_LEAVES, staff.actor, details)


def ask_to_leave(*, by: Staff, staff: Staff, role: Role | None, reason: str, now: datetime) -> None:
    """Ask another lead to agree. Raises NotNow where too few leads would stay anyway, and as `approvals.ask` does."""
    with transaction.atomic():
        actions.leave_two_leads(staff)
        approvals.ask(by=by, deed=leaving(staff, role), reason=reason, now=now)


def give_role(*, by: Staff, staff: Staff, role: Role, now: datetime) -> None:
    """Another role; to a lead only with another lead's agreement. Raises NotNow."""
    with transaction.atomic():
        if staff.leads and role is not Role.LEAD:
            approvals.take(by=by, deed=leaving(staff, role), now=now)
        actions.give_role(by=by.actor, staff=staff, role=role)


def part_with(*, by: Staff, staff: Staff, now: datetime) -> int:
    """`remove` by somebody at the desk; a lead only with another lead's agreement."""
    with transaction.atomic():
        if staff.leads:
            approvals.take(by=by, deed=leaving(staff), now=now)
        return remove(by=by.actor, staff=staff)


def remove(*, by: str, staff: Staff) -> int:
    """Out at once: sessions and keys end, claims are handed back. Returns how many cases were. Raises NotNow."""
    with transaction.atomic():
        actions.remove(by=by, staff=staff)
        Authenticator.objects.filter(user=staff).delete()
        return judging.hand_back_all(by=by, staff=staff)


def start_anew(*, by: str, staff: Staff, now: datetime) -> str:
    """For somebody who lost every way in, or whose device was stolen: all of it ends, and a new link is made."""
    with transaction.atomic():
        actions.shut_out(by=by, staff=staff)
        Authenticator.objects.filter(user=staff).delete()
        return actions.make_link(by=by, staff=staff, now=now)
