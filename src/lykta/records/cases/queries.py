"""Reads of cases: one case, its words and items, what is due. The queue is in `queue`."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lykta.core.attaching import FileKind
from lykta.core.locators import Locator
from lykta.core.vocabulary import Verdict
from lykta.records.cases import keyring
from lykta.records.cases.models import Assessment, Attachment, Case, Export, Hold, Item, Mention, Message, Report
from lykta.records.people.models import Staff

DECIDED = (Verdict.ILLEGAL, Verdict.NOT_ILLEGAL)
"""What stays true of an item that is met again; that it was not found once does not."""
NAMED_BY = 1_000
"""So many pairs of an item and a case that names it are shown on one page."""
EXPORTS_SHOWN = 20
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


def is_unread(case: Case) -> bool:
    """Whether a reporter wrote something that nobody on the staff has read."""
    return Message.objects.filter(report__case=case, unread=True).exists()


def family(case: Case) -> list[Case]:
    """The case and those that were merged into it: what staff wrote stays with the case that it was written in."""
    return [case, *case.merged.order_by("pk")]


def is_known(case: Case) -> bool:
    """Whether the case names items and each of them was assessed before."""
    items = Item.objects.filter(mentions__report__case=case)
    return items.exists() and not items.exclude(verdict__in=DECIDED).exists()


def newest_assessments(items: Iterable[Item]) -> dict[int, Assessment]:
    """The last assessment of each item that has one, by the item's number."""
    found = Assessment.objects.filter(item__in=list(items)).select_related("by").order_by("pk")
    return {one.item_id: one for one in found}


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
    case = attachment.report.sealed_for
    for number in attachment.chunks.order_by("index").values_list("pk", flat=True):
        yield keyring.unlock_bytes(case, bytes(attachment.chunks.get(pk=number).locked))


def content_of(message: Message) -> dict[str, Any]:
    """What a message says. Raises keyring.Forgotten."""
    return keyring.unlock(message.report.sealed_for, bytes(message.words))


def report_of_box(lookup: bytes) -> Report | None:
    """The report that came with a mailbox, with its case; None where none was taken in."""
    return Report.objects.select_related("case").filter(box_lookup=lookup).first()


def cases_naming_each(items: Iterable[Item]) -> dict[int, list[Case]]:
    """The cases that name each of these items, oldest first, by the item's number; of very many the newest."""
    named = Mention.objects.filter(item__in=list(items)).values_list("item", "report__case").distinct()
    pairs = list(named.order_by("-report__case")[:NAMED_BY])
    cases = Case.objects.in_bulk({case for _, case in pairs})
    found: dict[int, list[Case]] = {}
    for item, case in reversed(pairs):
        found.setdefault(item, []).append(cases[case])
    return found


def item_of(locator: Locator) -> Item | None:
    """The item that this names, where it was ever reported."""
    return Item.objects.filter(key_digest=key_digest(locator)).first()


def key_digest(locator: Locator) -> str:
    """By what an item is found, however it was written: SHA-256 of its kind and key, in hexadecimal."""
    return hashlib.sha256(f"{locator.kind}\n{locator.key}".encode()).hexdigest()


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
    """The hold that keeps this case, if one does: its own, or that of a case which was merged into it."""
    here = Q(case=case) | Q(case__merged_into=case)
    return Hold.objects.select_related("by").filter(here, lifted_at=None, until__gt=now).first()


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
    """A hold on a case that was merged into another one keeps that, too."""
    here = Q(case=OuterRef("pk")) | Q(case__merged_into=OuterRef("pk"))
    in_force = Hold.objects.filter(here, lifted_at=None, until__gt=now)
    return Case.objects.filter(~Exists(in_force))


def _question(contents: dict[str, dict[str, Any] | None], answer: dict[str, Any] | None) -> str:
    """The text of the question that these words answer, or nothing."""
    question = contents.get(answer.get("to", "")) if answer else None
    return str(question["text"]) if question else ""


def _open(report: Report, sealed: bytes) -> dict[str, Any] | None:
    try:
        return keyring.unlock(report.sealed_for, sealed)
    except keyring.Forgotten:
        return None


def in_export(export: Export) -> Iterator[Case]:
    """The cases of an export, one after the other, but those that were forgotten since it was agreed to."""
    for number in export.numbers:
        yield from Case.objects.filter(pk=number, forgotten_at=None)


def last_exports(by: Staff) -> list[Export]:
    """What somebody took out lately; a lead sees what all did."""
    found = Export.objects.select_related("by").order_by("-pk")
    return list((found if by.leads else found.filter(by=by))[:EXPORTS_SHOWN])
