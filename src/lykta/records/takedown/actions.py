"""Verbs of watching: begin, plan looks that are due, note a look."""

from datetime import datetime, timedelta

from django.db import transaction

from lykta.core import clocks, watching
from lykta.core.lifecycle import Event, StepWord
from lykta.core.vocabulary import Outcome
from lykta.core.watching import Watched
from lykta.records.steps import actions as steps
from lykta.records.takedown.models import Sighting, Watch


def watch(*, item_number: int, baseline: str, now: datetime, every: timedelta | None) -> Watch:
    """Begin to watch an item, or begin again when it came back."""
    due_at = clocks.next_look(now=now, looks=0, misses=0, gone=False, every=every)
    fresh = {"due_at": due_at, "looks": 0, "misses": 0, "gone": False, "missed_since": None, "gone_at": None}
    with transaction.atomic():
        known, _ = Watch.objects.update_or_create(item_id=item_number, defaults={**fresh, "baseline": baseline})
    return known


def plan_due(*, now: datetime, limit: int = 500) -> int:
    """Plan a look for every watch that is due; the next due time is set when the look is noted."""
    due = Watch.objects.filter(due_at__lte=now).order_by("due_at")[:limit]
    for one in due:
        with transaction.atomic():
            taken = Watch.objects.filter(pk=one.pk, due_at=one.due_at).update(due_at=None)
            if taken and one.due_at:
                steps.plan(word=StepWord.LOOK, subject=one.pk, occasion=one.due_at.isoformat(), now=now)
    return len(due)


def note_look(
    *,
    item_number: int,
    outcome: Outcome,
    status: int | None,
    media_type: str,
    sha256: str,
    reason: str,
    now: datetime,
    every: timedelta | None,
) -> Event | None:
    """Keep what a look saw and set the next one; returns what has happened to the item, if anything."""
    with transaction.atomic():
        known = Watch.objects.select_for_update().get(pk=item_number)
        Sighting.objects.create(
            item_id=item_number, at=now, outcome=outcome, status=status, sha256=sha256, reason=reason[:300]
        )
        saw = watching.seen(outcome=outcome, media_type=media_type, sha256=sha256, baseline=known.baseline)
        before = Watched(looks=known.looks, misses=known.misses, gone=known.gone)
        after, event = watching.after_look(before, saw)
        if after.misses and not before.misses:
            known.missed_since = now
        if event is Event.WENT_AWAY:
            known.gone_at = known.missed_since
        known.looks, known.misses, known.gone = after.looks, after.misses, after.gone
        known.due_at = clocks.next_look(now=now, looks=after.looks, misses=after.misses, gone=after.gone, every=every)
        known.save()
    return event
