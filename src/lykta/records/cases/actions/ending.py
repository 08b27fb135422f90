"""Closing, opening again, and writing to the reporter."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from lykta.core import retention
from lykta.core.lifecycle import StepWord
from lykta.core.retention import Retention
from lykta.core.urgency import Urgency
from lykta.core.vocabulary import CaseState, ReporterStatus, Verdict
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.cases import keyring, webhooks
from lykta.records.cases.actions import standing
from lykta.records.cases.models import Case, Item, Message, Report
from lykta.records.steps import actions as steps

_NEWS = "status:"
LONGEST_COUNTRIES = 200


def rank(*, case_number: int, urgency: Urgency, countries: Iterable[str] = ()) -> None:
    """Where the case stands in the queue, and why; `countries` are those of its items' hosts."""
    named = " ".join(sorted(set(countries)))[:LONGEST_COUNTRIES]
    standing_there = {"rank": urgency.rank, "rank_reason": urgency.reason, "countries": named}
    # A case is ranked after each of its items, and stays where it is: nothing is written then.
    if not Case.objects.filter(pk=case_number, **standing_there).exists():
        Case.objects.filter(pk=case_number).update(**standing_there)


def close(*, by: str, case_number: int, now: datetime, rules: Retention = retention.DEFAULT) -> bool:
    """Close a case, and set the days on which it is forgotten. False if it was closed already."""
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case_number)
        if case.state == CaseState.CLOSED:
            return False
        items = Item.objects.filter(mentions__report__case=case)
        illegal = items.filter(verdict=Verdict.ILLEGAL).exists()
        case.state, case.closed_at, case.claimed_by = CaseState.CLOSED, now, None
        due = retention.due(closed_at=now, anything_illegal=illegal, rules=rules)
        if not case.forgotten_at:
            case.forget_at, case.contact_forget_at = due.words_at, due.contact_at
        case.save(update_fields=["state", "closed_at", "claimed_by", "forget_at", "contact_forget_at"])
        facts = {"illegal": illegal, "retention": rules.rule}
        audit.write(by=by, word=AuditWord.CASE_CLOSED, subject=f"case:{case.pk}", facts=facts)
        return True


def reopen(*, by: str, case_number: int, urgency: Urgency) -> None:
    """There is something to do again. A forgotten case stays forgotten: its items live on, its words do not."""
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case_number)
        if case.state == CaseState.OPEN:
            return
        case.state, case.closed_at = CaseState.OPEN, None
        case.forget_at = case.contact_forget_at = None
        case.rank, case.rank_reason = urgency.rank, urgency.reason
        fields = ["state", "closed_at", "forget_at", "contact_forget_at", "rank", "rank_reason"]
        case.save(update_fields=fields)
        standing.refresh(Case.objects.filter(pk=case.pk))
        audit.write(by=by, word=AuditWord.CASE_REOPENED, subject=f"case:{case.pk}")


def tell_status(*, report: Report, status: ReporterStatus, now: datetime) -> None:
    """Let the reporter's mailbox show a status; the same news twice in a row is written once.

    Where a partner's system reported, it is to be told the same.
    """
    news = report.messages.filter(by__startswith=_NEWS).order_by("-pk").first()
    if news is None or news.by != f"{_NEWS}{status}":
        content, number = {"type": "status", "status": str(status)}, uuid4()
        with transaction.atomic():
            _write(by=f"{_NEWS}{status}", report=report, number=number, content=content, now=now)
            webhooks.note(report=report, number=number, status=status, now=now)


def answer(*, by: str, report: Report, number: UUID, text: str, now: datetime) -> None:
    """Write to the reporter in words. Raises keyring.Forgotten when the case's key is gone."""
    _say(by=by, report=report, number=number, content={"type": "message", "text": text}, now=now)


def ask(*, by: str, report: Report, number: UUID, text: str, now: datetime) -> None:
    """Ask the reporter something: the mailbox keeps a place for the answer. Raises as `answer` does."""
    content = {"type": "question", "number": str(number), "text": text}
    _say(by=by, report=report, number=number, content=content, now=now)


def note_read(*, numbers: Sequence[UUID]) -> None:
    """A person has opened the case with these messages in it."""
    with transaction.atomic():
        if Message.objects.filter(number__in=numbers, unread=True).update(unread=False):
            standing.refresh(Case.objects.filter(reports__messages__number__in=numbers))


def note_delivered(*, message: Message, now: datetime) -> None:
    """The message lies in the mailbox."""
    Message.objects.filter(pk=message.pk).update(delivered_at=now)


def _say(*, by: str, report: Report, number: UUID, content: dict[str, str], now: datetime) -> None:
    facts = {"report": report.pk, "type": content["type"]}
    with transaction.atomic():
        _write(by=by, report=report, number=number, content=content, now=now)
        audit.write(by=by, word=AuditWord.MESSAGE_WRITTEN, subject=f"case:{report.case_id}", facts=facts)


def _write(*, by: str, report: Report, number: UUID, content: dict[str, str], now: datetime) -> None:
    with transaction.atomic():
        message, new = Message.objects.get_or_create(
            number=number,
            defaults={
                "report": report,
                "incoming": False,
                "by": by,
                "at": now,
                "words": keyring.lock(report.sealed_for, content),
            },
        )
        if new:
            steps.plan(word=StepWord.DELIVER, subject=message.pk, now=now)
