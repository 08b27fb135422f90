"""Steps: what the worker has to do, planned in the transaction of the change that asks for it (an outbox)."""

from typing import ClassVar

from django.db import models

from lykta.core.lifecycle import StepWord


class Step(models.Model):
    """One thing to do. `subject` is a row's number, `occasion` tells apart doing it again from doing it twice."""

    word = models.CharField(max_length=24, choices=[(word, word.sentence) for word in StepWord])
    subject = models.BigIntegerField()
    occasion = models.CharField(max_length=64, default="")
    due_at = models.DateTimeField()
    planned_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["word", "subject", "occasion"], name="step_planned_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(done_at=None, failed_at=None), name="step_waiting"),
            models.Index(fields=["word", "done_at"], name="step_done"),
            models.Index(fields=["failed_at"], condition=models.Q(failed_at__isnull=False), name="step_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.word} {self.subject}"
