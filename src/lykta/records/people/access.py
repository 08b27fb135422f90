"""Who may what. One same refusal for "not there" and "not yours"."""

from lykta.core.refusals import NotAllowed
from lykta.core.vocabulary import Role
from lykta.records.people.models import Staff


def may_see_cases(staff: Staff) -> None:
    """Raises NotAllowed unless this person works with cases."""
    if not (staff.is_active and staff.sees_cases):
        raise NotAllowed("There is nothing here for you.")


def may_lead(staff: Staff) -> None:
    """Raises NotAllowed unless this person leads."""
    if not (staff.is_active and staff.role == Role.LEAD):
        raise NotAllowed("There is nothing here for you.")


def may_decide(staff: Staff) -> None:
    """Raises NotAllowed unless this person decides where two colleagues disagree."""
    if not (staff.is_active and staff.role == Role.LEAD):
        raise NotAllowed("There is nothing here for you.")


def may_run(staff: Staff) -> None:
    """Raises NotAllowed unless this person leads or keeps the installation running."""
    if not (staff.is_active and staff.role in {Role.LEAD, Role.ADMINISTRATOR}):
        raise NotAllowed("There is nothing here for you.")


def may_see_progress(staff: Staff) -> None:
    """Raises NotAllowed unless this person waits for the machine's work or looks after it."""
    if not (staff.is_active and (staff.sees_cases or staff.role == Role.ADMINISTRATOR)):
        raise NotAllowed("There is nothing here for you.")


def may_keep_links(staff: Staff) -> None:
    """Raises NotAllowed unless partners' links are this person's: in a small hotline the lead's."""
    if not (staff.is_active and staff.role in {Role.COMMUNICATOR, Role.LEAD, Role.ADMINISTRATOR}):
        raise NotAllowed("There is nothing here for you.")
