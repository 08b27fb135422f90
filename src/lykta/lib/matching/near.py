"""PDQ hashes within a distance, every one of them: multi-index hashing over files that are mapped.

Norouzi, Punjani, Fleet: "Fast Exact Search in Hamming Space With Multi-Index Hashing" (2014). 256 bits are cut into
chunks; two hashes that differ in at most 31 bits differ in few bits in at least one chunk (the pigeonhole principle),
so it is enough to look up all keys which are a few flips away. No approximate index is used: those that were measured
missed 0.2 to 46 of 100.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import chain, combinations
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from lykta.lib.matching import files, kernels
from lykta.lib.matching.filing import Layout, file_all
from lykta.lib.matching.journal import Digests, Rows
from lykta.lib.matching.versions import About, Batch, Versions, View, once

WIDTH = 32
"""Bytes of a PDQ hash."""

FAR = 31
"""Bits: at most so far apart two pictures are taken for the same (ThreatExchange, pdq/README.md)."""


PIECE = 1 << 20
"""Rows that a rebuild copies at a time."""


LAYOUTS: tuple[tuple[int, Layout], ...] = (
    (25_000, Layout(0, 0)),
    (1 << 32, Layout(11, 23)),
)
"""Below how many hashes which layout is used, by measurement: to scan 25,000 takes as long as to probe any number up to
a million. Longer keys would have to be looked up three flips away, and shorter ones are shared by more hashes."""


class Hits(NamedTuple):
    """Arrays of one length: the number of the query, the row that it is near to, and how far that is."""

    queries: NDArray[np.int64]
    rows: Rows
    distances: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Generation:
    """Hashes as 4 words each, their rows, and where to find them by chunk."""

    hashes: kernels.Words
    rows: NDArray[Any]
    filed: kernels.Filed
    layout: Layout


class NearIndex(Versions[Generation]):
    """Which rows have a hash within `FAR` of this one."""

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The index in a folder; a new one is empty. Raises OSError, ValueError, Damaged."""
        return cls._at(cls(folder, kind="near", width=WIDTH))

    def find(self, fingerprint: bytes, distance: int = FAR) -> list[tuple[int, int]]:
        """Rows with their distance in bits, nearest first. Raises ValueError for more than `FAR` or not 32 bytes."""
        found = self._found(np.frombuffer(fingerprint, np.uint8).reshape(1, WIDTH), distance)
        if not len(found):
            return []
        found = once(found)
        nearest = found[np.lexsort((found[:, 1], found[:, 2]))]
        return list(zip(nearest[:, 1].tolist(), nearest[:, 2].tolist(), strict=True))

    def find_many(self, fingerprints: Digests, distance: int = FAR) -> Hits:
        """The same for n × 32 bytes, by query, then row."""
        return Hits(*once(self._found(fingerprints, distance)).T)

    def _found(self, fingerprints: Digests, distance: int) -> kernels.Found:
        """(query, row, distance), in no order; a row may come more than once."""
        if not 0 <= distance <= FAR:
            raise ValueError(f"Only up to {FAR} bits is every hash found, not {distance}.")
        view = self.view()
        queries = _words(fingerprints)
        old, new = _in_generation(view, queries, distance), _in_tail(view, queries, distance)
        return np.concatenate((old, new)) if len(old) and len(new) else old if len(old) else new

    def _read(self, folder: Path, _about: About) -> Generation:
        layout = Layout(*_about["layout"])
        by_chunk = (layout.chunks, -1) if layout.chunks else (0, 0)
        return Generation(
            files.mapped(folder / "hashes", "<u8").reshape(-1, 4),
            files.mapped(folder / "rows", _about["rows"]),
            kernels.Filed(
                files.mapped(folder / "filled", "<u8").reshape(by_chunk),
                files.mapped(folder / "ranks", "<u4").reshape(by_chunk),
                files.mapped(folder / "starts", "<u4"),
                files.mapped(folder / "places", "<u4").reshape(by_chunk),
            ),
            layout,
        )

    def _write(self, folder: Path, view: View[Generation] | None, batches: Iterable[Batch]) -> About:
        count, rows = _streamed(folder, chain(_kept(view), batches))
        layout = next(layout for most, layout in LAYOUTS if count < most)
        hashes = files.mapped(folder / "hashes", "<u8").reshape(-1, 4)
        file_all(folder, hashes, layout)
        return {"layout": layout, "rows": rows}


@cache
def _flips(bits: int) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Keys with no, one and two bits set, and how many have at most none, one, two."""
    flips = [sum(1 << bit for bit in chosen) for count in range(3) for chosen in combinations(range(bits), count)]
    return np.array(flips, np.uint32), np.array([1, 1 + bits, len(flips)], np.int64)


def _in_generation(view: View[Generation], queries: kernels.Words, distance: int) -> kernels.Found:
    hashes, layout = view.generation.hashes, view.generation.layout
    if layout.chunks:
        found = kernels.probe(queries, hashes, view.generation.filed, _flips(layout.bits), (*layout, distance))
    else:
        found = kernels.scan(queries, hashes, distance)
    if len(found):
        found[:, 1] = view.generation.rows[found[:, 1]]
        found = found[~view.dropped(found[:, 1])]
    return found


def _in_tail(view: View[Generation], queries: kernels.Words, distance: int) -> kernels.Found:
    added = view.added
    found = kernels.scan(queries, _words(added.digests), distance)
    if len(found):
        found = found[added.alive[found[:, 1]]]
        found[:, 1] = added.rows[found[:, 1]]
    return found


def _words(digests: Digests) -> kernels.Words:
    """Read only, as what is mapped: for arrays that may be written the kernels would be compiled once more."""
    words = np.ascontiguousarray(digests, np.uint8).view(np.uint64)
    words.flags.writeable = False
    return words


def _kept(view: View[Generation] | None) -> Iterator[Batch]:
    """What a view holds, piece by piece."""
    if view is None:
        return
    old = view.generation
    for start in range(0, len(old.rows), PIECE):
        rows = old.rows[start : start + PIECE].astype(np.int64)
        kept = ~view.dropped(rows)
        yield rows[kept], old.hashes[start : start + PIECE][kept].view(np.uint8)
    yield view.added.kept()


def _streamed(folder: Path, batches: Iterable[Batch]) -> tuple[int, str]:
    """Write `hashes` and `rows`, beside each other; how many there are, and the kind of number that the rows need."""
    count, kind = 0, "<u4"
    with (
        (folder / "hashes").open("wb") as hashes,
        (folder / "rows").open("wb") as numbers,
        ThreadPoolExecutor(1) as pool,
    ):
        for rows, digests in batches:
            if not len(rows):
                continue
            writing = pool.submit(hashes.write, digests.data)
            if kind == "<u4" and (rows.min() < 0 or rows.max() >= 1 << 32):
                numbers.flush()
                short, kind = files.mapped(folder / "rows", kind), "<i8"
                numbers.seek(0)
                numbers.write(short.astype(kind).data)
            numbers.write(rows.astype(kind).data)
            count += writing.result() // WIDTH
    return count, kind
