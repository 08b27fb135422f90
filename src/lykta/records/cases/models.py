"""Cases, the reports that opened them, the items that they name, and what is written to and fro.

A report's words and every message lie under the key of their case (see `keyring`); the key is destroyed on schedule.
"""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models

from lykta.core.vocabulary import (
    CaseState,
    Certification,
    HoldReason,
    IdentifierKind,
    ItemKind,
    ItemState,
    OpinionState,
    ReporterStatus,
    Source,
    Topic,
    Verdict,
)


class Case(models.Model):
    """What a letter became, and all that is done about it.

    For the filters of the queue: `source` is that of its first report, not `complete` if none of its reports is,
    `countries` are those of its items' hosts (`SE DE`), and `to_do` says whether an analyst has something to do in it.
    `needs` is what whoever takes it has to be certified for: the most that its items to assess need.
    `merged_into` is the case that has taken its reports over; see `actions.joining`.
    """

    uuid = models.UUIDField(unique=True)
    year = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=8, choices=[(word, word.sentence) for word in CaseState], default=CaseState.OPEN
    )
    topic = models.CharField(max_length=16, choices=[(word, word.sentence) for word in Topic], default=Topic.WEB)
    rank = models.PositiveSmallIntegerField(default=5)
    rank_reason = models.CharField(max_length=120, default="")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    forget_at = models.DateTimeField(null=True, db_index=True)
    forgotten_at = models.DateTimeField(null=True)
    contact_forget_at = models.DateTimeField(null=True, db_index=True)
    contact_forgotten_at = models.DateTimeField(null=True)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    claimed_until = models.DateTimeField(null=True)
    source = models.CharField(max_length=16, choices=[(word, word.sentence) for word in Source], default=Source.PUBLIC)
    complete = models.BooleanField(default=True)
    countries = models.CharField(max_length=200, default="")
    to_do = models.BooleanField(default=True)
    needs = models.CharField(
        max_length=8, choices=[(word, word.sentence) for word in Certification], default=Certification.TEXT
    )
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="merged", null=True, db_index=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "rank", "opened_at", "id"], name="case_queue"),
            models.Index(
                fields=["state", "rank", "opened_at", "id"], condition=models.Q(to_do=True), name="case_to_do"
            ),
            models.Index(fields=["state", "topic", "needs"], condition=models.Q(to_do=True), name="case_for_whom"),
            models.Index(fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="case_merged"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """How people name the case: `2026-000123`."""
        return f"{self.year}-{self.pk:06d}"


EXPORT_STANDS_STILL = timedelta(minutes=5)


class Export(models.Model):
    """Many cases that leave at once: `numbers` of the cases, how many of them were `sent`, and when that last moved."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    numbers = models.JSONField()
    sent = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"export {self.pk}"

    @property
    def count(self) -> int:
        """How many cases it is."""
        return len(self.numbers)

    def is_going_on(self, now: datetime) -> bool:
        """Whether it is being sent; what has not moved for minutes was broken off without a word."""
        return self.ended_at is None and now - self.moved_at < EXPORT_STANDS_STILL


class Hold(models.Model):
    """Until when a case may not be forgotten, why, and who said so: nothing is destroyed while a hold lasts.

    `reference` is what the one who asked calls it, without names. Never changed, but for `lifted_at`.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=16, choices=[(word, word.sentence) for word in HoldReason])
    reference = models.CharField(max_length=120, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["until"], condition=models.Q(lifted_at=None), name="hold_in_force")]

    def __str__(self) -> str:
        return f"hold of case {self.case_id} until {self.until:%Y-%m-%d}"


class Report(models.Model):
    """One letter, as it came: every report and its time is kept, also of items that were known.

    `partner` is the short name of the partner whose system sent it, `partner_number` what that system calls it.
    `sealed_for` is the uuid of the case under whose key all words of this report lie: the case that it came in with,
    also after a merge.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    letter_digest = models.CharField(max_length=64, unique=True)
    source = models.CharField(max_length=16, choices=[(word, word.sentence) for word in Source])
    topic = models.CharField(max_length=16, choices=[(word, word.sentence) for word in Topic])
    language = models.CharField(max_length=8)
    danger = models.BooleanField(default=False)
    complete = models.BooleanField(default=True)
    received_at = models.DateTimeField()
    sealed_for = models.UUIDField(db_index=True)
    words = models.BinaryField()
    box_lookup = models.BinaryField(max_length=16, db_index=True)
    box_proof = models.BinaryField(max_length=32)
    partner = models.CharField(max_length=40, default="")
    partner_number = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"report {self.pk} in {self.case_id}"


class Item(models.Model):
    """An address, an account or a place. One row however many reports name it.

    What stood in a report is in `Mention.written`; `address` is its repaired form; one thing has one `key`. `domain` is
    what somebody registered of the host, or the host itself where it is no name. `needs`: what whoever looks at it
    has to be certified for, as pictures or films were found and no list knows them.
    """

    kind = models.CharField(max_length=16, choices=[(word, word.sentence) for word in ItemKind])
    address = models.TextField()
    key = models.TextField(default="")
    key_digest = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=255, db_index=True)
    domain = models.CharField(max_length=255, default="")
    state = models.CharField(
        max_length=16, choices=[(word, word.sentence) for word in ItemState], default=ItemState.RECEIVED
    )
    verdict = models.CharField(max_length=16, choices=[(word, word.sentence) for word in Verdict], default="")
    first_reported_at = models.DateTimeField()
    state_at = models.DateTimeField()
    turns = models.PositiveIntegerField(default=0)
    needs = models.CharField(
        max_length=8, choices=[(word, word.sentence) for word in Certification], default=Certification.TEXT
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "verdict", "state_at"], name="item_known"),
            models.Index(fields=["domain", "state"], name="item_domain_state"),
            models.Index(fields=["domain", "id"], name="item_domain_newest"),
        ]

    def __str__(self) -> str:
        return f"item {self.pk}"

    @property
    def watchable(self) -> bool:
        """Whether the worker can look at it: only what is on the open web, or reached through a gateway there."""
        return self.kind == ItemKind.WEB or (self.kind == ItemKind.IPFS and self.address.startswith("http"))

    @property
    def newest_assessment(self) -> "Assessment | None":
        """The one that counts."""
        return self.assessments.filter(alarm=False).order_by("-pk").first()


class Mention(models.Model):
    """A report names an item: as it was written, and when."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="mentions")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="mentions")
    written = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "item"], name="mention_once")]

    def __str__(self) -> str:
        return f"item {self.item_id} in report {self.report_id}"


class Assessment(models.Model):
    """What an analyst decided, with everything that the decision rests on. Never changed; a new one may follow.

    `pictures` are the answers for each picture where several were judged; `answers` then are the worst of them. An
    `alarm` is a second opinion that sees a danger which the first did not: it tells of that at once and counts no more.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="assessments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    label_set = models.CharField(max_length=40)
    answers = models.JSONField()
    pictures = models.JSONField(default=list)
    verdict = models.CharField(max_length=16, choices=[(word, word.sentence) for word in Verdict])
    law = models.CharField(max_length=200, default="")
    routing = models.CharField(max_length=40)
    facts = models.JSONField()
    duties = models.JSONField()
    alarm = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.verdict} for item {self.item_id}"


class Opinion(models.Model):
    """What a colleague says about an assessed item without knowing the first answer, and who was right.

    `reasons` are words of `OpinionReason`. Where it `holds`, those concerned are told only afterwards.
    """

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="opinion")
    reasons = models.JSONField()
    holds = models.BooleanField()
    state = models.CharField(
        max_length=16,
        choices=[(word, word.sentence) for word in OpinionState],
        default=OpinionState.WAITING,
        db_index=True,
    )
    asked_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(null=True)
    answers = models.JSONField(default=dict)
    verdict = models.CharField(max_length=16, choices=[(word, word.sentence) for word in Verdict], default="")
    law = models.CharField(max_length=200, default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    first_was_right = models.BooleanField(null=True)

    def __str__(self) -> str:
        return f"opinion about assessment {self.assessment_id}"


class Trial(models.Model):
    """What somebody answered to one case of a calibration set, for practice; the first answer counts and stays."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    calibration = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    answers = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["by", "calibration", "number"], name="trial_once")]

    def __str__(self) -> str:
        return f"case {self.number} of {self.calibration} by {self.by_id}"


class Message(models.Model):
    """Something written to a reporter, or by one after the report. Its text lies under the case's key.

    `unread`: a reporter wrote it, and nobody has opened the case since.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="messages")
    number = models.UUIDField(unique=True)
    incoming = models.BooleanField()
    by = models.CharField(max_length=160)
    at = models.DateTimeField()
    words = models.BinaryField()
    delivered_at = models.DateTimeField(null=True)
    unread = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["report"], condition=models.Q(unread=True), name="message_unread")]

    def __str__(self) -> str:
        return f"message {self.number}"


class Attachment(models.Model):
    """A chat log or a document that came with a report. Its bytes, name, type and digest lie under the case's key.

    `size` are the bytes that have come so far; not `complete`: the line broke, or it is not what the sender's end says.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="attachments")
    number = models.UUIDField(unique=True)
    label = models.BinaryField()
    size = models.PositiveBigIntegerField(default=0)
    complete = models.BooleanField(default=False)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"attachment {self.number}"


class AttachmentChunk(models.Model):
    """A piece of an attachment under the case's key; the first has the index 1, as in the letterbox."""

    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="chunks")
    index = models.PositiveIntegerField()
    locked = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["attachment", "index"], name="attachment_chunk_once")]

    def __str__(self) -> str:
        return f"chunk {self.index} of attachment {self.attachment_id}"


class Identifier(models.Model):
    """Something by which cases can be linked, as a keyed tag that tells nobody what it is: see `blind`.

    Made of what the reporter wrote, gone when the case is forgotten.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=12, choices=[(word, word.sentence) for word in IdentifierKind])
    tag = models.BinaryField(max_length=16)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "kind", "tag"], name="identifier_once")]
        indexes: ClassVar = [models.Index(fields=["tag", "kind"], name="identifier_tag")]

    def __str__(self) -> str:
        return f"{self.kind} in report {self.report_id}"


class Webhook(models.Model):
    """Where a partner's system is told how far its reports are. `slug` is the partner's short name.

    `sealed`: the secret that signs, sealed to the hotline's key; `old_sealed` signs as well until `old_until`.
    `faults` counts calls in a row without an answer; until `quiet_until` none is made.
    """

    slug = models.CharField(max_length=40, unique=True)
    address = models.TextField()
    sealed = models.BinaryField()
    old_sealed = models.BinaryField(null=True)
    old_until = models.DateTimeField(null=True)
    off_at = models.DateTimeField(null=True)
    problem = models.TextField(default="")
    faults = models.PositiveIntegerField(default=0)
    quiet_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"webhook of {self.slug}"

    @property
    def standing(self) -> str:
        """For a line in a list: where it leads, or since when it is off, and what last went wrong."""
        place = f"off since {self.off_at:%Y-%m-%d}" if self.off_at else self.address
        return f"{place} ({self.problem})" if self.problem else place


class StatusPost(models.Model):
    """A change of a report's status on its way to a partner's system. `number` stays the same at every try.

    Nothing is due once it was delivered or given up.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    number = models.UUIDField(unique=True)
    status = models.CharField(max_length=16, choices=[(word, word.sentence) for word in ReporterStatus])
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="status_post_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.status} of report {self.report_id}"
