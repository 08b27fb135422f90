"""Verbs about the staff."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from lykta.core.refusals import NotNow
from lykta.core.vocabulary import Certification, Role, Topic
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.people.models import WORKING_DAYS, Invitation, KeyHolder, Staff

LINK_LASTS = timedelta(days=3)
LEADS_AT_LEAST = 2
"""So many leads stay: two sheets of paper bring the letter key back, and one of two decides about the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a lead says of somebody's work: see `Staff`."""

    certified_for: Certification
    unprepared_for: tuple[Topic, ...] = ()
    works_on: str = WORKING_DAYS
    works_from: time | None = None
    works_until: time | None = None
    may_use_app: bool = False


def invite(*, by: str, username: str, password: str | None = None, role: Role) -> Staff:
    """A new member of staff, who comes in by a link (`make_link`) or by a password that is theirs to change.

    Raises NotNow where the name is taken, also by somebody who has left: the record names people by it.
    """
    with transaction.atomic():
        if Staff.objects.filter(username__iexact=username).exists():
            raise NotNow("Somebody has or had an account of that name. Please choose another.")
        staff = Staff.objects.create_user(username=username, password=password, role=role)
        audit.write(by=by, word=AuditWord.STAFF_INVITED, subject=staff.actor, facts={"role": str(role)})
    return staff


def make_link(*, by: str, staff: Staff, now: datetime) -> str:
    """The secret part of a link that lets this person in once, within `LINK_LASTS`. An older link stops working."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        Invitation.objects.update_or_create(
            staff=staff, defaults={"token_digest": _digest(token), "expires_at": now + LINK_LASTS}
        )
        audit.write(by=by, word=AuditWord.STAFF_LINK_MADE, subject=staff.actor)
    return token


def invited(token: str, *, now: datetime) -> Staff:
    """Whom a link is for. Raises NotNow where it is used, too old, or was never made."""
    return _open_invitation(token, now=now).staff


def join(*, token: str, password: str, now: datetime) -> Staff:
    """The link is used and the password is theirs from now on. Raises NotNow as `invited` does."""
    with transaction.atomic():
        invitation = _open_invitation(token, now=now)
        staff = invitation.staff
        invitation.delete()
        staff.set_password(password)
        staff.save(update_fields=["password"])
        audit.write(by=staff.actor, word=AuditWord.STAFF_JOINED, subject=staff.actor)
    return staff


def give_role(*, by: str, staff: Staff, role: Role) -> None:
    """Another role, from the next page on. Raises NotNow where too few leads would stay."""
    with transaction.atomic():
        if role is not Role.LEAD:
            leave_two_leads(staff)
        Staff.objects.filter(pk=staff.pk).update(role=role)
        facts = {"from": str(staff.role), "to": str(role)}
        audit.write(by=by, word=AuditWord.STAFF_ROLE_CHANGED, subject=staff.actor, facts=facts)
    staff.role = role


def set_terms(*, by: str, staff: Staff, terms: Terms) -> None:
    """What the lead says of this person's work."""
    with transaction.atomic():
        said = {**asdict(terms), "unprepared_for": [str(topic) for topic in terms.unprepared_for]}
        Staff.objects.filter(pk=staff.pk).update(**said)
        facts = {name: value if isinstance(value, bool | list) else str(value or "") for name, value in said.items()}
        audit.write(by=by, word=AuditWord.STAFF_TERMS_CHANGED, subject=staff.actor, facts=facts)


def spare(*, by: Staff, topics: Collection[Topic]) -> None:
    """What this person does not want to be shown. No reason is asked, and the record does not say what it is."""
    with transaction.atomic():
        Staff.objects.filter(pk=by.pk).update(never_show=sorted(topics))
        audit.write(by=by.actor, word=AuditWord.STAFF_SPARED, subject=by.actor)


def choose_language(*, by: Staff, language: str) -> None:
    """In which language the desk speaks to this person from the next page on; "" for what the browser asks for."""
    with transaction.atomic():
        Staff.objects.filter(pk=by.pk).update(language=language)
        audit.write(by=by.actor, word=AuditWord.STAFF_LANGUAGE, subject=by.actor, facts={"language": language})
    by.language = language


def leave_two_leads(staff: Staff) -> None:
    """Raises NotNow where this person leads, and without them fewer than two would. Locks the leads."""
    leads = set(Staff.objects.select_for_update().filter(role=Role.LEAD, is_active=True).values_list("pk", flat=True))
    if staff.pk in leads and len(leads) <= LEADS_AT_LEAST:
        raise NotNow("Two leads have to stay. Make somebody else a lead first.")


def remove(*, by: str, staff: Staff) -> None:
    """Out at once and for good: sessions end, the password and open links stop working.

    Raises NotNow where too few leads would stay.

    The row stays, because the record and assessments name it. Keys and claims: see `lykta.workflow.staffing`.
    """
    with transaction.atomic():
        leave_two_leads(staff)
        staff.is_active = False
        _shut_out(staff)
        staff.save(update_fields=["is_active", "password"])
        audit.write(by=by, word=AuditWord.STAFF_REMOVED, subject=staff.actor)


def shut_out(*, by: str, staff: Staff) -> None:
    """Nothing that this person has opens the desk any more; a new link will."""
    with transaction.atomic():
        _shut_out(staff)
        staff.save(update_fields=["password"])
        audit.write(by=by, word=AuditWord.STAFF_SHUT_OUT, subject=staff.actor)


def note_active(*, staff: Staff, day: date) -> None:
    """This person used the desk on this day; the hour is nobody's business. One write a day, not one a page."""
    if staff.last_active_on != day:
        Staff.objects.filter(pk=staff.pk).update(last_active_on=day)


def _open_invitation(token: str, *, now: datetime) -> Invitation:
    """Locked where there is a transaction, so that a link pressed twice lets one in."""
    found = Invitation.objects.select_related("staff")
    if transaction.get_connection().in_atomic_block:
        found = found.select_for_update()
    open_one = found.filter(token_digest=_digest(token), expires_at__gt=now, staff__is_active=True).first()
    if open_one is None:
        raise NotNow("This link has been used or is too old. Ask your lead for a new one.")
    return open_one


def _shut_out(staff: Staff) -> None:
    staff.sessions.all().delete()
    Invitation.objects.filter(staff=staff).delete()
    KeyHolder.objects.filter(staff=staff).delete()
    staff.set_unusable_password()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
