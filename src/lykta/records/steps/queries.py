"""Reads of the steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q

from lykta.core.lifecycle import StepWord
from lykta.records.steps.models import Step

SPEED_OVER = timedelta(minutes=5)
"""The time over which speed is measured: long enough for a slow server, short enough to tell that it stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the steps of one kind are.

    `waiting` are due, `under_way` is a worker's, `later` are due at a later time: again, since something did not
    answer. `done` and `failed` count what ended since a moment. `per_minute` is the speed of the last minutes.
    """

    waiting: int
    under_way: int
    later: int
    done: int
    failed: int
    per_minute: float
    last_done_at: datetime | None

    @property
    def left(self) -> timedelta | None:
        """About how long the rest takes at this speed; None where nothing moves or nothing is left."""
        rest = self.waiting + self.under_way
        return timedelta(minutes=rest / self.per_minute) if rest and self.per_minute else None

    @property
    def share(self) -> float:
        """How much of what was due since then has ended, 0 to 1."""
        ended = self.done + self.failed
        return ended / (ended + self.waiting + self.under_way) if ended else 0.0


def progress(word: StepWord, *, since: datetime, now: datetime) -> Progress:
    """How far the steps of this kind are, counting as done what ended after `since`."""
    steps = Step.objects.filter(word=word)
    due = steps.filter(done_at=None, failed_at=None)
    recently = Q(done_at__gt=now - SPEED_OVER, done_at__lte=now)
    counts = steps.filter(done_at__gte=since).aggregate(
        done=Count("pk"),
        recent=Count("pk", filter=recently),
        first=Min("done_at", filter=recently),
        last=Max("done_at"),
    )
    seconds = max(1.0, (now - counts["first"]).total_seconds()) if counts["first"] else 1.0
    return Progress(
        waiting=due.filter(Q(lease_until=None) | Q(lease_until__lte=now), due_at__lte=now).count(),
        under_way=due.filter(lease_until__gt=now).count(),
        later=due.filter(Q(lease_until=None) | Q(lease_until__lte=now), due_at__gt=now).count(),
        done=counts["done"],
        failed=steps.filter(failed_at__gte=since).count(),
        per_minute=60 * counts["recent"] / seconds,
        last_done_at=counts["last"],
    )


def reasons(word: StepWord, *, limit: int) -> list[tuple[str, int]]:
    """Why steps of this kind were given up, the most frequent reason first: (what was said, how many)."""
    failed = Step.objects.filter(word=word, failed_at__isnull=False)
    return list(failed.values_list("error").annotate(steps=Count("pk")).order_by("-steps", "error")[:limit])


def next_of(word: StepWord, subjects: Iterable[int]) -> dict[int, Step]:
    """For each row the step of this kind that comes next or is being done, where there is one."""
    found = Step.objects.filter(word=word, subject__in=list(subjects), done_at=None, failed_at=None)
    return {step.subject: step for step in found.order_by("-due_at", "-pk")}


def stuck() -> list[Step]:
    """Steps that a person must look at, oldest first."""
    return list(Step.objects.filter(failed_at__isnull=False).order_by("failed_at"))


def count_stuck() -> int:
    """How many steps a person must look at."""
    return Step.objects.filter(failed_at__isnull=False).count()


def is_planned(word: StepWord, subject: int) -> bool:
    """Whether such a step waits or is being done."""
    return Step.objects.filter(word=word, subject=subject, done_at=None, failed_at=None).exists()


def waiting(*, now: datetime, word: StepWord | None = None) -> int:
    """Steps that are due and not done, of one kind or of all."""
    due = Step.objects.filter(done_at=None, failed_at=None, due_at__lte=now)
    return (due.filter(word=word) if word else due).count()
