"""Reads of the letterbox: a code finds its own mailbox, the worker finds waiting letters, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from shutil import disk_usage
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import Max

from lykta.core.vocabulary import LetterKind
from lykta.lib import codes, sealing
from lykta.lib.codes import Code
from lykta.records.letterbox.code_in_use import code_in_use, upload_in_use
from lykta.records.letterbox.models import DATABASE, Box, Chunk, Letter, Parcel

ROOM_FOR_WORDS = 1_000_000_000
"""Bytes of a disk that files leave free: what people write is stored as long as a byte can be written."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """One opened parcel: what the staff side wrote, and when."""

    content: dict[str, Any]
    written_at: datetime


def box_for(code: Code, *, now: datetime) -> Box | None:
    """The mailbox that this code opens, if there is one and its date has not passed."""
    lookup = codes.lookup(code)
    with code_in_use(lookup):
        return Box.objects.using(DATABASE).filter(lookup=lookup, expires_at__gt=now).first()


def is_being_written(code: Code) -> bool:
    """Whether a report under this code was begun and not sent yet."""
    lookup = codes.lookup(code)
    with code_in_use(lookup):
        parts = Letter.objects.using(DATABASE).filter(box__lookup=lookup, kind=LetterKind.PART)
        return parts.exists()


def delivered_to(box: Box, code: Code) -> list[Delivered]:
    """What lies in the mailbox, oldest first, opened with the code."""
    private_key = sealing.private_key_from_seed(codes.key_seed(code))
    with code_in_use(codes.lookup(code)):
        parcels = list(Parcel.objects.using(DATABASE).filter(box=box).order_by("written_at", "pk"))
    return [
        Delivered(sealing.unseal(bytes(parcel.sealed), private_key=private_key), parcel.written_at)
        for parcel in parcels
    ]


def waiting_letters(limit: int) -> list[Letter]:
    """Letters that the staff side has not taken in yet, oldest first; reports that are being written are not.

    What partners' systems send comes last: ten thousand of theirs must not keep a child in danger waiting.
    """
    letters = Letter.objects.using(DATABASE).select_related("box").filter(failed_at=None).order_by("received_at", "pk")
    people = list(letters.exclude(kind__in={LetterKind.PART, LetterKind.PARTNER})[:limit])
    return people + list(letters.filter(kind=LetterKind.PARTNER)[: limit - len(people)])


def count_waiting_letters() -> int:
    """How many letters the staff side has still to take in; what is being written does not count."""
    return Letter.objects.using(DATABASE).filter(failed_at=None).exclude(kind=LetterKind.PART).count()


def abandoned_parts(limit: int, *, before: datetime) -> list[Letter]:
    """Reports that nobody has gone on writing since `before`, oldest first."""
    letters = Letter.objects.using(DATABASE).select_related("box").filter(kind=LetterKind.PART)
    return list(letters.filter(failed_at=None, received_at__lt=before).order_by("received_at", "pk")[:limit])


def letters_with_files() -> Iterator[Letter]:
    """Every letter that may name files and was not taken in: sent, being written, or left in the middle."""
    letters = Letter.objects.using(DATABASE).filter(kind__in={LetterKind.PART, LetterKind.REPORT}, failed_at=None)
    return letters.iterator()


def chunks_kept(upload: UUID) -> int:
    """How many pieces of a file are durable, in a row from the first."""
    with upload_in_use(upload):
        return count_chunks(upload)


def count_chunks(upload: UUID) -> int:
    """`chunks_kept` inside a transaction that has named the upload."""
    kept = set(Chunk.objects.using(DATABASE).filter(upload=upload).values_list("index", flat=True))
    return next(number for number in count() if number not in kept)


def chunks_of(upload: UUID) -> Iterator[bytes]:
    """The sealed pieces of a file in order, one at a time: a whole file may be too much for the memory."""
    for index in count():
        chunk = Chunk.objects.using(DATABASE).filter(upload=upload, index=index).first()
        if chunk is None:
            return
        yield bytes(chunk.sealed)


def silent_uploads(*, before: datetime) -> set[UUID]:
    """Files to which nothing was added since that moment."""
    uploads = Chunk.objects.using(DATABASE).values("upload").annotate(newest=Max("received_at"))
    return set(uploads.filter(newest__lt=before).values_list("upload", flat=True))


def has_room() -> bool:
    """Whether the disk has room for files. That of a database server is not seen from here."""
    connection = connections[DATABASE]
    if connection.vendor != "sqlite":
        return True
    return disk_usage(Path(str(connection.settings_dict["NAME"])).parent).free > ROOM_FOR_WORDS
