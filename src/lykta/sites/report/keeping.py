"""Pieces of a file on their way into the letterbox: what may pass, what is said where something may not."""

import logging
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import Error
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext

from lykta.core import attaching
from lykta.core.attaching import MOST_FILES, FileKind
from lykta.core.refusals import NotNow, NotUnderstood
from lykta.lib import clock
from lykta.records.letterbox import actions, queries
from lykta.sites.common import words

NAME_CHARACTERS = 120

logger = logging.getLogger(__name__)
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks of writing direction: with them a name can pretend to end otherwise than it does."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is durable in the letterbox: its number there, its size in bytes, its name."""

    number: UUID
    size: int
    name: str

    @classmethod
    def read(cls, line: str) -> "Kept | None":
        """What `str` wrote; None for anything else."""
        number, size, name = [*line.split(" ", 2), "", ""][:3]
        with suppress(ValueError):
            return cls(UUID(hex=number), int(size), clean_name(name))
        return None

    def __str__(self) -> str:
        return f"{self.number.hex} {self.size} {self.name}"

    def close(self) -> None:
        """Django closes what is in `request.FILES`."""


def put(upload: UUID, index: int, content: bytes | dict[str, Any]) -> int:
    """Seal a piece. Returns how many are durable. Raises NotNow on a full disk, and django.db.Error."""
    if not queries.has_room():
        raise NotNow(no_room())
    key = settings.HOTLINE_PUBLIC_KEY
    return actions.keep_chunk(upload=upload, index=index, content=content, hotline_key=key, now=clock.now())


def look_at(piece: bytes, *, begun: FileKind | None) -> FileKind:
    """What kind of file a piece belongs to; `begun` is what its first piece was. Raises NotUnderstood."""
    kind = attaching.kind_of(piece) if begun is None else begun
    if kind is None or not attaching.goes_on(kind, piece):
        raise NotUnderstood(
            gettext("Only PDF documents and plain text can be sent: no pictures, films or archives. It was not kept.")
        )
    return kind


def measure(size: int) -> None:
    """Raises NotUnderstood for more bytes than a file may have."""
    limit = settings.ENVIRONMENT.attachment_bytes
    if size > limit:
        advice = gettext("A file may have %(limit)s. This one has more, so it was not kept.")
        raise NotUnderstood(advice % {"limit": filesizeformat(limit)})


def clean_name(name: str) -> str:
    """A file's name in one line, without what hides how it ends."""
    plain = _DIRECTIONS.sub("", words.clean_line(name))
    return plain if len(plain) <= NAME_CHARACTERS else f"{plain[: NAME_CHARACTERS - 20]}…{plain[-19:]}"


def too_many() -> str:
    return gettext("%(most)d files can be sent with a report. Those beyond were not kept.") % {"most": MOST_FILES}


def no_room() -> str:
    return gettext("We have no room for files at the moment. Your words are safe: send the report without the file.")


def fault() -> str:
    return gettext(
        "The file could not be kept: the fault is ours. Try again in a minute, or send the report without it."
    )


def forget(numbers: Iterable[UUID]) -> None:
    """Throw files away. What cannot be deleted now is swept two days later."""
    try:
        actions.drop_uploads(list(numbers))
    except Error:
        logger.exception("Files could not be deleted; they are swept later.")
