"""What the machine learnt about where an item is: every observation, and the newest picture of it."""

from django.db import models

from lykta.core.vocabulary import Outcome
from lykta.records.cases.models import Item


class Observation(models.Model):
    """One thing that was seen or not seen, when, and who said so. Never changed, never overwritten."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=24)
    source = models.CharField(max_length=200)
    at = models.DateTimeField()
    facts = models.JSONField()
    problem = models.CharField(max_length=300, default="")

    def __str__(self) -> str:
        return f"{self.what} of item {self.item_id}"


class Trace(models.Model):
    """Where an item is, as far as the newest observations tell. `contacts` are ranked, best first."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="+", primary_key=True)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=16, choices=[(word, word.sentence) for word in Outcome], default="")
    reason = models.CharField(max_length=300, default="")
    final_address = models.TextField(default="")
    final_host = models.CharField(max_length=255, default="")
    hops = models.JSONField(default=list)
    names = models.JSONField(default=list)
    addresses = models.JSONField(default=list)
    country = models.CharField(max_length=2, default="")
    country_from = models.CharField(max_length=200, default="")
    asn = models.BigIntegerField(null=True)
    holder = models.CharField(max_length=200, default="")
    cdn = models.BooleanField(default=False)
    registrar = models.CharField(max_length=200, default="")
    contacts = models.JSONField(default=list)
    title = models.CharField(max_length=200, default="")
    media_type = models.CharField(max_length=100, default="")
    media = models.PositiveIntegerField(default=0)
    status = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64, default="")
    missing = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"trace of item {self.item_id}"
