"""Reads of the steps."""

from datetime import datetime

from lykta.records.steps.models import Step


def stuck() -> list[Step]:
    """Steps that a person must look at, oldest first."""
    return list(Step.objects.exclude(failed_at=None).order_by("failed_at"))


def waiting(*, now: datetime) -> int:
    """Steps that are due and not done."""
    return Step.objects.filter(done_at=None, failed_at=None, due_at__lte=now).count()
