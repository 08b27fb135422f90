"""Reads of cases: the queue, one case, what is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lykta.core.attaching import FileKind
from lykta.core.vocabulary import CaseState, ItemState
from lykta.records.cases import keyring
from lykta.records.cases.models import Attachment, Case, Hold, Item, Mention, Message, Report

READ_HERE_BYTES = 100_000
"""The longest text that the desk shows as a page; longer ones are downloaded."""


@dataclass(frozen=True, slots=True)
class Words:
    """A reporter's or the desk's words, opened; None when their key has been destroyed.

    `number` is that of the message, the words of the report itself have none. `question` is what they answer.
    """

    at: datetime
    incoming: bool
    by: str
    content: dict[str, Any] | None
    delivered_at: datetime | None = None
    number: UUID | None = None
    unread: bool = False
    answered: bool = False
    question: str = ""


def queue() -> QuerySet[Case]:
    """Open cases, most urgent first.

    `to_assess` and `tracing`: how many items wait for whom; `unread`: a reporter wrote, and nobody has read it.
    """
    ready = Count("reports__mentions__item", filter=_items(ItemState.READY), distinct=True)
    tracing = Count("reports__mentions__item", filter=_items(ItemState.RECEIVED), distinct=True)
    items = Count("reports__mentions__item", distinct=True)
    cases = Case.objects.filter(state=CaseState.OPEN).select_related("claimed_by")
    unread = Exists(Message.objects.filter(report__case=OuterRef("pk"), unread=True))
    found = cases.annotate(to_assess=ready, tracing=tracing, items=items, unread=unread)
    return found.order_by("rank", "opened_at", "pk")


def is_unread(case: Case) -> bool:
    """Whether a reporter wrote something that nobody on the staff has read."""
    return Message.objects.filter(report__case=case, unread=True).exists()


def items_of(case: Case) -> list[Item]:
    """The items that the case's reports name, in the order in which they were first named."""
    return list(Item.objects.filter(mentions__report__case=case).distinct().order_by("pk"))


def most_reports(case: Case) -> int:
    """How many reports name the case's most reported item; 0 for a case without items."""
    items = Item.objects.filter(mentions__report__case=case)
    counted = Mention.objects.filter(item__in=items).values("item").annotate(count=Count("pk"))
    return counted.order_by("-count").values_list("count", flat=True).first() or 0


def reports_of(case: Case) -> list[Report]:
    """The case's reports, oldest first."""
    return list(case.reports.order_by("received_at", "pk"))


def words_of(report: Report) -> list[Words]:
    """What was said in a report and after it, oldest first."""
    first = Words(report.received_at, True, "reporter", _open(report, bytes(report.words)))
    messages = list(report.messages.order_by("at", "pk"))
    contents = {str(message.number): _open(report, bytes(message.words)) for message in messages}
    answered = {content.get("to") for content in contents.values() if content}
    later = [
        Words(
            at=message.at,
            incoming=message.incoming,
            by=message.by,
            content=contents[str(message.number)],
            delivered_at=message.delivered_at,
            number=message.number,
            unread=message.unread,
            answered=str(message.number) in answered,
            question=_question(contents, contents[str(message.number)]),
        )
        for message in messages
    ]
    return [first, *later]


def asked(report: Report, typed: str) -> UUID | None:
    """The number of a question that was asked about this report; None for whatever else somebody sends."""
    try:
        number = UUID(typed)
    except ValueError:
        return None
    message = report.messages.filter(number=number, incoming=False).first()
    content = _open(report, bytes(message.words)) if message else None
    return number if content and content["type"] == "question" else None


@dataclass(frozen=True, slots=True)
class File:
    """An attachment with what lies locked beside its bytes: name, type, SHA-256; all empty once it is forgotten."""

    attachment: Attachment
    name: str = ""
    kind: str = ""
    sha256: str = ""

    @property
    def may_read_here(self) -> bool:
        """Whether it is a text that fits on a page."""
        return self.kind == FileKind.TEXT and self.attachment.size <= READ_HERE_BYTES


def files_of(report: Report) -> list[File]:
    """What came with a report, in the order in which it came."""
    return [file_of(one) for one in report.attachments.select_related("report__case").order_by("received_at", "pk")]


def file_of(attachment: Attachment) -> File:
    """One attachment, opened as far as its name."""
    label = _open(attachment.report, bytes(attachment.label)) or {}
    return File(attachment, *(str(label.get(part, "")) for part in ("name", "type", "sha256")))


def pieces_of(attachment: Attachment) -> Iterator[bytes]:
    """The bytes of an attachment, one piece at a time. Raises keyring.Forgotten."""
    case = attachment.report.case.uuid
    for number in attachment.chunks.order_by("index").values_list("pk", flat=True):
        yield keyring.unlock_bytes(case, bytes(attachment.chunks.get(pk=number).locked))


def content_of(message: Message) -> dict[str, Any]:
    """What a message says. Raises keyring.Forgotten."""
    return keyring.unlock(message.report.case.uuid, bytes(message.words))


def report_of_box(lookup: bytes) -> Report | None:
    """The report that came with a mailbox, with its case; None where none was taken in."""
    return Report.objects.select_related("case").filter(box_lookup=lookup).first()


def cases_naming(item: Item) -> list[Case]:
    """Every case whose reports name this item, oldest first."""
    return list(Case.objects.filter(reports__mentions__item=item).distinct().order_by("pk"))


def to_forget(*, now: datetime) -> list[int]:
    """Numbers of closed cases whose words are due to be forgotten, and that no hold keeps."""
    return list(_not_held(now).filter(forget_at__lte=now).values_list("pk", flat=True))


def contacts_to_forget(*, now: datetime) -> list[int]:
    """Numbers of closed cases whose contacts are due to be forgotten, and that no hold keeps."""
    return list(_not_held(now).filter(contact_forget_at__lte=now).values_list("pk", flat=True))


def hold_of(case: Case, *, now: datetime) -> Hold | None:
    """The hold that keeps this case, if one does."""
    return case.holds.select_related("by").filter(lifted_at=None, until__gt=now).first()


def held(*, now: datetime) -> list[Hold]:
    """Every hold in force, the one that ends first on top."""
    found = Hold.objects.select_related("case", "by").filter(lifted_at=None, until__gt=now)
    return list(found.order_by("until", "pk"))


def forgotten(*, since: datetime) -> QuerySet[Case]:
    """Cases of which something was forgotten since then, the newest first."""
    found = Case.objects.filter(Q(forgotten_at__gte=since) | Q(contact_forgotten_at__gte=since))
    return found.order_by("-forgotten_at", "-contact_forgotten_at", "-pk")


def forgotten_soon(*, before: datetime) -> QuerySet[Case]:
    """Cases of which something is to be forgotten before then, the next one on top."""
    found = Case.objects.filter(Q(forget_at__lt=before) | Q(contact_forget_at__lt=before))
    return found.order_by("contact_forget_at", "forget_at", "pk")


def _not_held(now: datetime) -> QuerySet[Case]:
    in_force = Hold.objects.filter(case=OuterRef("pk"), lifted_at=None, until__gt=now)
    return Case.objects.filter(~Exists(in_force))


def _question(contents: dict[str, dict[str, Any] | None], answer: dict[str, Any] | None) -> str:
    """The text of the question that these words answer, or nothing."""
    question = contents.get(answer.get("to", "")) if answer else None
    return str(question["text"]) if question else ""


def _items(state: ItemState) -> Q:
    return Q(reports__mentions__item__state=state)


def _open(report: Report, sealed: bytes) -> dict[str, Any] | None:
    try:
        return keyring.unlock(report.case.uuid, sealed)
    except keyring.Forgotten:
        return None
