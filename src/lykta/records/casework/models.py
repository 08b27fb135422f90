"""What staff write for themselves and each other: notes, tasks, views of the queue, text blocks, suspicions.

Words about a case lie under its key, as the reporters' do, so that they are forgotten with it.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models

from lykta.core.vocabulary import SuspicionBasis, SuspicionPurpose
from lykta.records.cases.models import Case


class Note(models.Model):
    """What only staff read about a case. `to` is whoever the case was handed to with it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    words = models.BinaryField()

    def __str__(self) -> str:
        return f"note {self.pk} on {self.case_id}"


class Task(models.Model):
    """What somebody has to do about a case until a day."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    words = models.BinaryField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["assignee", "due_at"], condition=models.Q(done_at=None), name="task_waiting")
        ]

    def __str__(self) -> str:
        return f"task {self.pk} on {self.case_id}"


class SavedView(models.Model):
    """A way to look at the queue that somebody keeps. `query` is what the page's address says of the filters."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=400)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["staff", "name"], name="view_once")]

    def __str__(self) -> str:
        return self.name


class TextBlock(models.Model):
    """The hotline's own wording of a text block in a language; it takes the place of the one that comes along."""

    name = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    text = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["name", "language"], name="text_block_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class Suspicion(models.Model):
    """What is said of a person who is suspected of something, apart from all else (GDPR Article 10).

    Its words lie under a key of their own, named by `uuid`, and that under the key of the case. `passed_on`: they are
    destroyed when a referral about the case has gone to the police.
    """

    uuid = models.UUIDField(unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    purpose = models.CharField(max_length=16, choices=[(word, word.sentence) for word in SuspicionPurpose])
    basis = models.CharField(max_length=16, choices=[(word, word.sentence) for word in SuspicionBasis])
    words = models.BinaryField()
    passed_on = models.BooleanField(default=True)
    destroyed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"suspicion {self.pk} in {self.case_id}"
