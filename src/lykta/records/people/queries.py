"""Reads of the staff."""

from dataclasses import dataclass
from datetime import datetime

from lykta.core.permissions import Right, may
from lykta.core.vocabulary import Role
from lykta.records.people.models import DeskSession, Invitation, Staff


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody on the staff. `invited_until`: a link waits to be used; `sessions`: how many browsers are logged in."""

    staff: Staff
    invited_until: datetime | None
    sessions: int


def colleagues(*, now: datetime) -> list[Colleague]:
    """Everybody who works here, by name."""
    links = dict(Invitation.objects.filter(expires_at__gt=now).values_list("staff_id", "expires_at"))
    numbers = list(DeskSession.objects.values_list("staff_id", flat=True))
    working = Staff.objects.filter(is_active=True).order_by("username")
    return [Colleague(one, links.get(one.pk), numbers.count(one.pk)) for one in working]


def sessions_of(staff: Staff) -> list[DeskSession]:
    """The browsers in which this person is logged in, the last used first."""
    return list(staff.sessions.all())


def case_workers() -> list[Staff]:
    """Everybody who works with cases now, by name."""
    roles = [role for role in Role if may(role, Right.SEE_CASES)]
    return list(Staff.objects.filter(is_active=True, role__in=roles).order_by("username"))


def at_work(moment: datetime) -> list[Staff]:
    """Who works with cases and is at work then."""
    return [one for one in case_workers() if one.hours.include(moment)]


def deciders() -> set[int]:
    """Numbers of those who may say who was right where two colleagues disagree."""
    roles = [role for role in Role if may(role, Right.DECIDE)]
    return set(Staff.objects.filter(is_active=True, role__in=roles).values_list("pk", flat=True))


def case_worker(name: str) -> Staff | None:
    """Who works with cases under this name."""
    return next((one for one in case_workers() if one.username == name), None)
