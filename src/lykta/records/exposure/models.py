"""What people on the staff have looked at, and what is done so that it does not harm them.

A person's own figures are theirs: nobody else reads a row of these tables, but for the sums of groups
(`core.welfare`), what a colleague was asked to take, and the dates of counselling, which a welfare officer keeps.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models

from lykta.core.vocabulary import Blur, LookKind, Purpose
from lykta.records.cases.models import Item


class Look(models.Model):
    """One wish to look that the gate allowed, and what became of it. Never its picture.

    `position` counts the pictures and films of the item's trace from 0. `session` is a digest: the picture goes to the
    browser session that asked and to no other. `opened_at`: its address was used, which works once; `shown_at`: a
    picture was sent; `problem`: none was, and why. `severity` is what the person said of it, 1 to 3. `why`: a lead had
    to see what is known once more, and said what for.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=[(word, word.sentence) for word in LookKind])
    purpose = models.CharField(max_length=16, choices=[(word, word.sentence) for word in Purpose])
    blur = models.CharField(max_length=8, choices=[(word, word.sentence) for word in Blur])
    known = models.BooleanField()
    as_traced = models.BooleanField(default=True)
    session = models.CharField(max_length=64)
    begun_at = models.DateTimeField(db_index=True)
    opened_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(default=0)
    severity = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=300, default="")
    why = models.CharField(max_length=300, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "begun_at"], name="look_of_person"),
            models.Index(
                fields=["shown_at"],
                condition=models.Q(shown_at__isnull=False, ended_at__isnull=True),
                name="look_not_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"look {self.pk} at item {self.item_id}"


class Elsewhere(models.Model):
    """Minutes of looking in another system, as the person typed them in."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(db_index=True)
    minutes = models.PositiveSmallIntegerField()
    system = models.CharField(max_length=60, default="")

    def __str__(self) -> str:
        return f"{self.minutes} minutes elsewhere"


class Addition(models.Model):
    """A lead lets somebody look on today: so many minutes more, also outside the hours, and why."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(db_index=True)
    minutes = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.minutes} minutes more"


class Preference(models.Model):
    """How a person wants to be shown things: grey, blurred, of at most so many pixels."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    gray = models.BooleanField(default=True)
    blur = models.CharField(max_length=8, choices=[(word, word.sentence) for word in Blur], default=Blur.STRONG)
    side = models.PositiveSmallIntegerField(default=160)

    def __str__(self) -> str:
        return f"preferences of {self.person_id}"


class Counselling(models.Model):
    """A day on which somebody talked to a counsellor. What was said is nobody's business."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "day"], name="counselling_once")]

    def __str__(self) -> str:
        return f"{self.day}"


class Passed(models.Model):
    """Somebody skipped an item, no reason asked, or asked a colleague (`to`) to take it, who has or has not."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["to"], condition=models.Q(to__isnull=False, taken_at__isnull=True), name="passed_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"item {self.item_id} was passed on"
