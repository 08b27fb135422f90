"""What came after a generation was made: additions and withdrawals, each a record with a checksum, in one file.

A record is there whole or not at all: whoever is killed while writing leaves an end that no reader takes for a record,
and that the next writer cuts off.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lykta.lib.matching import files

Rows = NDArray[np.int64]
Digests = NDArray[np.uint8]

ADDED, WITHDRAWN = 1, 2
_HEAD = struct.Struct("<BxxxII")
"""Kind, how many rows, checksum of all but itself."""


class Damaged(Exception):
    """The disk gives back other bytes than were written: the index has to be made anew from the lists."""


@dataclass(frozen=True, slots=True)
class Record:
    """Rows and, if they were added, a digest for each; `end` is the place in the file behind it."""

    kind: int
    rows: Rows
    digests: Digests
    end: int


def packed(rows: Rows, digests: Digests | None) -> bytes:
    """The record of an addition, or of a withdrawal if there are no digests."""
    kind = WITHDRAWN if digests is None else ADDED
    body = rows.tobytes() + (b"" if digests is None else digests.tobytes())
    return _HEAD.pack(kind, len(rows), _checksum(kind, len(rows), body)) + body


def read(handle: int, *, start: int, width: int) -> Iterator[Record]:
    """The whole records from a place on; a digest has `width` bytes. Raises Damaged."""
    size = os.fstat(handle).st_size
    while record := _next(handle, start, size, width):
        yield record
        start = record.end


def _next(handle: int, start: int, size: int, width: int) -> Record | None:
    if size < start + _HEAD.size:
        return None
    kind, count, checksum = _HEAD.unpack(os.pread(handle, _HEAD.size, start))
    if kind not in {ADDED, WITHDRAWN}:
        return None
    length = count * (8 + width if kind == ADDED else 8)
    end = start + _HEAD.size + length
    if size < end:
        return None
    body = files.read(handle, length, at=start + _HEAD.size)
    if len(body) < length:
        return None
    if _checksum(kind, count, body) != checksum:
        if size == end:
            # A power cut may keep a file's new length and lose its last bytes.
            return None
        raise Damaged("A record in the middle of the journal has changed.")
    rows = np.frombuffer(body, np.int64, count)
    return Record(kind, rows, np.frombuffer(body, np.uint8, offset=8 * count).reshape(-1, width), end)


def append(path: Path, record: bytes, *, at: int) -> None:
    """On disk before this returns, in place of whatever a killed writer left behind `at`.

    Raises OSError: the disk is full, and nothing was added; or it fails, and nobody knows.
    """
    handle = os.open(path, os.O_WRONLY)
    try:
        if os.fstat(handle).st_size > at:
            os.ftruncate(handle, at)
        files.write(handle, record, at=at)
        os.fdatasync(handle)
    finally:
        os.close(handle)


def _checksum(kind: int, count: int, body: bytes) -> int:
    return zlib.crc32(body, zlib.crc32(struct.pack("<BI", kind, count)))
