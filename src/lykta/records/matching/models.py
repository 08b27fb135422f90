"""Lists of known hashes, every version that was read of them, and the items that were found on them."""

import secrets
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F

from lykta.core.vocabulary import ImportState, ListFinding, ListTrust
from lykta.records.cases.models import Item

ROWS_OF_A_LIST = 1 << 40
"""Rows of list 7 have the numbers from 7 times this on: a list hands out its numbers without asking the others."""


class HashList(models.Model):
    """Somebody's list of known hashes.

    `scheme` says whose categories it uses ("own", "us", "uk", "interpol-baseline"), `categories` what each of them is
    in our words ({"1": "illegal"}; `core.vocabulary.ListedAs`), `mapping` which of their columns is which field.
    `distance` is how far a PDQ hash may be, in bits of 256, to be near to one of this list. `salt` goes into each row's
    mark, so that nobody outside can make a row that is taken for another.
    """

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=120, default="")
    scheme = models.CharField(max_length=40, default="")
    licence = models.CharField(max_length=200, default="")
    trust = models.CharField(
        max_length=8, choices=[(word, word.sentence) for word in ListTrust], default=ListTrust.REPORTED
    )
    distance = models.PositiveSmallIntegerField(default=31)
    mapping = models.JSONField(default=dict)
    categories = models.JSONField(default=dict)
    salt = models.BinaryField(default=secrets.token_bytes)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.slug


class ListVersion(models.Model):
    """One file that was read into a list, as far as it was read.

    `digest` is the SHA-256 of the file ("" for what somebody did by hand), `position` how far it is kept, `rows_kept`
    those that were there already. A file that `replaces` withdraws what it does not name.
    """

    list = models.ForeignKey(HashList, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=[(word, word.sentence) for word in ImportState])
    rows_read = models.PositiveBigIntegerField(default=0)
    rows_added = models.PositiveBigIntegerField(default=0)
    rows_kept = models.PositiveBigIntegerField(default=0)
    rows_withdrawn = models.PositiveBigIntegerField(default=0)
    rows_refused = models.PositiveBigIntegerField(default=0)
    position = models.PositiveBigIntegerField(default=0)
    replaces = models.BooleanField(default=False)
    by = models.CharField(max_length=160)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["list", "number"], name="matching_version_number")]

    def __str__(self) -> str:
        return f"{self.list_id}, version {self.number}"


class Upload(models.Model):
    """A file for a list that somebody has uploaded at the desk, until it is read or thrown away.

    It lies in `settings.HASH_LISTS` under `file`. `mapping` is {field: column}, "" for what is in no column. `keeps`:
    it is to be read into the list, not only tried; `asked_at`: the worker is asked to do that; `tried` is the dry run
    of it as it is mapped now, `problem` why it could not be begun.
    """

    list = models.ForeignKey(HashList, on_delete=models.PROTECT, related_name="uploads")
    file = models.UUIDField(default=uuid4, unique=True)
    name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    mapping = models.JSONField(default=dict)
    replaces = models.BooleanField(default=False)
    keeps = models.BooleanField(default=False)
    tried = models.ForeignKey(ListVersion, on_delete=models.PROTECT, null=True, related_name="+")
    problem = models.CharField(max_length=300, default="")
    by = models.CharField(max_length=160)
    at = models.DateTimeField(db_index=True)
    asked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} for list {self.list_id}"

    @property
    def is_tried(self) -> bool:
        """Whether a dry run has read it as it is mapped now."""
        done = self.tried is not None and self.tried.state == ImportState.DRY_RUN and self.tried.finished_at is not None
        return done and self.asked_at is None


class RefusedRow(models.Model):
    """A row of a file that was not taken in, the line on which it stands, and why."""

    version = models.ForeignKey(ListVersion, on_delete=models.CASCADE, related_name="refused")
    line = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=120)
    cell = models.CharField(max_length=80, default="")

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class Known(models.Model):
    """One row of a list: the hashes of one picture or film, each as bytes, and what the list says of it.

    The migration makes the table, for speed: on PostgreSQL each list has a partition of its own. A row is never
    changed but for `withdrawn_in`; what a later version says otherwise of the same picture is a new row, with a higher
    number. `category` and `reference` are the list's own words. `mark` is for the import alone: 8 bytes by which a
    later version finds the row, and 8 that stand for all that it says.
    """

    id = models.BigIntegerField(primary_key=True)
    list = models.ForeignKey(
        HashList, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    sha256 = models.BinaryField(null=True)
    sha1 = models.BinaryField(null=True)
    md5 = models.BinaryField(null=True)
    pdq = models.BinaryField(null=True)
    quality = models.PositiveSmallIntegerField(null=True)
    category = models.CharField(max_length=40, default="")
    reference = models.CharField(max_length=80, default="")
    mark = models.BinaryField()
    added_in = models.PositiveIntegerField()
    withdrawn_in = models.PositiveIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "matching_known"

    def __str__(self) -> str:
        return f"row {self.pk} of list {self.list_id}"


class Match(models.Model):
    """A fingerprint of an item that is on a list or near to one that is; `algorithm` and `digest` as they were seen.

    Of a film (“vpdq”) `digest` is that of its `all_frames` frames, `frames` of which are near to the listed film.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    algorithm = models.CharField(max_length=8)
    digest = models.BinaryField()
    known = models.BigIntegerField()
    list = models.ForeignKey(HashList, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    distance = models.PositiveSmallIntegerField(default=0)
    frames = models.PositiveIntegerField(default=0)
    all_frames = models.PositiveIntegerField(default=0)
    finding = models.CharField(max_length=16)
    at = models.DateTimeField()
    fed_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(F("list"), F("at").desc(), name="matching_match_of_list")]

    def __str__(self) -> str:
        return f"item {self.item_id} is row {self.known}"


class ItemFinding(models.Model):
    """What the lists say of an item, as of when it was matched last, and why (`core.matching.Found`).

    `policy` is the version of the rules, `because` sentences, `lists` the lists that the rule rests on as
    {"list", "version"}.
    """

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="+", primary_key=True)
    finding = models.CharField(max_length=8, choices=[(word, word.sentence) for word in ListFinding])
    rule = models.CharField(max_length=24)
    policy = models.CharField(max_length=16)
    because = models.JSONField(default=list)
    lists = models.JSONField(default=list)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"item {self.item_id} is {self.finding}"
