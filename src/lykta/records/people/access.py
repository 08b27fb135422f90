"""Who may what: asked of the table in `lykta.core.permissions`. One same refusal for "not there" and "not yours"."""

from lykta.core.permissions import Right, may, may_give
from lykta.core.refusals import NotAllowed
from lykta.core.vocabulary import Role
from lykta.records.people.models import Staff


def require(staff: Staff, right: Right) -> None:
    """Raises NotAllowed unless this person is here and has the right."""
    if not (staff.is_active and may(Role(staff.role), right)):
        raise NotAllowed("There is nothing here for you.")


def may_see_cases(staff: Staff) -> None:
    """Raises NotAllowed unless this person works with cases."""
    require(staff, Right.SEE_CASES)


def may_see_referrals(staff: Staff) -> None:
    """Raises NotAllowed unless this person follows what was sent to others."""
    require(staff, Right.SEE_REFERRALS)


def may_keep_recipients(staff: Staff) -> None:
    """Raises NotAllowed unless police units and partner hotlines are this person's."""
    require(staff, Right.KEEP_RECIPIENTS)


def may_lead(staff: Staff) -> None:
    """Raises NotAllowed unless this person leads."""
    require(staff, Right.LEAD)


def may_propose(staff: Staff) -> None:
    """Raises NotAllowed unless this person may ask for what is done by two."""
    require(staff, Right.PROPOSE)


def may_decide(staff: Staff) -> None:
    """Raises NotAllowed unless this person decides where two colleagues disagree."""
    require(staff, Right.DECIDE)


def may_run(staff: Staff) -> None:
    """Raises NotAllowed unless this person leads or keeps the installation running."""
    require(staff, Right.RUN)


def may_see_progress(staff: Staff) -> None:
    """Raises NotAllowed unless this person waits for the machine's work or looks after it."""
    require(staff, Right.SEE_PROGRESS)


def may_keep_links(staff: Staff) -> None:
    """Raises NotAllowed unless partners' links are this person's: in a small hotline the lead's."""
    require(staff, Right.KEEP_LINKS)


def may_keep_people(staff: Staff) -> None:
    """Raises NotAllowed unless this person invites and removes others."""
    require(staff, Right.KEEP_PEOPLE)


def access_person(by: Staff, number: int) -> Staff:
    """The member of staff with this number, to look at or to remove. Raises NotAllowed."""
    may_keep_people(by)
    person = Staff.objects.filter(pk=number).first()
    if person is None:
        raise NotAllowed("There is nothing here for you.")
    return person


def may_change(by: Staff, person: Staff) -> None:
    """Raises NotAllowed unless `by` may say what `person` may, or help them back in: never for themselves."""
    may_keep_people(by)
    if by.pk == person.pk or not may_give(Role(by.role), Role(person.role)):
        raise NotAllowed("There is nothing here for you.")


def may_put_into(by: Staff, role: Role) -> None:
    """Raises NotAllowed unless `by` may give this role to others."""
    may_keep_people(by)
    if not may_give(Role(by.role), role):
        raise NotAllowed("There is nothing here for you.")


def may_see_welfare(staff: Staff) -> None:
    """Raises NotAllowed unless the group's figures are this person's to look after."""
    require(staff, Right.SEE_WELFARE)
