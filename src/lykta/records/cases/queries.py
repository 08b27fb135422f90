"""Reads of cases: the queue, one case, what is due."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from lykta.core.vocabulary import CaseState, ItemState
from lykta.records.cases import keyring
from lykta.records.cases.models import Case, Item, Message, Report


@dataclass(frozen=True, slots=True)
class Words:
    """A reporter's or the desk's words, opened; None when their key has been destroyed."""

    at: datetime
    incoming: bool
    by: str
    content: dict[str, Any] | None
    delivered_at: datetime | None = None


def queue() -> QuerySet[Case]:
    """Open cases, most urgent first, with `to_assess` and `tracing`: how many items wait for whom."""
    ready = Count("reports__mentions__item", filter=_items(ItemState.READY), distinct=True)
    tracing = Count("reports__mentions__item", filter=_items(ItemState.RECEIVED), distinct=True)
    items = Count("reports__mentions__item", distinct=True)
    cases = Case.objects.filter(state=CaseState.OPEN).select_related("claimed_by")
    return cases.annotate(to_assess=ready, tracing=tracing, items=items).order_by("rank", "opened_at", "pk")


def items_of(case: Case) -> list[Item]:
    """The items that the case's reports name, in the order in which they were first named."""
    return list(Item.objects.filter(mentions__report__case=case).distinct().order_by("pk"))


def reports_of(case: Case) -> list[Report]:
    """The case's reports, oldest first."""
    return list(case.reports.order_by("received_at", "pk"))


def words_of(report: Report) -> list[Words]:
    """What was said in a report and after it, oldest first."""
    first = Words(report.received_at, True, "reporter", _open(report, bytes(report.words)))
    later = [
        Words(message.at, message.incoming, message.by, _open(report, bytes(message.words)), message.delivered_at)
        for message in report.messages.order_by("at", "pk")
    ]
    return [first, *later]


def content_of(message: Message) -> dict[str, Any]:
    """What a message says. Raises keyring.Forgotten."""
    return keyring.unlock(message.report.case.uuid, bytes(message.words))


def cases_naming(item: Item) -> list[Case]:
    """Every case whose reports name this item, oldest first."""
    return list(Case.objects.filter(reports__mentions__item=item).distinct().order_by("pk"))


def to_forget(*, now: datetime) -> list[int]:
    """Numbers of closed cases whose words are due to be forgotten."""
    return list(Case.objects.filter(forget_at__lte=now).values_list("pk", flat=True))


def _items(state: ItemState) -> Q:
    return Q(reports__mentions__item__state=state)


def _open(report: Report, sealed: bytes) -> dict[str, Any] | None:
    try:
        return keyring.unlock(report.case.uuid, sealed)
    except keyring.Forgotten:
        return None
