"""The only tables that the public faces can reach: sealed letters in, sealed answers out.

Nothing here can be read with what the public process knows. A letter is sealed to the hotline; an answer to the key
that a receipt code gives. No table holds an address of a reporter's machine.
"""

from typing import ClassVar

from django.db import models

from lykta.core.vocabulary import BoxKind, Grade, LetterKind, MediumKind, Objection

DATABASE = "letterbox"


class Box(models.Model):
    """A mailbox that one code opens. The code itself is nowhere; `lookup` and `public_key` derive from it."""

    lookup = models.BinaryField(max_length=16, unique=True)
    public_key = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=16, choices=[(word, word.sentence) for word in BoxKind])
    language = models.CharField(max_length=8, default="en")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.kind} box {self.pk}"


class Letter(models.Model):
    """Something sealed to the hotline's public key, on its way in. Deleted once the staff side has it."""

    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=[(word, word.sentence) for word in LetterKind])
    sealed = models.BinaryField()
    received_at = models.DateTimeField(db_index=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["received_at"], condition=models.Q(failed_at=None), name="letter_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.kind} letter {self.pk}"


class Parcel(models.Model):
    """Something sealed to a box's public key, waiting for whoever holds the code.

    `number` is the staff side's own number for it, so that delivering twice leaves one parcel.
    """

    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="+")
    number = models.UUIDField(unique=True)
    sealed = models.BinaryField()
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"parcel {self.number}"


class Chunk(models.Model):
    """A sealed piece of a file that a reporter attaches. Which report it belongs to stands sealed in that report.

    Chunk 0 is the header {name, type}, then come the data, at the end the mark {end, size, sha256}. The number of the
    upload is drawn at random by who sends it, and is all that one needs to go on with it or to throw it away.
    """

    upload = models.UUIDField()
    index = models.PositiveIntegerField()
    sealed = models.BinaryField()
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["upload", "index"], name="chunk_once")]

    def __str__(self) -> str:
        return f"chunk {self.index} of {self.upload}"


class Partner(models.Model):
    """A company whose systems report here. Its token is nowhere: `token_digest` is its BLAKE2b-256.

    `scopes`: what the token is good for, comma-separated (`partners.SCOPES`).
    """

    slug = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    token_digest = models.BinaryField(max_length=32, unique=True)
    scopes = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.slug

    def is_good_for(self, scope: str) -> bool:
        """Whether its token may be used for that."""
        return scope in self.scopes.split(",")


class Submission(models.Model):
    """What a partner sent under an Idempotency-Key, so that sending it twice counts once.

    Both digests are keyed with the partner's token, which lies nowhere: they tell nothing about what was sent.
    """

    key_digest = models.BinaryField(max_length=32, unique=True)
    body_digest = models.BinaryField(max_length=32)
    received_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"submission {self.pk}"


class Handover(models.Model):
    """What was shared with the form, between the request that brought it and the page that shows it: minutes.

    Whoever holds the ticket opens it, once. `digest` and the key of `sealed` derive from the ticket, which is nowhere.
    """

    digest = models.BinaryField(max_length=16, unique=True)
    sealed = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"handover {self.pk}"


class Link(models.Model):
    """A partner's link, `/r/CODE`. `origins`: sites that may show the form in a frame, with a space between them.

    Posters hang for years, so a code is never given to another partner: one that was taken away stays, with `ended_at`.
    """

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    origins = models.TextField(default="")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.code


class Tally(models.Model):
    """How often a partner's link was followed on a day (UTC), and how many reports that began with it were sent."""

    code = models.CharField(max_length=32)
    day = models.DateField()
    visits = models.PositiveIntegerField(default=0)
    tips = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "day"], name="tally_of_a_day")]

    def __str__(self) -> str:
        return f"{self.code} on {self.day}"


class FeedEntry(models.Model):
    """A line of our list of hashes as partners fetch it: what is known of an entry from `dated` on. Never changed.

    Of each `entry` the highest `revision` counts. `deleted`: it is off the list, and no fingerprint stands here.
    """

    entry = models.UUIDField()
    revision = models.PositiveIntegerField()
    dated = models.DateTimeField(db_index=True)
    deleted = models.BooleanField()
    kind = models.CharField(max_length=8, choices=[(word, word.sentence) for word in MediumKind])
    grade = models.CharField(max_length=2, choices=[(word, word.sentence) for word in Grade], default="")
    sha1 = models.CharField(max_length=40, default="")
    md5 = models.CharField(max_length=32, default="")
    pdq = models.CharField(max_length=64, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "revision"], name="feed_entry_once")]

    def __str__(self) -> str:
        return f"revision {self.revision} of {self.entry}"


class Fetch(models.Model):
    """A partner fetched a page of our list: when, of which span of time, and how much was on it.

    `complete`: it was the last page, so the partner has all that was dated before `until`.
    """

    slug = models.CharField(max_length=40)
    at = models.DateTimeField(db_index=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    added = models.PositiveIntegerField()
    deleted = models.PositiveIntegerField()
    complete = models.BooleanField()

    def __str__(self) -> str:
        return f"fetch {self.pk} by {self.slug}"


class Feedback(models.Model):
    """What a partner says of one fingerprint of an entry; its newest word counts. `objection` is "" where it agrees."""

    slug = models.CharField(max_length=40)
    entry = models.UUIDField()
    fingerprint = models.CharField(max_length=8)
    objection = models.CharField(max_length=20, choices=[(word, word.sentence) for word in Objection], default="")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["slug", "entry", "fingerprint"], name="feedback_of_one")]

    def __str__(self) -> str:
        return f"feedback {self.pk} by {self.slug}"
