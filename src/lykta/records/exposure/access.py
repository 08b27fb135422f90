"""Whose figures are whose. One same refusal for "not there" and "not yours"."""

from lykta.core.refusals import NotAllowed
from lykta.core.vocabulary import Role
from lykta.records.exposure.models import Look, Passed
from lykta.records.people.access import may_lead, may_see_cases
from lykta.records.people.models import Staff

_NOTHING = "There is nothing here for you."


def access_look(by: Staff, number: int) -> Look:
    """One's own look with this number. Raises NotAllowed."""
    may_see_cases(by)
    found = Look.objects.select_related("item").filter(pk=number, person=by).first()
    if found is None:
        raise NotAllowed(_NOTHING)
    return found


def access_asked(by: Staff, number: int) -> Passed:
    """What a colleague has asked this person to take, and nobody has yet. Raises NotAllowed."""
    may_see_cases(by)
    found = Passed.objects.filter(pk=number, to=by, taken_at=None).first()
    if found is None:
        raise NotAllowed(_NOTHING)
    return found


def access_colleague(by: Staff, number: int) -> Staff:
    """Somebody else who works with cases. Raises NotAllowed."""
    may_see_cases(by)
    found = Staff.objects.filter(pk=number, is_active=True).exclude(pk=by.pk).first()
    if found is None or not found.sees_cases:
        raise NotAllowed(_NOTHING)
    return found


def access_led(by: Staff, number: int) -> Staff:
    """Somebody whom this lead may let look on: never oneself. Raises NotAllowed."""
    may_lead(by)
    return access_colleague(by, number)


def may_see_dates(by: Staff) -> bool:
    """Whether this person keeps the dates of others' counselling."""
    return by.is_active and by.role == Role.WELFARE_OFFICER
