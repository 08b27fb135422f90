"""Who may be the second pair of eyes."""

from lykta.core.vocabulary import ApprovalKind
from lykta.records.approvals.models import Approval
from lykta.records.people.models import Staff


def may_decide(staff: Staff, approval: Approval) -> bool:
    """Whether this person is the second pair of eyes: another one than asked, and one of the two leads.

    So a hotline with a single lead can work: what the lead asks for, an analyst decides. That a lead leaves is decided
    by another lead, never by the one whom it is about.
    """
    if approval.kind == ApprovalKind.LEAD_LEAVES:
        return staff.leads and staff != approval.asked_by and staff.actor != approval.subject
    return staff.sees_cases and staff != approval.asked_by and (staff.leads or approval.asked_by.leads)
