"""Verbs of looking: begin, show once, end, pass on; and of care: more minutes, other systems, counselling."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from lykta.core import exposure
from lykta.core.exposure import Limits, Wanted
from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import Blur, Gate
from lykta.records.audit import actions as audit
from lykta.records.audit.actions import WORKER
from lykta.records.audit.words import AuditWord
from lykta.records.cases.models import Case, Item
from lykta.records.exposure import queries
from lykta.records.exposure.models import Addition, Counselling, Elsewhere, Look, Passed, Preference
from lykta.records.people.models import Staff

SIDES = (80, 120, 160)
SEVERITIES = (1, 2, 3)
_USED = "This look is over, or was begun elsewhere: begin a new one."


def begin(
    *,
    by: Staff,
    item: Item,
    position: int,
    wanted: Wanted,
    blur: Blur,
    as_traced: bool,
    goes_on: bool,
    session: str,
    limits: Limits,
    now: datetime,
    why: str = "",
) -> Look:
    """Ask the gate and begin a look; one that the person has open ends. `now` carries the hotline's time zone.

    `goes_on`: the person has said so although the soft limit is reached. `why`: what a lead names as the reason to see
    something known. Raises NotNow with what the gate says.
    """
    with transaction.atomic():
        Staff.objects.select_for_update().get(pk=by.pk)
        _end_all(Look.objects.filter(person=by), by=by.actor, now=now)
        decision = exposure.decide(wanted, queries.day_of(by, now=now), now=now, limits=limits)
        if not decision.may or (decision.gate is Gate.SOFT and not goes_on):
            raise NotNow(decision.gate.sentence)
        return Look.objects.create(
            person=by,
            item=item,
            position=position,
            kind=wanted.kind,
            purpose=wanted.purpose,
            known=wanted.known,
            blur=blur,
            as_traced=as_traced,
            session=session,
            why=why[:300],
            begun_at=now,
        )


def open_once(*, by: Staff, look: Look, session: str, now: datetime) -> None:
    """Use the address of a look's picture: once, within a minute, from the session that asked. Raises NotNow."""
    fresh = Look.objects.filter(
        pk=look.pk, person=by, session=session, opened_at=None, begun_at__gt=now - exposure.TICKET
    )
    if not fresh.update(opened_at=now):
        raise NotNow(_USED)


def note_problem(*, look: Look, problem: str) -> None:
    """No picture came, and why: nothing was looked at."""
    Look.objects.filter(pk=look.pk).update(problem=problem[:300])


def note_shown(*, by: Staff, look: Look, now: datetime) -> None:
    """A picture is sent now. In the record before its first byte leaves."""
    with transaction.atomic():
        Look.objects.filter(pk=look.pk).update(shown_at=now)
        audit.write(
            by=by.actor,
            word=AuditWord.ITEM_SHOWN,
            subject=f"item:{look.item_id}",
            facts={"look": look.pk, "kind": look.kind, "purpose": look.purpose, "blur": look.blur, "known": look.known}
            | ({"reason": "lead"} if look.why else {}),
        )


def end(*, by: Staff, look: Look, severity: int | None, now: datetime) -> None:
    """The picture is hidden. `severity` 1 to 3, or None for what nobody has to say. Safe to do twice."""
    with transaction.atomic():
        _end_all(Look.objects.filter(pk=look.pk, person=by), by=by.actor, now=now)
        if severity in SEVERITIES:
            Look.objects.filter(pk=look.pk).update(severity=severity)


def end_all(*, by: Staff, now: datetime) -> None:
    """Hide whatever this person has open."""
    with transaction.atomic():
        _end_all(Look.objects.filter(person=by), by=by.actor, now=now)


def end_forgotten(*, now: datetime) -> None:
    """End looks that nobody has ended in time."""
    forgotten = Look.objects.filter(shown_at__lte=now - exposure.LONGEST, ended_at=None)
    if forgotten.exists():
        with transaction.atomic():
            _end_all(forgotten, by=WORKER, now=now)


def leave(*, by: Staff, item: Item, now: datetime) -> None:
    """Leave it to others, no reason asked. It goes back to the queue, and into no record that names the person."""
    with transaction.atomic():
        Passed.objects.create(person=by, item=item, at=now)
        _give_back(by, item)


def ask_colleague(*, by: Staff, item: Item, to: Staff, now: datetime) -> None:
    """Ask a colleague to take it."""
    with transaction.atomic():
        Passed.objects.create(person=by, item=item, to=to, at=now)
        _give_back(by, item)
        audit.write(by=by.actor, word=AuditWord.COLLEAGUE_ASKED, subject=f"item:{item.pk}", facts={"to": to.pk})


def take(*, asked: Passed, now: datetime) -> None:
    """The colleague has seen the wish, and takes it or not."""
    Passed.objects.filter(pk=asked.pk).update(taken_at=now)


def allow_more(*, by: Staff, person: Staff, minutes: int, reason: str, now: datetime) -> None:
    """A lead lets somebody look on today. `now` carries the hotline's time zone. Raises NotUnderstood."""
    if not reason.strip():
        raise NotUnderstood("Say why: the reason is kept, and the person can read it.")
    if not 1 <= minutes <= exposure.MOST_MORE:
        raise NotUnderstood("Give between 1 and 60 minutes.")
    with transaction.atomic():
        Addition.objects.create(
            person=person, by=by, day=now.date(), minutes=minutes, reason=reason.strip()[:300], at=now
        )
        facts = {"minutes": minutes, "day": now.date().isoformat()}
        audit.write(by=by.actor, word=AuditWord.LOOKING_EXTENDED, subject=f"staff:{person.username}", facts=facts)


def note_elsewhere(*, by: Staff, day: date, minutes: int, system: str, now: datetime) -> None:
    """Minutes that the person looked in another system. Raises NotUnderstood."""
    if day > now.date() or not 1 <= minutes <= exposure.MOST_ELSEWHERE:
        raise NotUnderstood("Give a day that has begun, and between 1 and 600 minutes.")
    Elsewhere.objects.create(person=by, day=day, minutes=minutes, system=system.strip()[:60])


def note_counselling(*, by: Staff, day: date, now: datetime) -> None:
    """The date of a talk with a counsellor, and nothing of it. Raises NotUnderstood."""
    if day > now.date():
        raise NotUnderstood("Give a day that has begun.")
    Counselling.objects.get_or_create(person=by, day=day)


def keep_preference(*, by: Staff, gray: bool, blur: Blur, side: int) -> None:
    """How the person wants to be shown things. Raises NotUnderstood."""
    if side not in SIDES:
        raise NotUnderstood("Choose one of the sizes.")
    kept = {"gray": gray, "blur": blur, "side": side}
    Preference.objects.update_or_create(person=by, defaults=kept)


def sweep(*, now: datetime) -> None:
    """Forget what is older than two years."""
    before = now - exposure.KEEP
    Look.objects.filter(begun_at__lt=before).delete()
    Passed.objects.filter(at__lt=before).delete()
    for rows in (Elsewhere, Addition, Counselling):
        rows.objects.filter(day__lt=before.date()).delete()


def _end_all(looks: QuerySet[Look], *, by: str, now: datetime) -> None:
    """End those of these looks that show something, each with its length in the record."""
    for look in looks.select_for_update().exclude(shown_at=None).filter(ended_at=None):
        if look.shown_at is None:
            continue
        seen = exposure.looked(shown=look.shown_at, ended=None, now=now)
        look.ended_at, look.seconds = seen.ended, round((seen.ended - seen.begun).total_seconds())
        look.save(update_fields=["ended_at", "seconds"])
        facts = {"look": look.pk, "seconds": look.seconds, "purpose": look.purpose}
        audit.write(by=by, word=AuditWord.LOOK_ENDED, subject=f"item:{look.item_id}", facts=facts)


def _give_back(by: Staff, item: Item) -> None:
    """Whoever passes an item on does not keep its cases from others."""
    Case.objects.filter(claimed_by=by, reports__mentions__item=item).update(claimed_by=None, claimed_until=None)
