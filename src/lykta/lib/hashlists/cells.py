"""What all readers hand on: the cells of many rows as one matrix for each field, before anybody has checked them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lykta.core.refusals import NotUnderstood

ROWS = 1 << 17
"""Rows that are read, checked and kept together."""
LONGEST = 200
"""Bytes of a cell; nothing that we read is longer."""


class Form(StrEnum):
    """What a file of hashes is written as."""

    TABLE = "table"
    HASHES = "hashes"
    VICS = "vics"
    STOPNCII = "stopncii"
    ARACHNID = "arachnid"
    NCMEC = "ncmec"
    VPDQ = "vpdq"


class Field(StrEnum):
    """What a column can hold for us."""

    SHA256 = "sha256"
    SHA1 = "sha1"
    MD5 = "md5"
    PDQ = "pdq"
    QUALITY = "quality"
    CATEGORY = "category"
    REFERENCE = "reference"


DIGESTS = {Field.SHA256: 32, Field.SHA1: 20, Field.MD5: 16, Field.PDQ: 32}
"""The fields that are hashes, and the bytes of each; twice as many hexadecimal digits are written."""


class Cells(NamedTuple):
    """One field of n rows: their bytes (n × width, filled up with zeros), and how many bytes each has."""

    matrix: NDArray[np.uint8]
    lengths: NDArray[np.int64]


class Wrong(NamedTuple):
    """A row, or one cell of it, that cannot be read: where, why, and what stands there."""

    line: int
    reason: str
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Raw:
    """Rows as they stand in a file: `lines` says where, `gone` which are withdrawn, `position` where they end."""

    lines: NDArray[np.int64]
    cells: Mapping[Field, Cells]
    gone: NDArray[np.bool_]
    position: int
    wrong: Sequence[Wrong] = field(default=())


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a form that is read one by one."""

    texts: Mapping[Field, str] = field(default_factory=dict)
    gone: bool = False
    wrong: str = ""


def from_texts(texts: Sequence[str]) -> Cells:
    """The cells of one field, of rows that were read one by one."""
    data = [text[: LONGEST + 1].strip().encode("utf-8", "replace").replace(b"\0", b"?") for text in texts]
    array = np.array(data, dtype=np.bytes_)
    lengths = np.fromiter(map(len, data), np.int64, len(data))
    return Cells(array.view(np.uint8).reshape(len(data), array.itemsize), lengths)


def gathered(entries: Iterable[Entry]) -> Iterator[Raw]:
    """Entries in batches; the number of an entry is its line.

    What the parser raises when the file ends too early becomes NotUnderstood, after all that was before it.
    """
    waiting: list[Entry] = []
    position = 0
    try:
        for entry in entries:
            position += 1
            waiting.append(entry)
            if len(waiting) == ROWS:
                yield _raw(waiting, position)
                waiting = []
    except NotUnderstood:
        if waiting:
            yield _raw(waiting, position)
        raise
    if waiting:
        yield _raw(waiting, position)


def _raw(entries: Sequence[Entry], position: int) -> Raw:
    lines = range(position - len(entries) + 1, position + 1)
    wrong = [Wrong(line, entry.wrong) for line, entry in zip(lines, entries, strict=True) if entry.wrong]
    good = [(line, entry) for line, entry in zip(lines, entries, strict=True) if not entry.wrong]
    fields = sorted({name for _, entry in good for name in entry.texts})
    return Raw(
        lines=np.array([line for line, _ in good], np.int64),
        cells={name: from_texts([entry.texts.get(name, "") for _, entry in good]) for name in fields},
        gone=np.array([entry.gone for _, entry in good], np.bool_),
        position=position,
        wrong=wrong,
    )
