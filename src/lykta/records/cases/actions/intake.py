"""A letter becomes a case; a known item is linked, not doubled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from lykta.core import urgency
from lykta.core.lifecycle import Event, StepWord
from lykta.core.locators import Locator
from lykta.core.urgency import Urgency
from lykta.core.vocabulary import CaseState, Source, Topic
from lykta.lib import domains
from lykta.records.audit import actions as audit
from lykta.records.audit.actions import Deed
from lykta.records.audit.words import AuditWord
from lykta.records.cases import blind, keyring, queries
from lykta.records.cases.actions import ending, standing
from lykta.records.cases.actions.moves import apply
from lykta.records.cases.models import Case, Item, Mention, Message, Report
from lykta.records.steps import actions as steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A report as it came out of its letter. `digest` is that of the sealed letter and names it for good.

    `danger`: the reporter says that a child is in danger now. Not `complete`: they stopped before the end.
    `partner` and `partner_number`: as in `models.Report`.
    """

    digest: str
    source: Source
    topic: Topic
    language: str
    received_at: datetime
    box_lookup: bytes
    box_proof: bytes
    content: dict[str, Any]
    locators: tuple[Locator, ...]
    danger: bool = False
    complete: bool = True
    partner: str = ""
    partner_number: str = ""


def take_in(*, by: str, opened: Opened, now: datetime) -> Report:
    """Make a report of an opened letter, in a new case. Safe to do twice."""
    known = Report.objects.filter(letter_digest=opened.digest).first()
    if known:
        return known
    with transaction.atomic():
        case = _open_case(by=by, opened=opened, now=now)
        report = Report.objects.create(
            case=case,
            letter_digest=opened.digest,
            source=opened.source,
            topic=opened.topic,
            language=opened.language,
            danger=opened.danger,
            complete=opened.complete,
            received_at=opened.received_at,
            sealed_for=case.uuid,
            words=keyring.lock(case.uuid, opened.content),
            box_lookup=opened.box_lookup,
            box_proof=opened.box_proof,
            partner=opened.partner,
            partner_number=opened.partner_number,
        )
        _name_items(by=by, report=report, locators=opened.locators, now=now)
        steps.plan(word=StepWord.TELL_REPORTERS, subject=case.pk, occasion=f"report-{report.pk}", now=now)
        blind.note(report, opened.content)
        _rank(case, opened)
        standing.refresh(Case.objects.filter(pk=case.pk))
    return report


def add_words(
    *,
    by: str,
    report: Report,
    number: UUID,
    content: dict[str, Any],
    locators: tuple[Locator, ...],
    at: datetime,
    now: datetime,
) -> None:
    """The reporter wrote again. Addresses in the new words are items too. Safe to do twice.

    A closed case opens again, since somebody has to read the words.
    """
    with transaction.atomic():
        # The case is locked, so that nobody closes it in the same moment; after the items, as everywhere, so that two
        # do not wait for each other for ever.
        _name_items(by=by, report=report, locators=locators, now=now)
        case = Case.objects.select_for_update().get(pk=report.case_id)
        if Message.objects.filter(number=number).exists():
            return
        message = Message.objects.create(
            report=report,
            number=number,
            incoming=True,
            by="reporter",
            at=at,
            words=keyring.lock(report.sealed_for, content),
            delivered_at=at,
            unread=True,
        )
        audit.write(by=by, word=AuditWord.REPORT_ADDED, subject=f"case:{report.case_id}", facts={"report": report.pk})
        blind.note(report, content)
        standing.refresh(Case.objects.filter(pk=case.pk))
        if case.state == CaseState.CLOSED:
            wrote_again = Urgency(min(case.rank, 2), "The reporter has written again.")
            ending.reopen(by=by, case_number=case.pk, urgency=wrote_again)
            steps.plan(word=StepWord.TELL_REPORTERS, subject=case.pk, occasion=f"message-{message.pk}", now=now)


def sent_again(*, report: Report, danger: bool, complete: bool) -> None:
    """The reporter came back: to a report that had been left in the middle, or to change one that was sent."""
    Report.objects.filter(pk=report.pk).update(danger=danger, complete=report.complete or complete)
    if complete:
        Case.objects.filter(pk=report.case_id).update(complete=True)


def _open_case(*, by: str, opened: Opened, now: datetime) -> Case:
    uuid = uuid4()
    keyring.make(uuid)
    case = Case.objects.create(
        uuid=uuid,
        year=now.year,
        topic=opened.topic,
        opened_at=now,
        source=opened.source,
        complete=opened.complete,
    )
    audit.write(by=by, word=AuditWord.CASE_OPENED, subject=f"case:{case.pk}", facts={"source": str(opened.source)})
    return case


AT_ONCE = 500
"""Items that one statement names; SQLite takes 32,766 values in one."""


def _name_items(*, by: str, report: Report, locators: tuple[Locator, ...], now: datetime) -> None:
    """What the report names: new items are traced, known ones are reported again."""
    found = {queries.key_digest(locator): locator for locator in reversed(locators)}
    digests = [*dict.fromkeys(map(queries.key_digest, locators))]
    for start in range(0, len(digests), AT_ONCE):
        some = {digest: found[digest] for digest in digests[start : start + AT_ONCE]}
        _name_some(by=by, report=report, found=some, now=now)


def _name_some(*, by: str, report: Report, found: dict[str, Locator], now: datetime) -> None:
    known = set(Item.objects.filter(key_digest__in=found).values_list("key_digest", flat=True))
    fresh = [_new_item(digest, one, report, now) for digest, one in found.items() if digest not in known]
    Item.objects.bulk_create(fresh, ignore_conflicts=True)
    # Always in the same order, so that two who name the same items do not wait for each other for ever.
    items = list(Item.objects.select_for_update().filter(key_digest__in=found).order_by("pk"))
    named = set(Mention.objects.filter(report=report, item__in=items).values_list("item", flat=True))
    newly = [item for item in items if item.pk not in named]
    mentions = [
        Mention(report=report, item=item, written=found[item.key_digest].written, at=report.received_at)
        for item in newly
    ]
    Mention.objects.bulk_create(mentions)
    facts = {"report": report.pk}
    audit.write_all(by=by, deeds=[Deed(AuditWord.ITEM_REPORTED, f"item:{item.pk}", facts) for item in newly])
    traced = [item.pk for item in newly if item.key_digest not in known]
    steps.plan_many(word=StepWord.TRACE, subjects=traced, now=now)
    for item in newly:
        if item.key_digest in known:
            apply(by=by, item=item, event=Event.REPORTED_AGAIN, now=now)


def _new_item(digest: str, locator: Locator, report: Report, now: datetime) -> Item:
    return Item(
        key_digest=digest,
        kind=locator.kind,
        address=locator.address,
        key=locator.key,
        host=locator.host[:255],
        domain=domains.part_of(locator.host)[:255],
        first_reported_at=report.received_at,
        state_at=now,
    )


def _rank(case: Case, opened: Opened) -> None:
    """What names no address, or only what was assessed before, is not traced and so finds its place at once."""
    topic, known = Topic(case.topic), queries.is_known(case)
    if not opened.locators:
        found = urgency.without_items(topic=topic, danger=opened.danger)
    elif known:
        found = urgency.urgency(
            topic=topic, danger=opened.danger, came_back=False, reporters=1, home_host=False, assessed=True
        )
    else:
        return
    case.rank, case.rank_reason = found.rank, found.reason
    case.save(update_fields=["rank", "rank_reason"])
