"""Films by their frames (vPDQ), read as a stream: each frame is a row, whose reference says of which film it is.

ThreatExchange writes one film as a list of texts, `PDQ hash,quality,seconds` (`vpdq_util.VpdqCompactFeature`). Many of
them, with what is said of each, are `{"films": [{"id", "category", "md5", "frames": […]}]}`; frames are such texts.
"""

import hashlib
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from lykta.lib.hashlists.cells import Entry, Field, Raw, gathered
from lykta.lib.hashlists.records import items_at

_ONE = re.compile(rb'\s*\[\s*"[0-9a-fA-F]{64},')
_MANY = re.compile(rb'\s*\{\s*"films"\s*:')
_REFERENCE = re.compile(r"vpdq:(.{1,64}):\d+")
_LONGEST_NAME = 64
_TELLING = 16
"""Hexadecimal digits that name a film without a name."""


def is_one(head: bytes) -> bool:
    """Whether a file that begins so holds the frames of films."""
    text = head.removeprefix(BOM_UTF8)
    return bool(_ONE.match(text) or _MANY.match(text))


def frames_begin(film: str) -> str:
    """What the references of all frames of a film begin with; those of another film may, too: `film_of` tells."""
    return f"vpdq:{film}:"


def film_of(reference: str) -> str:
    """The film of which a row is a frame, "" for every other row."""
    found = _REFERENCE.fullmatch(reference)
    return found[1] if found else ""


def read(file: BinaryIO) -> Iterator[Raw]:
    """All rows. Raises NotUnderstood where the JSON breaks off."""
    file.seek(len(BOM_UTF8) if file.read(len(BOM_UTF8)) == BOM_UTF8 else 0)
    yield from gathered(_entries(file))


def _entries(file: BinaryIO) -> Iterator[Entry]:
    start = file.tell()
    one = _ONE.match(file.read(256)) is not None
    file.seek(start)
    if one:
        yield from _film({"frames": list(items_at(file, "item"))})
        return
    for record in items_at(file, "films.item"):
        yield from _film(record) if isinstance(record, dict) else [Entry(wrong="This is no record.")]


def _film(record: Mapping[str, Any]) -> Iterator[Entry]:
    given = record.get("frames")
    frames: Sequence[Any] = given if isinstance(given, list) else []
    name = str(record.get("id") or hashlib.sha256(repr(frames).encode()).hexdigest()[:_TELLING])
    if len(name.encode()) > _LONGEST_NAME:
        yield Entry(wrong=f"The name of a film is longer than {_LONGEST_NAME} bytes.")
        return
    category = {Field.CATEGORY: str(record["category"])} if record.get("category") is not None else {}
    if record.get("md5"):
        yield Entry({Field.MD5: str(record["md5"]), Field.REFERENCE: name, **category})
    for number, frame in enumerate(frames):
        pdq, *rest = str(frame).split(",")
        said = {
            Field.PDQ: pdq,
            Field.QUALITY: rest[0] if rest else "",
            Field.REFERENCE: f"{frames_begin(name)}{number}",
        }
        yield Entry({**said, **category})
