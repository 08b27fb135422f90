"""Who is told about what: recipients, referrals to police and partner hotlines, notices to hosts, and the answers."""

from typing import ClassVar

from django.db import models

from lykta.core.vocabulary import Answer as AnswerWord
from lykta.core.vocabulary import RecipientKind, ReferralState
from lykta.records.cases.models import Assessment, Item


class Recipient(models.Model):
    """A police unit or a partner hotline that the hotline knows. `key` is an armored OpenPGP certificate.

    `alone_at`: when it was changed on the machine itself where its mail goes, without a second person; None once a lead
    has compared it with its owner.
    """

    kind = models.CharField(max_length=16, choices=[(word, word.sentence) for word in RecipientKind])
    country = models.CharField(max_length=2)
    name = models.CharField(max_length=200)
    email = models.EmailField()
    key = models.TextField(default="")
    alone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "country"], name="recipient_once")]

    def __str__(self) -> str:
        return self.name


class Referral(models.Model):
    """Somebody is told about an item. A host's notice is a referral too; it may be held for the police."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=[(word, word.sentence) for word in RecipientKind])
    country = models.CharField(max_length=2)
    name = models.CharField(max_length=200, default="")
    email = models.CharField(max_length=254, default="")
    key = models.TextField(default="")
    rule = models.CharField(max_length=40)
    because = models.CharField(max_length=300)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=[(word, word.sentence) for word in ReferralState])
    problem = models.CharField(max_length=300, default="")
    planned_at = models.DateTimeField()
    hold_until = models.DateTimeField(null=True, db_index=True)
    sending_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    repeats = models.PositiveIntegerField(default=0)
    response = models.CharField(max_length=300, default="")
    answered = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["state", "sent_at", "id"], condition=models.Q(answered=False), name="referral_unanswered"
            ),
            models.Index(fields=["state", "planned_at"], name="referral_waiting"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "kind", "country"], name="referral_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} referral {self.pk}"

    @property
    def reference(self) -> str:
        """How the hotline names this message towards its recipient."""
        return f"L-{self.planned_at.year}-{self.pk:06d}"


class ReplyBox(models.Model):
    """A mailbox whose code was sent with a referral; a repeated message carries a new one, and both work."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="boxes")
    lookup = models.BinaryField(max_length=16, unique=True)
    proof = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"reply box of {self.referral_id}"


class Answer(models.Model):
    """What a recipient answered."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="answers")
    letter_digest = models.CharField(max_length=64, unique=True)
    answer = models.CharField(max_length=16, choices=[(word, word.sentence) for word in AnswerWord])
    note = models.TextField(default="")
    reference = models.CharField(max_length=200, default="")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.answer} to referral {self.referral_id}"
