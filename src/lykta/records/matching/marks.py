"""What a list holds, as 16 bytes for each row: enough to tell in memory which rows of a file are new.

The first 8 bytes name the row (by the list's own number for it, or by its strongest hash), the others stand for all
that it says. They are a universal hash with secret factors (Lemire and Kaser, “Strongly universal string hashing is
fast”, 2014): two rows that differ have the same with a chance of 2⁻⁶⁴, and nobody who does not know the salt can do
better. A list of five million rows takes 85 MB while it is read.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from lykta.lib.hashlists.cells import DIGESTS, Field
from lykta.lib.hashlists.checks import LONGEST_TEXT, Rows, filled

Words = NDArray[np.uint64]

_BY_REFERENCE = 200
_FACTORS = 40
"""At least one more than a row has words of 4 bytes."""


class Standing(IntEnum):
    """How a row of a file stands to what the list holds."""

    NEW = 0
    KEPT = 1
    CHANGED = 2
    """The list holds the same picture, with something else said of it."""
    CONTRADICTS = 3
    """An earlier row of the same file says something else."""


_DEAD, _UNSEEN, _SEEN, _BARRED = 0, 1, 2, 3


@dataclass(slots=True)
class _Run:
    """Rows in ascending order of their names."""

    names: Words
    seals: Words
    states: NDArray[np.uint8]


class Marks:
    """The rows that a list holds now, and which of them the file has named so far."""

    def __init__(self, marks: Iterable[bytes], *, barred: Iterable[bytes] = ()) -> None:
        """`marks`: those of all rows that are not withdrawn; `barred`: of those that are, and shall not come back.

        Both in pieces of any size. What the list says anew of a barred picture counts again.
        """
        self._runs: list[_Run] = []
        for piece in marks:
            both = np.frombuffer(piece, ">u8").reshape(-1, 2)
            self._add(both[:, 0], both[:, 1], _UNSEEN)
        for name, seal in np.frombuffer(b"".join(barred), ">u8").reshape(-1, 2)[::-1].astype(np.uint64):
            one = np.array([name], np.uint64)
            if not any(_places(run, one)[1].any() for run in self._runs):
                self._add(one, np.array([seal], np.uint64), _BARRED)

    def meet(self, names: Words, seals: Words) -> tuple[NDArray[np.uint8], Words]:
        """The `Standing` of each row, which is held from now on; and for those that changed, what was sealed before."""
        order = np.argsort(names)
        if (names[order[1:]] == names[order[:-1]]).any():
            # Of the same the first leads. To keep their order costs twice as much, and few files name anything twice.
            order = np.argsort(names, kind="stable")
        found, before = self._meet_sorted(names[order], seals[order])
        standing, old = np.empty_like(found), np.empty_like(before)
        standing[order], old[order] = found, before
        return standing, old

    def drop(self, names: Words) -> tuple[NDArray[np.bool_], Words]:
        """Hold these no more; says which were held, and their seals."""
        held, seals = np.zeros(len(names), np.bool_), np.zeros(len(names), np.uint64)
        for run in self._runs:
            places, inside = _places(run, names)
            alive = inside & (run.states[places] != _DEAD) & (run.states[places] != _BARRED)
            held |= alive
            seals[alive] = run.seals[places[alive]]
            run.states[places[alive]] = _DEAD
        return held, seals

    def unseen(self) -> tuple[Words, Words]:
        """Names and seals of what the list holds and the file has not named."""
        empty = np.zeros(0, np.uint64)
        chosen = [(run.names[run.states == _UNSEEN], run.seals[run.states == _UNSEEN]) for run in self._runs]
        return (
            np.concatenate([empty, *(names for names, _ in chosen)]),
            np.concatenate([empty, *(seals for _, seals in chosen)]),
        )

    def _meet_sorted(self, names: Words, seals: Words) -> tuple[NDArray[np.uint8], Words]:
        standing = np.full(len(names), Standing.NEW, np.uint8)
        before = np.zeros(len(names), np.uint64)
        first = np.concatenate(([True], names[1:] != names[:-1])) if len(names) else np.zeros(0, np.bool_)
        leader = np.flatnonzero(first)[np.cumsum(first) - 1]
        new = first.copy()
        for run in self._runs:
            places, inside = _places(run, names)
            inside &= first
            here, at = np.flatnonzero(inside), places[inside]
            same, state = run.seals[at] == seals[here], run.states[at]
            standing[here[same & (state != _DEAD)]] = Standing.KEPT
            standing[here[~same & (state == _UNSEEN)]] = Standing.CHANGED
            standing[here[~same & (state == _SEEN)]] = Standing.CONTRADICTS
            before[here] = run.seals[at]
            told = np.where(state == _BARRED, ~same, same | (state != _SEEN))
            run.seals[at[told]] = seals[here[told]]
            run.states[at[told]] = _SEEN
            new[here] = False
        self._add(names[new], seals[new], _SEEN)
        held = np.where(standing[leader] == Standing.CONTRADICTS, before[leader], seals[leader])
        standing[~first] = np.where(held == seals, Standing.KEPT, Standing.CONTRADICTS)[~first]
        return standing, before

    def _add(self, names: Words, seals: Words, state: int) -> None:
        """Runs grow like the numbers of a binary counter: each is at least twice as long as the next."""
        if not len(names):
            return
        joined = _Run(names.astype(np.uint64), seals.astype(np.uint64), np.full(len(names), state, np.uint8))
        while self._runs and len(self._runs[-1].names) < 2 * len(joined.names):
            joined = _joined(self._runs.pop(), joined)
        # Stable is fast where long stretches are in order, as here. One column after the other takes least memory.
        order = np.argsort(joined.names, kind="stable")
        joined.names = joined.names[order]
        joined.seals = joined.seals[order]
        joined.states = joined.states[order]
        self._runs.append(joined)


def _joined(one: _Run, other: _Run) -> _Run:
    return _Run(
        np.concatenate((one.names, other.names)),
        np.concatenate((one.seals, other.seals)),
        np.concatenate((one.states, other.states)),
    )


def _places(run: _Run, names: Words) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    places = np.minimum(np.searchsorted(run.names, names), len(run.names) - 1)
    return places, run.names[places] == names


def names_of(rows: Rows, salt: bytes) -> Words:
    """What names each row."""
    count = len(rows)
    named = np.zeros((count, 4 + LONGEST_TEXT[Field.REFERENCE]), np.uint8)
    rest = np.ones(count, np.bool_)
    reference = rows.texts[Field.REFERENCE]
    if reference.shape[1]:
        by_number = reference.any(axis=1)
        named[by_number, 4 : 4 + reference.shape[1]] = reference[by_number]
        named[by_number, 0] = _BY_REFERENCE
        rest &= ~by_number
    for tag, (field, width) in enumerate(DIGESTS.items(), start=1):
        has = rest & filled(rows.digests[field])
        if not has.any():
            continue
        named[has, 4 : 4 + width] = rows.digests[field][has]
        named[has, 0] = tag
        rest &= ~has
        if not rest.any():
            break
    used = 4 + (LONGEST_TEXT[Field.REFERENCE] if reference.shape[1] else 32)
    return _hashed([np.ascontiguousarray(named[:, :used])], salt + b"name")


def seals_of(rows: Rows, salt: bytes) -> Words:
    """What stands for all that each row says besides its name."""
    category = rows.texts[Field.CATEGORY]
    text = np.zeros((len(rows), 4 + LONGEST_TEXT[Field.CATEGORY]), np.uint8)
    text[:, 0] = rows.quality
    text[:, 4 : 4 + category.shape[1]] = category
    return _hashed([text, *rows.digests.values()], salt + b"seal")


def _hashed(parts: list[NDArray[np.uint8]], salt: bytes) -> Words:
    """Two strongly universal hashes of 32 bits each, side by side."""
    factors = np.frombuffer(hashlib.shake_256(salt).digest(16 * _FACTORS), "<u8").reshape(2, -1)
    halves = np.repeat(factors[:, :1], len(parts[0]), axis=1)
    at = 1
    for part in parts:
        for column in part.view("<u4").T:
            if column.any():
                halves += factors[:, at, None] * column.astype(np.uint64)
            at += 1
    high, low = halves >> np.uint64(32)
    hashed: Words = high << np.uint64(32) | low
    return hashed
