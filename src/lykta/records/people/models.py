"""The staff: who may log in, and as what. Log-in itself is django-allauth's."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from lykta.core.fitness import Hours, Preparation
from lykta.core.permissions import Right, may
from lykta.core.vocabulary import Certification, FailedProof, Role

WORKING_DAYS = "12345"


class Staff(AbstractUser):
    """A member of staff with one role.

    `certified_for`: the most that this person may be asked to look at. `unprepared_for`: topics that a lead has not
    prepared this person for. `never_show`: topics that this person has chosen not to be shown. `works_on`: weekdays as
    ISO 8601 numbers them, in a row; `works_from` and `works_until` are UTC. `may_use_app`: a lead allowed an
    authenticator app in place of a passkey.
    `language`: in which the desk speaks to this person, "" for what the browser asks for.
    """

    role = models.CharField(max_length=16, choices=[(word, word.sentence) for word in Role], default=Role.ANALYST)
    certified_for = models.CharField(
        max_length=8, choices=[(word, word.sentence) for word in Certification], default=Certification.FILMS
    )
    unprepared_for = models.JSONField(default=list)
    never_show = models.JSONField(default=list)
    works_on = models.CharField(max_length=7, default=WORKING_DAYS)
    works_from = models.TimeField(null=True)
    works_until = models.TimeField(null=True)
    may_use_app = models.BooleanField(default=False)
    last_active_on = models.DateField(null=True)
    language = models.CharField(max_length=8, default="", blank=True)

    @property
    def actor(self) -> str:
        """How the audit names this person."""
        return f"staff:{self.username}"

    @property
    def sees_cases(self) -> bool:
        """Administrators, communicators, liaisons and welfare officers see no case."""
        return may(Role(self.role), Right.SEE_CASES)

    @property
    def preparation(self) -> Preparation:
        """What this person may and wants to work with."""
        return Preparation(
            certified_for=Certification(self.certified_for),
            unprepared_for=frozenset(self.unprepared_for),
            spared=frozenset(self.never_show),
        )

    @property
    def hours(self) -> Hours:
        """When this person works."""
        return Hours(days=self.works_on, begins=self.works_from, ends=self.works_until)

    @property
    def leads(self) -> bool:
        """Whether this person leads, and so may be one of the two pairs of eyes that must."""
        return may(Role(self.role), Right.LEAD)


class Invitation(models.Model):
    """A link that lets one person in once, to set up their account. The link itself is stored nowhere."""

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE)
    token_digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"invitation of {self.staff_id}"


class DeskSession(models.Model):
    """A browser in which somebody is logged in. Whoever has no row here is out, whatever their cookie says.

    `factor` is the number of the passkey or app that was used. `device` is plain words such as "Firefox on Linux";
    of addresses nothing is kept.
    """

    number = models.UUIDField(primary_key=True, default=uuid.uuid4)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="sessions")
    factor = models.BigIntegerField()
    device = models.CharField(max_length=60)
    began_at = models.DateTimeField()
    used_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-used_at"]

    def __str__(self) -> str:
        return f"{self.device} of {self.staff_id}"


class FailedLogIn(models.Model):
    """How often one thing was wrong at log-in for one account, in a quarter of an hour: see `failures`.

    `account` is as the record names it, "" for all names that are no account. `written`: it stands in the record.
    """

    account = models.CharField(max_length=160)
    proof = models.CharField(max_length=8, choices=[(word, word.sentence) for word in FailedProof])
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    written = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["since", "account", "proof"], name="failed_log_in_folded")
        ]

    def __str__(self) -> str:
        return f"{self.count} times {self.proof}"


class KeyHolder(models.Model):
    """Somebody who can unlock the key that opens letters: `sealed` is that key, sealed to their own.

    Their own key comes of their passphrase and `salt`, and is stored nowhere: see `lykta.lib.wrapping`.
    """

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE)
    salt = models.BinaryField(max_length=16)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"key of {self.staff_id}"
