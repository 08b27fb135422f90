"""Plan, claim, finish. A step is claimed with a lease: when its worker dies, the lease ends and another does it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from lykta.core import clocks
from lykta.core.lifecycle import StepWord
from lykta.records.steps.models import Step

LEASE = timedelta(seconds=90)
ATTEMPTS = 8


def plan(*, word: StepWord, subject: int, now: datetime, occasion: str = "", due_at: datetime | None = None) -> None:
    """Plan a step; planning the same occasion twice leaves one."""
    Step.objects.get_or_create(
        word=word,
        subject=subject,
        occasion=occasion,
        defaults={"due_at": due_at or now, "planned_at": now},
    )


def plan_many(*, word: StepWord, subjects: Collection[int], now: datetime) -> None:
    """Plan a step for each subject; those that have one of no particular occasion keep it."""
    planned = [Step(word=word, subject=subject, occasion="", due_at=now, planned_at=now) for subject in subjects]
    Step.objects.bulk_create(planned, ignore_conflicts=True)


def claim(
    *,
    limit: int,
    now: datetime,
    lease: timedelta = LEASE,
    words: Collection[StepWord] = tuple(StepWord),
    but_not: QuerySet[Any] | None = None,
) -> list[Step]:
    """Take up to `limit` due steps of these words; nobody else gets them until the lease ends.

    `but_not` selects numbers of subjects that have to wait.
    """
    waiting = Q(done_at=None, failed_at=None, due_at__lte=now)
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    wanted = Q() if len(words) == len(StepWord) else Q(word__in=words)
    if but_not is not None:
        wanted &= ~Q(subject__in=but_not)
    if not Step.objects.filter(waiting & free & wanted).exists():
        return []  # an idle worker takes no write lock
    with transaction.atomic():
        due = Step.objects.select_for_update(skip_locked=True).filter(waiting & free & wanted)
        numbers = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])
        Step.objects.filter(pk__in=numbers).update(lease_until=now + lease, attempts=F("attempts") + 1)
    return list(Step.objects.filter(pk__in=numbers).order_by("due_at", "pk"))


def put_back(found: Sequence[Step]) -> None:
    """They were claimed and not begun: they are as they were."""
    numbers = [step.pk for step in found]
    Step.objects.filter(pk__in=numbers).update(lease_until=None, attempts=F("attempts") - 1)


def finish(step: Step, *, now: datetime) -> None:
    """It is done."""
    with transaction.atomic():
        Step.objects.filter(pk=step.pk).update(done_at=now, lease_until=None, error="")


def try_again(step: Step, *, error: str, now: datetime, asked_for: float | None = None) -> bool:
    """It did not work this time. False when it has been tried often enough and a person must look."""
    if step.attempts >= ATTEMPTS:
        give_up(step, error=error, now=now)
        return False
    due_at = clocks.retry_at(now=now, attempts=step.attempts, asked_for=asked_for)
    Step.objects.filter(pk=step.pk).update(due_at=due_at, lease_until=None, error=error[:2000])
    return True


def give_up(step: Step, *, error: str, now: datetime) -> None:
    """It will not work by waiting: a person must look."""
    Step.objects.filter(pk=step.pk).update(failed_at=now, lease_until=None, error=error[:2000])


def revive(*, number: int, now: datetime) -> None:
    """A person has looked: try again from the start."""
    Step.objects.filter(pk=number).exclude(failed_at=None).update(failed_at=None, attempts=0, due_at=now, error="")


def sweep(*, before: datetime) -> int:
    """Forget steps that were done before a moment."""
    return Step.objects.filter(done_at__lt=before).delete()[0]
