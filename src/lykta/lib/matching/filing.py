"""Filing hashes under the keys of their chunks: the files of a generation by which look-up finds them."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lykta.lib.matching import files, kernels

MOST_AT_ONCE = 4
"""Chunks that are filed at the same time; each takes 16 bytes of memory a hash meanwhile."""


class Layout(NamedTuple):
    """Chunks of equal length, of each of which so many bits are looked up; no chunks: all is scanned."""

    chunks: int
    bits: int


def file_all(folder: Path, hashes: kernels.Words, layout: Layout) -> None:
    """Make the files of `kernels.Filed`, by name; empty ones where all is scanned. Raises OSError."""
    workers = min(os.cpu_count() or 1, MOST_AT_ONCE)
    with ExitStack() as closing, ThreadPoolExecutor(workers) as pool:
        opened = [closing.enter_context((folder / name).open("wb", 0)) for name in kernels.Filed._fields]
        filing = _Filing(hashes, layout, [file.fileno() for file in opened])
        chunks = range(layout.chunks)
        for done in [pool.submit(filing.file_under, chunks[worker::workers]) for worker in range(workers)]:
            done.result()


class _Filing:
    def __init__(self, hashes: kernels.Words, layout: Layout, handles: list[int]) -> None:
        self._hashes = hashes
        self._layout = layout
        self._filled, self._ranks, self._starts, self._places = handles
        self._starts_kept = 0
        self._keeping = threading.Lock()

    def file_under(self, chunks: range) -> None:
        """In memory first, and in the same for each chunk: scattered into a mapped file it took many times as long."""
        layout, keys, count = (*self._layout, 0), 2**self._layout.bits, len(self._hashes)
        pairs, starts = np.empty(count, np.uint64), np.empty(min(keys, count) + 1, np.uint32)
        filled, ranks = np.empty(keys // 64, np.uint64), np.empty(keys // 64, np.uint32)
        places = np.empty(count, np.uint32)
        for chunk in chunks:
            ends = kernels.begins(self._hashes, chunk, layout)
            kernels.part(self._hashes, chunk, layout, ends, pairs)
            kept = kernels.file_under(pairs, ends, kernels.Filed(filled, ranks, starts, places))
            ranks += self._keep_starts(starts[:kept])
            for file, numbers in ((self._filled, filled), (self._ranks, ranks), (self._places, places)):
                files.write(file, numbers.view(np.uint8).data, at=chunk * numbers.nbytes)

    def _keep_starts(self, starts: kernels.Keys) -> np.uint32:
        """Behind those of the chunks that were quicker; returns after how many."""
        with self._keeping:
            before = self._starts_kept
            self._starts_kept += len(starts)
        files.write(self._starts, starts.view(np.uint8).data, at=before * starts.itemsize)
        return np.uint32(before)
