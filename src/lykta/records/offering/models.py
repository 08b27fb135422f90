"""Our own list of known hashes: what people of ours have confirmed, and who said so."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F

from lykta.core.vocabulary import Grade, MediumKind, OfferState
from lykta.records.cases.models import Item


class Confirmed(models.Model):
    """A picture or film that somebody has called child sexual abuse material, by its fingerprints alone.

    Digests are hexadecimal, of the whole file; `pdq` is "" where it has none that is good enough. `number` is what
    others call the entry. `revision` counts how often it went on the list or came off it, or was changed there;
    `published` is the one that subscribers can fetch. `reason` is a lead's, for taking it off: then it stays off.
    """

    number = models.UUIDField(unique=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=[(word, word.sentence) for word in MediumKind])
    media_type = models.CharField(max_length=100, default="")
    size = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, unique=True)
    sha1 = models.CharField(max_length=40, default="")
    md5 = models.CharField(max_length=32, default="")
    pdq = models.CharField(max_length=64, default="")
    quality = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(
        max_length=16, choices=[(word, word.sentence) for word in OfferState], default=OfferState.WAITING
    )
    grade = models.CharField(max_length=2, choices=[(word, word.sentence) for word in Grade], default="")
    missing = models.PositiveSmallIntegerField(default=0)
    state_at = models.DateTimeField()
    reason = models.CharField(max_length=300, default="")
    revision = models.PositiveIntegerField(default=0)
    published = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "state_at"], name="confirmed_by_state"),
            models.Index(fields=["id"], condition=~models.Q(revision=F("published")), name="confirmed_to_publish"),
        ]

    def __str__(self) -> str:
        return f"confirmed {self.pk}"


class Opinion(models.Model):
    """What one person said of it, when, and on which item. Never changed; their newest counts."""

    confirmed = models.ForeignKey(Confirmed, on_delete=models.CASCADE, related_name="opinions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    illegal = models.BooleanField()
    grade = models.CharField(max_length=2, choices=[(word, word.sentence) for word in Grade], default="")

    def __str__(self) -> str:
        return f"opinion {self.pk} on confirmed {self.confirmed_id}"
