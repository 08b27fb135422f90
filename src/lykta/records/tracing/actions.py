"""The verb of tracing: keep what was observed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.tracing.models import Observation, Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One thing seen or not seen: `problem` says why not, in words."""

    what: str
    source: str
    at: datetime
    facts: dict[str, Any]
    problem: str = ""


def keep(*, by: str, item_number: int, observed: Sequence[Observed], summary: dict[str, Any], now: datetime) -> Trace:
    """Keep every observation and make `summary` (fields of Trace) the newest picture."""
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
        trace, _ = Trace.objects.update_or_create(item_id=item_number, defaults={**summary, "at": now})
        facts = {"country": trace.country, "asn": trace.asn, "cdn": trace.cdn, "outcome": trace.outcome}
        audit.write(by=by, word=AuditWord.ITEM_TRACED, subject=f"item:{item_number}", facts=facts)
    return trace
