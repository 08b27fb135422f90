"""Approvals: what one person may do only after another has looked at it (four eyes)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from lykta.core.vocabulary import ApprovalKind, ApprovalState


class Approval(models.Model):
    """One deed that was asked for. `digest` covers kind, subject and `details`: nothing else can be done with it.

    `subject` is named as in the audit (`case:5`). `details` is what the second person is shown and agrees to.
    `because`: why the second person disagreed.
    """

    kind = models.CharField(max_length=16, choices=[(word, word.sentence) for word in ApprovalKind])
    subject = models.CharField(max_length=200)
    details: "models.JSONField[Any, Any]" = models.JSONField()
    digest = models.CharField(max_length=64, db_index=True)
    reason = models.CharField(max_length=300)
    state = models.CharField(
        max_length=8, choices=[(word, word.sentence) for word in ApprovalState], default=ApprovalState.ASKED
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=300, default="")
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
                name="approval_four_eyes",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject}"
