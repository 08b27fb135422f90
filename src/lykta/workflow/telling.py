"""Telling police, partner hotlines and hosts: plan what an assessment asks for, and send each message once."""

from uuid import uuid4

from django.db import transaction

from lykta.connectors.contract import Final, Message, Transient
from lykta.core import clocks
from lykta.core.lifecycle import StepWord
from lykta.core.vocabulary import BoxKind, RecipientKind, ReferralState
from lykta.lib import codes
from lykta.lib.clock import now
from lykta.records.audit.actions import WORKER
from lykta.records.cases import queries as cases
from lykta.records.cases.models import Item
from lykta.records.casework import actions as casework
from lykta.records.casework import queries as casework_queries
from lykta.records.casework.models import Suspicion
from lykta.records.letterbox import actions as letterbox
from lykta.records.referrals import actions as referrals
from lykta.records.referrals import queries as referral_queries
from lykta.records.referrals.models import Referral
from lykta.records.steps import actions as steps
from lykta.records.takedown import actions as takedown
from lykta.records.tracing import actions as tracing_actions
from lykta.records.tracing import queries as tracing
from lykta.workflow import judging, wording
from lykta.workflow.house import World


def tell(world: World, item_number: int) -> None:
    """Plan every message of the newest assessment's duties, and begin to watch."""
    item = Item.objects.get(pk=item_number)
    assessment = item.newest_assessment
    if assessment is None:
        return
    with transaction.atomic():
        for stored in assessment.duties:
            duty, to = judging.told_of(stored)
            referrals.plan(by=WORKER, assessment=assessment, duty=duty, to=to, now=now())
        for sent in referral_queries.police_told(assessment):
            # A danger was told before the second opinion came: the notice, planned only now, waits from then.
            until = clocks.hold_until(told_at=sent, hold=world.house.hold)
            referrals.hold(item_number=item.pk, until=until)
        if item.watchable:
            trace = tracing.trace_of(item)
            baseline = trace.sha256 if trace else ""
            every = world.house.look_every
            takedown.watch(item_number=item.pk, baseline=baseline, now=now(), every=every)


def send_notice(world: World, item_number: int) -> None:
    """Send the notice that waited for the police."""
    for referral in Referral.objects.filter(item_id=item_number, kind=RecipientKind.HOST, sent_at=None):
        send(world, referral.pk)


def send(world: World, number: int) -> None:
    """Send one referral, with a code to answer with. Raises Transient when trying again may help.

    A notice to a host that may not be the right one any more is not sent: a person looks first, once for each change.
    """
    if _has_moved(number):
        return
    code = codes.new()
    begun = referrals.begin_sending(number=number, code=code, now=now())
    if begun is None:
        return
    referral, repeat = begun
    written = _prepare(world, referral, code)
    passed_on = _to_pass_on(referral)
    message = Message(
        to=referral.email,
        subject=f"Report {referral.reference}",
        inner_subject=written.subject,
        text=wording.with_suspicions(written.text, [text for _, text in passed_on]),
        message_id=f"<{referral.reference}@{world.house.mail_from.rpartition('@')[2]}>",
        key=referral.key,
        repeat=repeat,
    )
    try:
        sent = world.outside.post.send(message)
    except Final as error:
        referrals.note_failed(by=WORKER, number=number, problem=str(error))
        return
    except Transient as error:
        if not error.uncertain:
            referrals.not_sent(number=number)
        raise
    _sent(world, referral, sent.response)
    for suspicion, _ in passed_on:
        casework.destroy_suspicion(by=WORKER, suspicion=suspicion, now=now())


def _to_pass_on(referral: Referral) -> list[tuple[Suspicion, str]]:
    """What is said of suspected persons and goes to the police with this message, and only in the mail itself."""
    if referral.kind != RecipientKind.POLICE:
        return []
    found = casework_queries.to_pass_on(cases.cases_naming(referral.item))
    texts = [(one, casework_queries.suspicion_text(one)) for one in found]
    return [(one, text) for one, text in texts if text]


def _has_moved(number: int) -> bool:
    referral = Referral.objects.select_related("assessment").get(pk=number)
    if referral.kind != RecipientKind.HOST or referral.state != ReferralState.PLANNED:
        return False
    with transaction.atomic():
        changes = tracing_actions.raise_changes(item_number=referral.item_id, since=referral.assessment.at)
        if changes:
            what = "; ".join(f"{one.what}: {one.before} → {one.after}" for one in changes)
            referrals.note_failed(
                by=WORKER, number=number, problem=f"It has moved since it was assessed ({what})."[:300]
            )
    return bool(changes)


def _prepare(world: World, referral: Referral, code: codes.Code) -> wording.Written:
    item = referral.item
    trace = tracing.trace_of(item)
    written = wording.referral(referral=referral, item=item, trace=trace, code=code, house=world.house)
    letterbox.open_box(code=code, kind=BoxKind(referral.kind), language="en", now=now(), days=world.house.box_days)
    letterbox.deliver(
        lookup=codes.lookup(code),
        number=uuid4(),
        content=wording.for_box(referral=referral, item=item, written=written),
        now=now(),
    )
    return written


def _sent(world: World, referral: Referral, response: str) -> None:
    with transaction.atomic():
        referrals.note_sent(by=WORKER, number=referral.pk, response=response, now=now())
        if referral.kind == RecipientKind.POLICE:
            until = clocks.hold_until(told_at=now(), hold=world.house.hold)
            referrals.hold(item_number=referral.item_id, until=until)
        for case in cases.cases_naming(referral.item):
            steps.plan(word=StepWord.SETTLE, subject=case.pk, occasion=f"referral-{referral.pk}", now=now())
