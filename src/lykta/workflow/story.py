"""The story: each step that the worker can take → one short function, in the order of the river.

Each may be done twice and counts once, since a worker may die after the deed and before the note.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from uuid import uuid4

from django.db import transaction

from lykta.core.lifecycle import Event, StepWord, may_close
from lykta.core.refusals import NotNow
from lykta.core.urgency import CAME_BACK
from lykta.core.vocabulary import CaseState, ItemState, ReporterStatus, Verdict
from lykta.lib.clock import now
from lykta.records.audit.actions import WORKER
from lykta.records.cases import blind, keyring
from lykta.records.cases import queries as cases
from lykta.records.cases.actions import ending, moves, standing
from lykta.records.cases.models import Case, Item, Message
from lykta.records.letterbox import actions as letterbox
from lykta.records.referrals import actions as referrals
from lykta.records.referrals import queries as referral_queries
from lykta.records.steps import actions as steps
from lykta.records.takedown import actions as takedown
from lykta.records.tracing import actions as tracing
from lykta.records.tracing.queries import trace_of
from lykta.workflow import looking, matching, offering, telling, wording
from lykta.workflow.house import World
from lykta.workflow.ranking import rank
from lykta.workflow.tracing import Tracer
from lykta.workflow.webhooks import tell_partner

TRACE_AGAIN = timedelta(minutes=10)


def trace(world: World, number: int) -> None:
    """Learn where an item is; what did not answer is asked once more later."""
    item = Item.objects.get(pk=number)
    tracer = Tracer(world.outside)
    summary = tracer.trace(item)
    with transaction.atomic():
        changes = tracing.keep(
            by=WORKER, item_number=number, observed=tracer.observed, summary=summary, now=now(), found=tracer.found
        )
        blind.note_fingerprints(number, summary.get("fingerprints", ()))
        kept = trace_of(item)
        standing.note_needs(item=item, needs=looking.needed(item, kept, world.house))
        moves.move(by=WORKER, item_number=number, event=Event.TRACED, now=now())
        for case in cases.cases_naming(item):
            rank(world.house, case, moved=bool(changes and item.verdict))
        if matching.is_worth_asking(item, kept):
            steps.plan(word=StepWord.MATCH, subject=number, occasion=f"traced-{now().isoformat()}", now=now())
        if any(one.problem and one.what != "look" for one in tracer.observed):
            steps.plan(word=StepWord.TRACE, subject=number, occasion="again", now=now(), due_at=now() + TRACE_AGAIN)


def look(world: World, number: int) -> None:
    """See whether an item is still there, and let the lifecycle draw the conclusion.

    What is there now and was not when it was traced is compared with the lists too.
    """
    item = Item.objects.get(pk=number)
    seen = world.outside.looker.look(item.address)
    fresh = tracing.note_seen(item_number=number, media=[asdict(one) for one in seen.fingerprints], now=now())
    blind.note_fingerprints(number, fresh)
    event = takedown.note_look(
        item_number=number,
        outcome=seen.outcome,
        status=seen.status,
        media_type=seen.media_type,
        sha256=seen.sha256,
        reason=seen.reason,
        now=now(),
        every=world.house.look_every,
    )
    if event is None:
        return
    try:
        moves.move(by=WORKER, item_number=number, event=event, now=now())
    except NotNow:
        return  # an analyst is judging it afresh: what they decide counts
    if event is Event.WENT_AWAY:
        referrals.drop(item_number=number)


def tell_reporters(world: World, number: int) -> None:
    """Put the case's status into the mailbox of everybody who reported it."""
    del world
    case = Case.objects.get(pk=number)
    _tell(case, _status(case))


def deliver(world: World, number: int) -> None:
    """Put one message into a reporter's mailbox. A mailbox that has expired is no failure."""
    del world
    message = Message.objects.select_related("report__case").get(pk=number)
    try:
        content = cases.content_of(message)
    except keyring.Forgotten:
        return
    lookup = bytes(message.report.box_lookup)
    letterbox.deliver(lookup=lookup, number=message.number, content=content, now=now())
    ending.note_delivered(message=message, now=now())


def settle(world: World, number: int) -> None:
    """Close a case in which nothing is left to do, and answer everybody who reported it.

    Where a reporter wrote what nobody has read yet, a person closes it.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=number)
        items = cases.items_of(case)
        states = [(ItemState(one.state), one.watchable, referral_queries.all_told(one)) for one in items]
        if case.state == CaseState.CLOSED or not items or not may_close(states) or cases.is_unread(case):
            return
        if not case.forgotten_at:
            _answer(case, items)
        _tell(case, ReporterStatus.CLOSED)
        ending.close(by=WORKER, case_number=number, now=now(), rules=world.house.retention)


def _answer(case: Case, items: list[Item]) -> None:
    verdicts = [one.verdict for one in items if one.verdict]
    illegal = [one for one in items if one.verdict == Verdict.ILLEGAL]
    gone = bool(illegal) and all(one.state == ItemState.GONE for one in illegal)
    for report in cases.reports_of(case):
        text = wording.outcome(verdicts=verdicts, gone=gone, language=report.language)
        ending.answer(by=WORKER, report=report, number=uuid4(), text=text, now=now())


def reopen(world: World, number: int) -> None:
    """There is something to do again in a case."""
    ending.reopen(by=WORKER, case_number=number, urgency=CAME_BACK)
    case = Case.objects.get(pk=number)
    rank(world.house, case)
    _tell(case, _status(case))


def _status(case: Case) -> ReporterStatus:
    if case.state == CaseState.CLOSED:
        return ReporterStatus.CLOSED
    told = (ItemState.REFERRED, ItemState.NOTIFIED, ItemState.GONE)
    if any(item.state in told for item in cases.items_of(case)):
        return ReporterStatus.TOLD
    return ReporterStatus.READING


def _tell(case: Case, status: ReporterStatus) -> None:
    if case.forgotten_at:
        return
    for report in cases.reports_of(case):
        ending.tell_status(report=report, status=status, now=now())


STORY: dict[StepWord, Callable[[World, int], None]] = {
    StepWord.TRACE: trace,
    StepWord.MATCH: matching.match,
    StepWord.TELL: telling.tell,
    StepWord.SEND_REFERRAL: telling.send,
    StepWord.SEND_NOTICE: telling.send_notice,
    StepWord.LOOK: look,
    StepWord.TELL_REPORTERS: tell_reporters,
    StepWord.OFFER: offering.weigh,
    StepWord.DELIVER: deliver,
    StepWord.TELL_PARTNER: tell_partner,
    StepWord.SETTLE: settle,
    StepWord.REOPEN: reopen,
    StepWord.READ_FILE: matching.read_file,
    StepWord.FOLLOW_LISTS: matching.follow_lists,
    StepWord.MATCH_AGAIN: matching.match_again,
}
