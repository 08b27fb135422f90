"""In which browsers somebody is logged in: begun, used, ended. No address is kept."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from lykta.core.clocks import session_is_over
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.people.models import DeskSession, Staff

_NOTED_EVERY = timedelta(minutes=1)
"""A page more within a minute changes nothing, so that reading does not write."""


def begin(*, by: Staff, factor: int, device: str, now: datetime) -> UUID:
    """This person has given all that is asked for, in one browser. Returns the number of the session."""
    with transaction.atomic():
        begun = DeskSession.objects.create(staff=by, factor=factor, device=device[:60], began_at=now, used_at=now)
        audit.write(by=by.actor, word=AuditWord.STAFF_LOGGED_IN, subject=by.actor)
    return begun.number


def use(number: object, *, staff: Staff, now: datetime, longest: timedelta, idle: timedelta) -> DeskSession | None:
    """The session of this number, if it is this person's and goes on; noted as used. One that is over is taken away."""
    found = DeskSession.objects.filter(pk=number, staff=staff).first() if isinstance(number, str) else None
    if found is None:
        return None
    if session_is_over(began=found.began_at, used=found.used_at, now=now, longest=longest, idle=idle):
        found.delete()
        return None
    if now - found.used_at >= _NOTED_EVERY:
        DeskSession.objects.filter(pk=found.pk).update(used_at=now)
    return found


def sweep(*, now: datetime, longest: timedelta, idle: timedelta) -> None:
    """Sessions that are over are taken away: who closed a browser without logging out is logged in nowhere."""
    DeskSession.objects.filter(Q(began_at__lte=now - longest) | Q(used_at__lte=now - idle)).delete()


def move_to_factor(number: object, *, staff: Staff, factor: int) -> None:
    """The session rests on another passkey from now on: the one that it rested on is about to go."""
    DeskSession.objects.filter(pk=str(number), staff=staff).update(factor=factor)


def end(*, by: str, staff: Staff, number: UUID) -> None:
    """One session of this person ends; one that has ended already stays so."""
    with transaction.atomic():
        ended, _ = DeskSession.objects.filter(pk=number, staff=staff).delete()
        if ended:
            audit.write(by=by, word=AuditWord.STAFF_SESSIONS_ENDED, subject=staff.actor, facts={"sessions": ended})


def end_all(*, by: str, staff: Staff, but: object = None) -> int:
    """All sessions of this person end, but perhaps one. Returns how many did."""
    with transaction.atomic():
        others = DeskSession.objects.filter(staff=staff)
        ended, _ = (others.exclude(pk=str(but)) if but else others).delete()
        if ended:
            audit.write(by=by, word=AuditWord.STAFF_SESSIONS_ENDED, subject=staff.actor, facts={"sessions": ended})
    return ended
