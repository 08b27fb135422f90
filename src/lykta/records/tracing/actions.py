"""The verbs of tracing: keep what was observed, and say once what has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from lykta.core import whereabouts
from lykta.core.lifecycle import StepWord
from lykta.core.whereabouts import Whereabouts
from lykta.lib import domains
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.cases.models import Item
from lykta.records.steps import actions as steps
from lykta.records.tracing.models import Change, Observation, ServedFrom, Trace

MOST_LATER = 48
"""Two looks at a page with many pictures: a page that is another at each look must not grow for ever."""
_NOTHING_LATER: dict[str, Any] = {"seen_later": [], "seen_later_at": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One thing seen or not seen: `problem` says why not, in words."""

    what: str
    source: str
    at: datetime
    facts: dict[str, Any]
    problem: str = ""


def keep(
    *,
    by: str,
    item_number: int,
    observed: Sequence[Observed],
    summary: dict[str, Any],
    now: datetime,
    found: Whereabouts | None = None,
) -> list[Change]:
    """Keep every observation, and make `summary` (fields of Trace) the newest picture.

    `found` is where the item is now; returns what of it has changed since that was known last.
    """
    with transaction.atomic():
        Observation.objects.bulk_create(
            Observation(
                item_id=item_number,
                what=one.what,
                source=one.source[:200],
                at=one.at,
                facts=one.facts,
                problem=one.problem[:300],
            )
            for one in observed
        )
        earlier = Trace.objects.filter(item_id=item_number).values_list("last_known", flat=True).first()
        before, after = _read(earlier or {}), found or Whereabouts()
        known = asdict(whereabouts.carried_on(before, after))
        elsewhere = _elsewhere(item_number, summary.get("final_host", ""))
        newest = {**summary, **_NOTHING_LATER, "final_domain": elsewhere, "last_known": known, "at": now}
        trace, _ = Trace.objects.update_or_create(item_id=item_number, defaults=newest)
        _serve(item_number, trace.addresses)
        facts = {"country": trace.host_country, "asn": trace.asn, "cdn": trace.cdn, "outcome": trace.outcome}
        audit.write(by=by, word=AuditWord.ITEM_TRACED, subject=f"item:{item_number}", facts=facts)
        return _note(by, item_number, whereabouts.moves(before, after), now)


def note_seen(*, item_number: int, media: Sequence[Mapping[str, Any]], now: datetime) -> list[Mapping[str, Any]]:
    """Keep what a later look found on an item (`contract.Medium` as dictionaries), and have the lists asked about it.

    Returns what the trace and earlier looks had not: of that the newest `MOST_LATER` are kept. Nothing is where the
    item was not traced yet: its first trace sees what is there.
    """
    with transaction.atomic():
        trace = Trace.objects.select_for_update().filter(item_id=item_number).first()
        if trace is None:
            return []
        seen = {_identity(one) for one in trace.all_fingerprints}
        fresh = {_identity(one): one for one in media if _identity(one) not in seen}
        fresh.pop((), None)
        if fresh:
            trace.seen_later, trace.seen_later_at = [*trace.seen_later, *fresh.values()][-MOST_LATER:], now
            trace.save(update_fields=["seen_later", "seen_later_at"])
            steps.plan(word=StepWord.MATCH, subject=item_number, occasion=f"seen-{now.isoformat()}", now=now)
    return list(fresh.values())


def raise_changes(*, item_number: int, since: datetime) -> list[Change]:
    """What has changed since a moment and was not raised before; it counts as raised from now on."""
    with transaction.atomic():
        found = list(
            Change.objects.select_for_update().filter(item_id=item_number, at__gt=since, raised=False).order_by("pk")
        )
        Change.objects.filter(pk__in=[one.pk for one in found]).update(raised=True)
    return found


def _identity(medium: Mapping[str, Any]) -> tuple[str, ...]:
    """What tells a picture or film from others; nothing where it was not fingerprinted."""
    frames = [str(one["pdq"]) for one in medium.get("frames", ())]
    return (medium["sha256"],) if medium.get("sha256") else (*medium.get("pdq", ()), *frames)


def _elsewhere(item_number: int, final_host: str) -> str:
    """The registrable part of where the item leads, "" where that is the item's own."""
    found = domains.part_of(final_host) if final_host else ""
    own = Item.objects.filter(pk=item_number, domain=found).exists()
    return "" if own else found


def _serve(item_number: int, addresses: Sequence[str]) -> None:
    ServedFrom.objects.filter(item_id=item_number).exclude(address__in=addresses).delete()
    rows = [ServedFrom(item_id=item_number, address=one) for one in dict.fromkeys(addresses)]
    ServedFrom.objects.bulk_create(rows, ignore_conflicts=True)


def _note(by: str, item_number: int, moves: Sequence[whereabouts.Move], now: datetime) -> list[Change]:
    changes = [
        Change(item_id=item_number, at=now, what=one.what, before=one.before[:300], after=one.after[:300])
        for one in moves
    ]
    if changes:
        changes = Change.objects.bulk_create(changes)
        facts = {"what": [str(one.what) for one in moves]}
        audit.write(by=by, word=AuditWord.ITEM_ELSEWHERE, subject=f"item:{item_number}", facts=facts)
    return changes


def _read(known: Mapping[str, Any]) -> Whereabouts:
    """As it was kept: JSON has no tuples."""
    read: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}
    return Whereabouts(**read)
