"""SHA-256, SHA-1 and MD5: digests in ascending order in mapped files, found by guessing the place.

Only the first 8 bytes are in order; the few that share them are compared one by one. A SHA-256 with its row takes 40
bytes.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from lykta.lib.matching import files, kernels
from lykta.lib.matching.journal import Digests, Rows
from lykta.lib.matching.versions import About, Batch, Versions, View, once

HEAD = 8
"""Bytes of a digest that are in order."""

RUN = 1 << 21
"""Rows that are sorted at a time; a rebuild needs memory for a few times as many, however long the list is."""

SHA256, SHA1, MD5 = 32, 20, 16


class Hits(NamedTuple):
    """Arrays of one length: the number of the query, and a row that has its digest."""

    queries: NDArray[np.int64]
    rows: Rows


@dataclass(frozen=True, slots=True)
class Sorted:
    """Digests as their first 8 bytes, which ascend, and the rest of them, and their rows."""

    heads: kernels.Words
    rests: Digests
    rows: Rows

    def chosen(self, which: slice | NDArray[Any]) -> "Sorted":
        return Sorted(self.heads[which], self.rests[which], self.rows[which])


class ExactIndex(Versions[Sorted]):
    """Which rows have just this digest."""

    _tail: tuple[View[Sorted], Sorted] | None = None

    @classmethod
    def open(cls, folder: Path, *, width: int = SHA256) -> Self:
        """The index of digests of `width` bytes; a new one is empty. Raises OSError, ValueError, Damaged."""
        return cls._at(cls(folder, kind="exact", width=width))

    def find(self, digest: bytes) -> list[int]:
        """Rows, ascending. Raises ValueError for another length."""
        rows: list[int] = self.find_many(np.frombuffer(digest, np.uint8).reshape(1, self.width)).rows.tolist()
        return rows

    def find_many(self, digests: Digests) -> Hits:
        """The same for n × width bytes, by query, then row."""
        view = self.view()
        query = _split(digests)
        old = _look_up(view.generation, query)
        found = np.concatenate((old[~view.dropped(old[:, 1])], _look_up(self._sorted_tail(view), query)))
        return Hits(*once(found).T)

    def _sorted_tail(self, view: View[Sorted]) -> Sorted:
        known = self._tail
        if known is None or known[0] is not view:
            known = self._tail = (view, _sorted(*view.added.kept()))
        return known[1]

    def _read(self, folder: Path, _about: About) -> Sorted:
        return _mapped(folder, self.width)

    def _write(self, folder: Path, view: View[Sorted] | None, batches: Iterable[Batch]) -> About:
        runs = []
        tail = () if view is None else (view.added.kept(),)
        for number, (rows, digests) in enumerate(_gathered(chain(tail, batches))):
            path = folder / f"run-{number}"
            path.mkdir()
            _store(path, [_sorted(rows, digests)])
            runs.append(_mapped(path, self.width))
            # What is mapped needs no name, and a generation has no runs.
            shutil.rmtree(path)
        _store(folder, _merged(runs) if view is None else _merged([view.generation, *runs], view))
        return {}


def _split(digests: Digests) -> tuple[kernels.Words, Digests]:
    """The first 8 bytes as a number that sorts as they do, and the rest."""
    heads = digests[:, :HEAD].copy().view(">u8")[:, 0].astype(np.uint64)
    return heads, digests[:, HEAD:].copy()


def _look_up(among: Sorted, query: tuple[kernels.Words, Digests]) -> kernels.Found:
    """(query, row), in no order."""
    heads, rests = query
    # In their order one lies near to the last in memory.
    order = np.argsort(heads)
    found = kernels.look_up(among.heads, among.rests, heads[order], rests[order])
    found[:, 0], found[:, 1] = order[found[:, 0]], among.rows[found[:, 1]]
    return found


def _sorted(rows: Rows, digests: Digests) -> Sorted:
    heads, rests = _split(digests)
    found = Sorted(heads, rests, rows).chosen(np.argsort(heads))
    for numbers in (found.heads, found.rests):
        # As what is mapped: for arrays that may be written the kernels would be compiled once more.
        numbers.flags.writeable = False
    return found


def _gathered(batches: Iterable[Batch]) -> Iterator[Batch]:
    """The same in batches of about RUN rows."""
    waiting: list[Batch] = []
    count = 0
    for rows, digests in batches:
        for start in range(0, len(rows), RUN):
            waiting.append((rows[start : start + RUN], digests[start : start + RUN]))
            count += len(waiting[-1][0])
            if count >= RUN:
                yield _joined(waiting)
                waiting, count = [], 0
    if waiting:
        yield _joined(waiting)


def _joined(batches: Sequence[Batch]) -> Batch:
    return np.concatenate([rows for rows, _ in batches]), np.concatenate([digests for _, digests in batches])


def _merged(runs: Sequence[Sorted], view: View[Sorted] | None = None) -> Iterator[Sorted]:
    """All runs in one order, piece by piece; of the view's generation, which is the first, only what it still holds.

    Cut at numbers that are so close together that few of each run lie between two.
    """
    if not runs:
        return
    step = max(1, RUN // len(runs))
    cuts = np.unique(np.concatenate([run.heads[::step] for run in runs]))[:: len(runs)]
    bounds = [[0, *np.searchsorted(run.heads, cuts).tolist(), len(run.heads)] for run in runs]
    for piece in range(len(cuts) + 1):
        found = [run.chosen(slice(*bound[piece : piece + 2])) for run, bound in zip(runs, bounds, strict=True)]
        if view is not None:
            found[0] = found[0].chosen(~view.dropped(found[0].rows))
        whole = Sorted(
            np.concatenate([some.heads for some in found]),
            np.concatenate([some.rests for some in found]),
            np.concatenate([some.rows for some in found]),
        )
        yield whole.chosen(np.argsort(whole.heads))


def _store(folder: Path, pieces: Iterable[Sorted]) -> None:
    with (
        (folder / "heads").open("wb") as heads,
        (folder / "rests").open("wb") as rests,
        (folder / "rows").open("wb") as rows,
    ):
        for piece in pieces:
            heads.write(piece.heads.tobytes())
            rests.write(piece.rests.tobytes())
            rows.write(piece.rows.tobytes())


def _mapped(folder: Path, width: int) -> Sorted:
    return Sorted(
        files.mapped(folder / "heads", "<u8"),
        files.mapped(folder / "rests", "|u1").reshape(-1, width - HEAD),
        files.mapped(folder / "rows", "<i8"),
    )
