"""Our list of hashes as partners fetch it: appended by the worker, read and answered by the partners' face.

A subscriber asks for what is dated from one moment up to another, page by page, and later goes on from that other
moment. It loses nothing if no line ever appears that is dated before a moment up to which somebody was served. So a
line is dated `AHEAD` of the clock, and nobody is served beyond `EARLY` of it: in between lies the time that a
transaction may take, and that the clocks of two machines may differ.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from lykta.core.refusals import NotUnderstood
from lykta.records.letterbox.models import DATABASE, Feedback, FeedEntry, Fetch

AHEAD = timedelta(seconds=60)
EARLY = timedelta(seconds=20)
KEEP = timedelta(days=90)
"""How long it is known who fetched what."""

_FETCHED = """
    INSERT INTO letterbox_fetch (slug, at, since, until, added, deleted, complete) VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
_SAID = "INSERT INTO letterbox_feedback (slug, entry, fingerprint, objection, at) VALUES (%s, %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is to be known of an entry; the fingerprints are "" where it is deleted, or has none."""

    entry: UUID
    revision: int
    deleted: bool
    kind: str
    grade: str = ""
    sha1: str = ""
    md5: str = ""
    pdq: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What a subscriber asks for: all dated from `since` up to, but not at, `until`.

    A page begins at the line `start`; no line beyond `last` belongs to what the first page promised.
    """

    since: datetime
    until: datetime
    start: int = 0
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Lines in order, and where the next page begins: None after the last one."""

    lines: list[FeedEntry]
    following: Span | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """What a partner fetched: how often, how much, when last, and up to which moment it has everything."""

    slug: str
    requests: int
    added: int
    deleted: int
    last_at: datetime
    has_all_before: datetime | None


def append(lines: Iterable[Line], *, now: datetime) -> None:
    """Add lines, all or none. A revision that is there already is left alone.

    No line is dated before one that is there, even where the clock was put back.
    """
    with transaction.atomic(using=DATABASE):
        entries = FeedEntry.objects.using(DATABASE)
        newest = entries.aggregate(newest=Max("dated"))["newest"]
        dated = now.replace(microsecond=0) + AHEAD
        dated = max(dated, newest) if newest else dated
        entries.bulk_create(
            [
                FeedEntry(
                    entry=one.entry,
                    revision=one.revision,
                    dated=dated,
                    deleted=one.deleted,
                    kind=one.kind,
                    grade=one.grade,
                    sha1=one.sha1,
                    md5=one.md5,
                    pdq=one.pdq,
                )
                for one in lines
            ],
            ignore_conflicts=True,
        )


def page(span: Span, *, size: int, now: datetime) -> Page:
    """The next lines of what was asked for; of each entry only its newest, so nothing that was withdrawn is served.

    Raises NotUnderstood for a span that ends in the future, where something may still come.
    """
    if span.until > now + EARLY:
        ahead = int((span.until - now).total_seconds())
        raise NotUnderstood(
            f"“to” is {ahead} seconds in the future by our clock: entries could be lost. Set your clock, and give "
            "times in UTC (threatexchange: run it with TZ=UTC)."
        )
    if span.since > span.until:
        raise NotUnderstood("“from” has to be before “to”.")
    lines = FeedEntry.objects.using(DATABASE).filter(dated__gte=span.since, dated__lt=span.until)
    last = span.last if span.last is not None else lines.aggregate(last=Max("pk"))["last"] or 0
    found = list(_current(lines.filter(pk__gte=span.start, pk__lte=last)).order_by("pk")[: size + 1])
    if len(found) <= size:
        return Page(found, None)
    return Page(found[:size], Span(since=span.since, until=span.until, start=found[size].pk, last=last))


def offers(entry: UUID) -> bool:
    """Whether this entry is on the list now."""
    return _current(FeedEntry.objects.using(DATABASE).filter(entry=entry)).filter(deleted=False).exists()


def note_fetch(*, slug: str, span: Span, served: Page, now: datetime) -> None:
    """A partner was given a page. The public role may write this, and not read it."""
    deleted = sum(line.deleted for line in served.lines)
    added = len(served.lines) - deleted
    _insert(_FETCHED, [slug, now, span.since, span.until, added, deleted, served.following is None])


def note_feedback(*, slug: str, entry: UUID, fingerprint: str, objection: str, now: datetime) -> None:
    """A partner agrees with an entry, or objects. The public role may write this, and not read it."""
    _insert(_SAID, [slug, entry, fingerprint, objection, now])


def subscribers() -> list[Subscriber]:
    """Those who have fetched anything in the last months, by their short names."""
    counted = Fetch.objects.using(DATABASE).values("slug").order_by("slug")
    found = counted.annotate(
        requests=Count("pk"),
        all_added=Sum("added"),
        all_deleted=Sum("deleted"),
        last_at=Max("at"),
        has_all_before=Max("until", filter=Q(complete=True)),
    )
    return [
        Subscriber(
            slug=row["slug"],
            requests=row["requests"],
            added=row["all_added"],
            deleted=row["all_deleted"],
            last_at=row["last_at"],
            has_all_before=row["has_all_before"],
        )
        for row in found
    ]


def fetches(slug: str, *, limit: int) -> list[Fetch]:
    """What a partner fetched, newest first."""
    return list(Fetch.objects.using(DATABASE).filter(slug=slug).order_by("-pk")[:limit])


def feedback() -> list[Feedback]:
    """What partners say now, newest first; what one said before of the same fingerprint is left out."""
    newest: dict[tuple[Any, ...], Feedback] = {}
    for one in Feedback.objects.using(DATABASE).order_by("-pk"):
        newest.setdefault((one.slug, one.entry, one.fingerprint), one)
    return list(newest.values())


def sweep(*, now: datetime) -> None:
    """Forget who fetched what long ago, and what somebody has said anew."""
    with transaction.atomic(using=DATABASE):
        Fetch.objects.using(DATABASE).filter(at__lt=now - KEEP).delete()
        later = Feedback.objects.using(DATABASE).filter(
            slug=OuterRef("slug"), entry=OuterRef("entry"), fingerprint=OuterRef("fingerprint"), pk__gt=OuterRef("pk")
        )
        Feedback.objects.using(DATABASE).filter(Exists(later)).delete()


def _current(lines: QuerySet[FeedEntry]) -> QuerySet[FeedEntry]:
    later = FeedEntry.objects.using(DATABASE).filter(entry=OuterRef("entry"), revision__gt=OuterRef("revision"))
    return lines.exclude(Exists(later))


def _insert(statement: str, values: list[Any]) -> None:
    """By hand, since Django's own INSERT reads the number of the new row back."""
    connection = connections[DATABASE]
    adapted = [
        connection.ops.adapt_datetimefield_value(one)
        if isinstance(one, datetime)
        else one.hex
        if isinstance(one, UUID) and not connection.features.has_native_uuid_field
        else one
        for one in values
    ]
    with transaction.atomic(using=DATABASE), connection.cursor() as cursor:
        cursor.execute(statement, adapted)
