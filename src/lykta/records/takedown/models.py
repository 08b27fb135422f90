"""Looking again until it is gone, and for a while after."""

from django.db import models

from lykta.core.vocabulary import Outcome
from lykta.records.cases.models import Item


class Watch(models.Model):
    """An item that is looked at on a schedule. `baseline` is the digest of what was there when it was assessed."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="+", primary_key=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    looks = models.PositiveIntegerField(default=0)
    misses = models.PositiveIntegerField(default=0)
    gone = models.BooleanField(default=False)
    missed_since = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)
    baseline = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"watch of item {self.item_id}"


class Sighting(models.Model):
    """One look. Never changed."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=16, choices=[(word, word.sentence) for word in Outcome])
    status = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64, default="")
    reason = models.CharField(max_length=300, default="")

    def __str__(self) -> str:
        return f"{self.outcome} for item {self.item_id}"
