"""From cells to digests: every row is checked, all rows of a batch at once, and none of them stops the others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lykta.lib.hashlists.cells import DIGESTS, LONGEST, Cells, Field, Raw, Wrong

NO_QUALITY = 255
LONGEST_TEXT = {Field.CATEGORY: 40, Field.REFERENCE: 80}
SHOWN = 80
"""Characters of a cell that is shown with the reason why it was refused."""

_INVALID = 0x8000
_INVALID_PAIR = np.uint32(0x80008000)
_EMPTY_FILE = {
    Field.SHA256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    Field.SHA1: "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    Field.MD5: "d41d8cd98f00b204e9800998ecf8427e",
}
"""On a list it would make every empty answer a match."""


@dataclass(frozen=True, slots=True)
class Rows:
    """n checked rows. Digests are n × bytes, all zero where a row has none; texts n × bytes, filled up with zeros."""

    lines: NDArray[np.int64]
    digests: Mapping[Field, NDArray[np.uint8]]
    quality: NDArray[np.uint8]
    texts: Mapping[Field, NDArray[np.uint8]]
    gone: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.lines)

    def chosen(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> "Rows":
        """Some of them."""
        if which.dtype == np.bool_ and which.all():
            return self
        return replace(
            self,
            lines=self.lines[which],
            digests={name: matrix[which] for name, matrix in self.digests.items()},
            quality=self.quality[which],
            texts={name: matrix[which] for name, matrix in self.texts.items()},
            gone=self.gone[which],
        )


def checked(raw: Raw) -> tuple[Rows, list[Wrong]]:
    """The rows that can be used, and what is wrong with the others.

    A row with one broken hash and another that is whole is used for the other, and the broken one is reported: a
    mistake in one column must not cost what is known by the other.
    """
    wrong = list(raw.wrong)
    count = len(raw.lines)
    digests = {}
    usable = np.zeros(count, np.bool_)
    broken = np.zeros(count, np.bool_)
    for name, width in DIGESTS.items():
        digests[name], bad = _digests(raw.cells.get(name), name, width, count)
        usable |= filled(digests[name])
        broken |= bad
        wrong += _told(raw, name, bad)
    quality, bad = _quality(raw.cells.get(Field.QUALITY), count)
    wrong += _told(raw, Field.QUALITY, bad)
    texts = {}
    for name in LONGEST_TEXT:
        texts[name], bad = _texts(raw.cells.get(name), name, count)
        usable &= ~bad
        broken |= bad
        wrong += _told(raw, name, bad)
    # A withdrawal may name the row by their number alone.
    named = raw.gone & texts[Field.REFERENCE].any(axis=1) if texts[Field.REFERENCE].size else np.zeros(count, np.bool_)
    wrong += [Wrong(line, "There is no hash in it.") for line in raw.lines[~(usable | named | broken)].tolist()]
    return Rows(raw.lines, digests, quality, texts, raw.gone).chosen(usable | named), sorted(wrong)


def _pairs() -> NDArray[np.uint16]:
    """The byte that two hexadecimal digits stand for, by the two as a little-endian number."""
    table = np.full(1 << 16, _INVALID, np.uint16)
    for high in "0123456789abcdefABCDEF":
        for low in "0123456789abcdefABCDEF":
            table[ord(high) | ord(low) << 8] = int(high + low, 16)
    return table


_PAIRS = _pairs()


def _digests(cells: Cells | None, name: Field, width: int, count: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The digests, and which cells are broken. All zeros is no hash, and the hash of an empty file is of no use."""
    if cells is None:
        return np.zeros((count, width), np.uint8), np.zeros(count, np.bool_)
    if cells.matrix.shape[1] < 2 * width:
        return np.zeros((count, width), np.uint8), cells.lengths > 0
    found = _PAIRS[np.ascontiguousarray(cells.matrix[:, : 2 * width]).view("<u2")]
    digests = found.astype(np.uint8)
    bad = (_ored(found.view("<u4")) & _INVALID_PAIR > 0) | (cells.lengths != 2 * width) | ~filled(digests)
    if name in _EMPTY_FILE:
        empty = np.frombuffer(bytes.fromhex(_EMPTY_FILE[name]), np.uint8)
        alike = np.flatnonzero(digests.view("<u4")[:, 0] == empty.view("<u4")[0])
        bad[alike] |= (digests[alike] == empty).all(axis=1)
    digests[bad] = 0
    return digests, bad & (cells.lengths > 0)


def filled(matrix: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which rows (n × a multiple of 4 bytes) have anything in them; numpy's `any` would take ten times as long."""
    return _ored(np.ascontiguousarray(matrix).view("<u4")) > 0


def _ored(words: NDArray[np.uint32]) -> NDArray[np.uint32]:
    found = np.zeros(len(words), np.uint32)
    for column in words.T:
        found |= column
    return found


def _quality(cells: Cells | None, count: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    found = np.full(count, NO_QUALITY, np.uint8)
    bad = np.zeros(count, np.bool_)
    if cells is None:
        return found, bad
    number = np.zeros(count, np.int64)
    for place in range(min(3, cells.matrix.shape[1])):
        inside = cells.lengths > place
        digit = cells.matrix[:, place].astype(np.int64) - ord("0")
        bad |= inside & ((digit < 0) | (digit > 9))
        number = np.where(inside, number * 10 + digit, number)
    bad |= (number > 100) | (cells.lengths > 3)
    good = (cells.lengths > 0) & ~bad
    found[good] = number[good]
    return found, bad


def _texts(cells: Cells | None, name: Field, count: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """As they stand, but for what a terminal or a page would obey."""
    if cells is None:
        return np.zeros((count, 0), np.uint8), np.zeros(count, np.bool_)
    bad = cells.lengths > LONGEST_TEXT[name]
    texts = cells.matrix[:, : LONGEST_TEXT[name]].copy()
    inside = np.arange(texts.shape[1]) < cells.lengths[:, None]
    strange = (inside & ((texts < 0x20) | (texts > 0x7E))).any(axis=1)
    for place in np.flatnonzero(strange & ~bad).tolist():
        text = printable(texts[place, inside[place]].tobytes().decode("utf-8", "replace")).encode()
        whole = text[: texts.shape[1]].decode("utf-8", "ignore").encode()
        texts[place] = np.frombuffer(whole.ljust(texts.shape[1], b"\0"), np.uint8)
    return texts, bad


def _told(raw: Raw, name: Field, bad: NDArray[np.bool_]) -> Iterator[Wrong]:
    for place in np.flatnonzero(bad).tolist():
        cells = raw.cells[name]
        length = int(cells.lengths[place])
        cell = cells.matrix[place, : min(length, LONGEST)].tobytes().decode("utf-8", "replace")
        yield Wrong(int(raw.lines[place]), _reason(name, length), printable(cell))


def _reason(name: Field, length: int) -> str:
    if name in DIGESTS:
        digits = 2 * DIGESTS[name]
        if length != digits:
            return f"{name} has {digits} hexadecimal digits, and this has {length}."
        return f"{name}: this is no hash of anything."
    if name is Field.QUALITY:
        return "quality is a number from 0 to 100."
    return f"{name} is longer than {LONGEST_TEXT[name]} bytes."


def printable(cell: str) -> str:
    """So much of it as is shown, and nothing that a terminal or a page would obey."""
    return "".join(sign if sign.isprintable() else "?" for sign in cell[:SHOWN])
