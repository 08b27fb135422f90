"""The journal in memory: what was added since the generation was made, and what was withdrawn."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lykta.lib.matching.journal import ADDED, Digests, Record, Rows

_FIRST_ROOM = 1024


@dataclass(frozen=True, slots=True)
class Added:
    """Rows with their digests, in the order in which they came; what was withdrawn again is not `alive`."""

    rows: Rows
    digests: Digests
    alive: NDArray[np.bool_]

    def kept(self) -> tuple[Rows, Digests]:
        return self.rows[self.alive], self.digests[self.alive]


class Tail:
    """Grows by records. What `added` once returned is only ever changed by a withdrawal, which is meant to show."""

    def __init__(self, width: int) -> None:
        self._count = 0
        self._rows = np.empty(_FIRST_ROOM, np.int64)
        self._digests = np.empty((_FIRST_ROOM, width), np.uint8)
        self._alive = np.empty(_FIRST_ROOM, np.bool_)
        self.withdrawn: Rows = np.empty(0, np.int64)
        """Ascending; rows of the generation that count no more. One that comes again stands in the tail."""

    def added(self) -> Added:
        count = self._count
        return Added(self._rows[:count], self._digests[:count], self._alive[:count])

    def apply(self, record: Record) -> None:
        if record.kind == ADDED:
            self._add(record.rows, record.digests)
        else:
            self._withdraw(np.sort(record.rows))

    def _add(self, rows: Rows, digests: Digests) -> None:
        count = self._count + len(rows)
        if count > len(self._rows):
            room = max(count, 2 * len(self._rows))
            self._rows = _grown(self._rows, self._count, room)
            self._digests = _grown(self._digests, self._count, room)
            self._alive = _grown(self._alive, self._count, room)
        self._rows[self._count : count] = rows
        self._digests[self._count : count] = digests
        self._alive[self._count : count] = True
        self._count = count

    def _withdraw(self, rows: Rows) -> None:
        added = self.added()
        added.alive[among(added.rows, rows)] = False
        fresh = rows[~among(rows, self.withdrawn)]
        self.withdrawn = np.insert(self.withdrawn, np.searchsorted(self.withdrawn, fresh), fresh)


def among(rows: NDArray[np.integer[Any]], ascending: Rows) -> NDArray[np.bool_]:
    """Which of the rows are in an ascending list."""
    if not len(ascending):
        return np.zeros(len(rows), np.bool_)
    places = np.searchsorted(ascending, rows)
    places[places == len(ascending)] = 0
    found: NDArray[np.bool_] = ascending[places] == rows
    return found


def _grown(old: NDArray[Any], count: int, room: int) -> NDArray[Any]:
    new = np.empty((room, *old.shape[1:]), old.dtype)
    new[:count] = old[:count]
    return new
