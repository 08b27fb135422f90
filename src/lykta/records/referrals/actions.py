"""Verbs about telling: plan, hold, send once, note what came of it, take an answer in."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from lykta.core.lifecycle import StepWord
from lykta.core.refusals import NotAllowed, NotNow
from lykta.core.routing import Duty
from lykta.core.vocabulary import ANSWERS, ApprovalKind, RecipientKind, ReferralState
from lykta.core.vocabulary import Answer as AnswerWord
from lykta.lib import certificates, codes
from lykta.lib.codes import Code
from lykta.records.approvals import actions as approvals
from lykta.records.approvals.actions import Deed
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.cases.models import Assessment
from lykta.records.people.access import may_lead
from lykta.records.people.models import Staff
from lykta.records.referrals.models import Answer, Recipient, Referral, ReplyBox
from lykta.records.steps import actions as steps


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where a referral goes. Without an e-mail address a person has to find one: `problem` says so."""

    name: str
    email: str
    key: str = ""
    problem: str = ""


def set_recipient(*, by: str, kind: RecipientKind, country: str, name: str, email: str, key: str) -> Recipient:
    """Add a police unit or a partner hotline, or change it."""
    with transaction.atomic():
        recipient, _ = Recipient.objects.update_or_create(
            kind=kind, country=country, defaults={"name": name, "email": email, "key": key}
        )
        audit.write(by=by, word=AuditWord.RECIPIENT_CHANGED, subject=f"recipient:{recipient.pk}")
    return recipient


def load_recipient(
    *, by: str, kind: RecipientKind, country: str, name: str, email: str, key: str, now: datetime
) -> Recipient:
    """`set_recipient` on the machine itself, where nobody can be asked to agree: leads see it until one compared it."""
    with transaction.atomic():
        known = Recipient.objects.select_for_update().filter(kind=kind, country=country).first()
        recipient = set_recipient(by=by, kind=kind, country=country, name=name, email=email, key=key)
        if known and goes_elsewhere(known, email=email, key=key):
            recipient.alone_at = now
            recipient.save(update_fields=["alone_at"])
            subject, facts = f"recipient:{recipient.pk}", {"from": known.email, "to": email}
            audit.write(by=by, word=AuditWord.RECIPIENT_MOVED_ALONE, subject=subject, facts=facts)
    return recipient


def note_compared(*, by: Staff, number: int) -> None:
    """A lead has asked the owner: what was changed alone is right. Raises NotAllowed."""
    may_lead(by)
    with transaction.atomic():
        recipient = Recipient.objects.select_for_update().filter(pk=number).first()
        if recipient is None:
            raise NotAllowed("There is nothing here for you.")
        if recipient.alone_at:
            recipient.alone_at = None
            recipient.save(update_fields=["alone_at"])
            audit.write(by=by.actor, word=AuditWord.RECIPIENT_COMPARED, subject=f"recipient:{number}")


def recipient_change(*, known: Recipient, name: str, email: str, key: str, now: datetime) -> Deed:
    """What a second person agrees to before mail goes elsewhere. Raises NotUnderstood for a bad certificate."""
    details = {"kind": str(known.kind), "country": known.country, "name": name, "email": email, "key": key}
    fingerprint = certificates.read(key, now=now).fingerprint if key else ""
    return Deed(ApprovalKind.KEY_CHANGE, f"recipient:{known.pk}", {**details, "fingerprint": fingerprint})


def keep_recipient(
    *, by: Staff, kind: RecipientKind, country: str, name: str, email: str, key: str, now: datetime
) -> Recipient:
    """`set_recipient` by one who leads; where mail already went elsewhere, with an approval.

    Raises NotAllowed, NotNow without an approval, NotUnderstood for a bad certificate.
    """
    may_lead(by)
    with transaction.atomic():
        known = Recipient.objects.select_for_update().filter(kind=kind, country=country).first()
        if known and goes_elsewhere(known, email=email, key=key):
            approvals.take(by=by, deed=recipient_change(known=known, name=name, email=email, key=key, now=now), now=now)
            Recipient.objects.filter(pk=known.pk).update(alone_at=None)  # two have agreed to what it is from now on
        return set_recipient(by=by.actor, kind=kind, country=country, name=name, email=email, key=key)


def goes_elsewhere(known: Recipient, *, email: str, key: str) -> bool:
    """Whether mail would go to another address, or be sealed to another key, than it does now."""
    return (known.email, known.key) != (email, key)


def plan(*, by: str, assessment: Assessment, duty: Duty, to: Addressee, now: datetime) -> Referral:
    """Plan to tell somebody; safe to do twice. What has no address yet fails at once, to be seen by a person."""
    state = ReferralState.HELD if duty.after_police else ReferralState.PLANNED
    if not to.email:
        state = ReferralState.FAILED
    with transaction.atomic():
        referral, new = Referral.objects.get_or_create(
            assessment=assessment,
            kind=duty.kind,
            country=duty.country,
            defaults={
                "item_id": assessment.item_id,
                "name": to.name[:200],
                "email": to.email,
                "key": to.key,
                "rule": duty.rule,
                "because": duty.because,
                "urgent": duty.urgent,
                "state": state,
                "problem": to.problem[:300],
                "planned_at": now,
            },
        )
        if not new:
            return referral
        facts = {"item": assessment.item_id, "rule": duty.rule, "kind": str(duty.kind), "state": str(state)}
        audit.write(by=by, word=AuditWord.REFERRAL_PLANNED, subject=f"referral:{referral.pk}", facts=facts)
        if state is ReferralState.PLANNED:
            steps.plan(word=StepWord.SEND_REFERRAL, subject=referral.pk, now=now)
    return referral


def release(*, referral: Referral, now: datetime) -> None:
    """The host may be told: the held notice is sent as soon as the worker gets to it."""
    Referral.objects.filter(pk=referral.pk, state=ReferralState.HELD).update(
        state=ReferralState.PLANNED, hold_until=now
    )


def drop(*, item_number: int) -> None:
    """The item is gone: what was held for it is not needed any more."""
    held = Referral.objects.filter(item_id=item_number, state=ReferralState.HELD)
    held.update(state=ReferralState.DROPPED, hold_until=None)


def hold(*, item_number: int, until: datetime | None) -> None:
    """Hold the host's notice until a moment; None for as long as the police do not answer otherwise."""
    Referral.objects.filter(item_id=item_number, state=ReferralState.HELD).update(hold_until=until)


def begin_sending(*, number: int, code: Code, now: datetime) -> tuple[Referral, bool] | None:
    """Note, durably, that a message is about to leave; returns (referral, an earlier copy may have arrived).

    None when there is nothing to send. Whoever finds the note without an answer of the mail server cannot know whether
    the earlier copy left: the message is sent again, marked as a repeat.
    """
    with transaction.atomic():
        referral = Referral.objects.select_for_update().get(pk=number)
        if referral.state != ReferralState.PLANNED:
            return None
        repeat = referral.sending_at is not None
        referral.sending_at, referral.repeats = now, F("repeats") + int(repeat)
        referral.save(update_fields=["sending_at", "repeats"])
        ReplyBox.objects.create(referral=referral, lookup=codes.lookup(code), proof=codes.proof(code))
    referral.refresh_from_db()
    return referral, repeat


def not_sent(*, number: int) -> None:
    """The mail server said, for sure, that it did not take the message: the next try is no repeat."""
    Referral.objects.filter(pk=number, repeats=0).update(sending_at=None)


def note_sent(*, by: str, number: int, response: str, now: datetime) -> None:
    """The mail server took it."""
    with transaction.atomic():
        referral = Referral.objects.select_for_update().get(pk=number)
        referral.state, referral.sent_at, referral.response = ReferralState.SENT, now, response[:300]
        referral.problem = ""
        referral.save(update_fields=["state", "sent_at", "response", "problem"])
        facts = {"item": referral.item_id, "repeats": referral.repeats}
        audit.write(by=by, word=AuditWord.REFERRAL_SENT, subject=f"referral:{number}", facts=facts)


def note_failed(*, by: str, number: int, problem: str) -> None:
    """It cannot be sent: a person has to act."""
    with transaction.atomic():
        Referral.objects.filter(pk=number).update(state=ReferralState.FAILED, problem=problem[:300])
        audit.write(by=by, word=AuditWord.REFERRAL_FAILED, subject=f"referral:{number}")


def take_return(*, by: str, number: int, reason: str) -> None:
    """A message came back: nobody has read it, so it was not sent. Safe to do twice.

    Its hold is lifted from the clock: a host is not told before the police really were.
    """
    with transaction.atomic():
        referral = Referral.objects.select_for_update().filter(pk=number, state=ReferralState.SENT).first()
        if referral is None:
            return
        referral.state, referral.problem = ReferralState.FAILED, f"It came back: {reason}"[:300]
        referral.sent_at = referral.sending_at = None
        referral.save(update_fields=["state", "problem", "sent_at", "sending_at"])
        if referral.kind == RecipientKind.POLICE:
            hold(item_number=referral.item_id, until=None)
        facts = {"item": referral.item_id, "returned": True}
        audit.write(by=by, word=AuditWord.REFERRAL_FAILED, subject=f"referral:{number}", facts=facts)


def readdress(*, by: str, number: int, email: str, now: datetime) -> None:
    """A person gives a failed referral an address to go to. Raises NotNow unless it has failed.

    A host's address is the person's to find. An authority's comes with its certificate from the recipients, and from
    nowhere else, so that a case never leaves in clear. Raises NotNow where that is not (yet) so.
    """
    with transaction.atomic():
        referral = Referral.objects.select_for_update().get(pk=number)
        if referral.state != ReferralState.FAILED:
            raise NotNow("It has not failed: there is nothing to mend.")
        if referral.kind == RecipientKind.HOST:
            referral.email, referral.key = email, ""
        else:
            referral.name, referral.email, referral.key = _authority(referral, email)
        held = referral.rule == "host" and referral.hold_until is not None and referral.hold_until > now
        referral.state = ReferralState.HELD if held else ReferralState.PLANNED
        referral.problem = ""
        referral.save(update_fields=["name", "email", "key", "state", "problem"])
        facts = {"readdressed": True}
        audit.write(by=by, word=AuditWord.REFERRAL_PLANNED, subject=f"referral:{number}", facts=facts)
        if not held:
            occasion = f"again-{now.isoformat()}"
            steps.plan(word=StepWord.SEND_REFERRAL, subject=number, occasion=occasion, now=now)


def _authority(referral: Referral, email: str) -> tuple[str, str, str]:
    known = Recipient.objects.filter(kind=referral.kind, country=referral.country).first()
    if known is None or not known.key:
        raise NotNow("First add this recipient, with its certificate, under Recipients.")
    if email not in {"", known.email}:
        raise NotNow(f"Under Recipients its address is {known.email}: change it there first.")
    return known.name, known.email, known.key


def take_answer(
    *,
    by: str,
    lookup: bytes,
    proof: bytes,
    digest: str,
    answer: AnswerWord,
    note: str,
    reference: str,
    at: datetime,
) -> tuple[Referral, AnswerWord] | None:
    """Keep a recipient's answer; safe to do twice. Returns the referral and what the answer counts as.

    None when no referral belongs to the mailbox, or the writer did not hold its code. What is not this kind of
    recipient's to say (a host cannot release what the police hold) counts as words to be read.
    """
    box = ReplyBox.objects.select_related("referral").filter(lookup=lookup).first()
    if box is None or not hmac.compare_digest(bytes(box.proof), proof):
        return None
    if answer not in ANSWERS[RecipientKind(box.referral.kind)]:
        answer = AnswerWord.OTHER
    with transaction.atomic():
        _, new = Answer.objects.get_or_create(
            letter_digest=digest,
            defaults={
                "referral": box.referral,
                "answer": answer,
                "note": note[:20_000],
                "reference": reference[:200],
                "at": at,
            },
        )
        if new:
            Referral.objects.filter(pk=box.referral_id).update(answered=True)
            facts = {"answer": str(answer)}
            subject = f"referral:{box.referral_id}"
            audit.write(by=by, word=AuditWord.REFERRAL_ANSWERED, subject=subject, facts=facts)
    return box.referral, answer
