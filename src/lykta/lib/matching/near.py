"""PDQ hashes within a distance, every one of them: multi-index hashing over files that are mapped.

Norouzi, Punjani, Fleet: "Fast Exact Search in Hamming Space With Multi-Index Hashing" (2014). 256 bits are cut into
chunks; two hashes that differ in at most 31 bits differ in few bits in at least one chunk (the pigeonhole principle),
so it is enough to look up all keys which are a few flips away. No approximate index is used: those that were measured
missed 0.2 to 46 of 100.
"""

import os
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
from lykta.lib.matching.journal import Digests, Rows
from lykta.lib.matching.versions import About, Batch, Versions, View, once

WIDTH = 32
"""Bytes of a PDQ hash."""

FAR = 31
"""Bits: at most so far apart two pictures are taken for the same (ThreatExchange, pdq/README.md)."""


PIECE = 1 << 20
"""Rows that a rebuild copies at a time."""


class Layout(NamedTuple):
    """Chunks of equal length, of each of which so many bits are looked up; no chunks: all is scanned."""

    chunks: int
    bits: int


LAYOUTS: tuple[tuple[int, Layout], ...] = (
    (100_000, Layout(0, 0)),
    (250_000, Layout(16, 16)),
    (1_500_000, Layout(12, 21)),
    (5_000_000, Layout(11, 22)),
    (1 << 32, Layout(11, 23)),
)
"""Below how many hashes which layout is used, by measurement (`make bench ONLY=match`): among those that take about
200 bytes a hash or less, or little in all, the fastest."""


class Hits(NamedTuple):
    """Arrays of one length: the number of the query, the row that it is near to, and how far that is."""

    queries: NDArray[np.int64]
    rows: Rows
    distances: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Filed:
    """A generation: hashes as 4 words each, their rows, and where to find them by chunk."""

    hashes: kernels.Words
    rows: NDArray[Any]
    starts: NDArray[np.uint32]
    places: NDArray[np.uint32]
    layout: Layout


class NearIndex(Versions[Filed]):
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

    def _read(self, folder: Path, _about: About) -> Filed:
        layout = Layout(*_about["layout"])
        places = files.mapped(folder / "places", "<u4")
        return Filed(
            files.mapped(folder / "hashes", "<u8").reshape(-1, 4),
            files.mapped(folder / "rows", _about["rows"]),
            files.mapped(folder / "starts", "<u4").reshape(layout.chunks, -1) if layout.chunks else places[:0, None],
            places.reshape(layout.chunks, -1) if layout.chunks else places[:0, None],
            layout,
        )

    def _write(self, folder: Path, view: View[Filed] | None, batches: Iterable[Batch]) -> About:
        count, rows = _streamed(folder, chain(_kept(view), batches))
        layout = next(layout for most, layout in LAYOUTS if count < most)
        hashes = files.mapped(folder / "hashes", "<u8").reshape(-1, 4)
        with (
            (folder / "starts").open("wb", 0) as starts,
            (folder / "places").open("wb", 0) as places,
            ThreadPoolExecutor(os.cpu_count()) as pool,
        ):
            workers = min(os.cpu_count() or 1, layout.chunks)
            filing = [
                pool.submit(_file_under, hashes, chunks, layout, starts.fileno(), places.fileno())
                for chunks in (range(worker, layout.chunks, workers) for worker in range(workers))
            ]
            for filed in filing:
                filed.result()
        return {"layout": layout, "rows": rows}


def _file_under(hashes: kernels.Words, chunks: range, layout: Layout, starts_file: int, places_file: int) -> None:
    """In memory first, and in the same for each chunk: scattered into a mapped file it took many times as long."""
    pairs, places = np.empty(len(hashes), np.uint64), np.empty(len(hashes), np.uint32)
    starts = np.empty(2**layout.bits + 1, np.uint32)
    for chunk in chunks:
        starts.fill(0)
        ends = kernels.begins(hashes, chunk, (*layout, FAR))
        kernels.part(hashes, chunk, (*layout, FAR), ends, pairs)
        kernels.file_under(pairs, ends, starts, places)
        files.write(starts_file, starts.view(np.uint8).data, at=chunk * starts.nbytes)
        files.write(places_file, places.view(np.uint8).data, at=chunk * places.nbytes)


@cache
def _flips(bits: int) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Keys with no, one and two bits set, and how many have at most none, one, two."""
    flips = [sum(1 << bit for bit in chosen) for count in range(3) for chosen in combinations(range(bits), count)]
    return np.array(flips, np.uint32), np.array([1, 1 + bits, len(flips)], np.int64)


def _in_generation(view: View[Filed], queries: kernels.Words, distance: int) -> kernels.Found:
    filed = view.generation
    if filed.layout.chunks:
        chunks, bits = filed.layout
        layout = (chunks, bits, distance)
        found = kernels.probe(queries, filed.hashes, (filed.starts, filed.places), _flips(bits), layout)
    else:
        found = kernels.scan(queries, filed.hashes, distance)
    if len(found):
        found[:, 1] = filed.rows[found[:, 1]]
        found = found[~view.dropped(found[:, 1])]
    return found


def _in_tail(view: View[Filed], queries: kernels.Words, distance: int) -> kernels.Found:
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


def _kept(view: View[Filed] | None) -> Iterator[Batch]:
    """What a view holds, piece by piece."""
    if view is None:
        return
    filed = view.generation
    for start in range(0, len(filed.rows), PIECE):
        rows = filed.rows[start : start + PIECE].astype(np.int64)
        kept = ~view.dropped(rows)
        yield rows[kept], filed.hashes[start : start + PIECE][kept].view(np.uint8)
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
