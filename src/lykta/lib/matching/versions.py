"""An index as a folder: generations that never change, one of them current, each with a journal of what came after.

    CURRENT              the name of the current generation; replaced in one step
    generation-7/        written whole, then renamed into place
        about.json       what the numbers in the other files mean
        journal          additions and withdrawals since it was made
    making/              a generation in the making, of no meaning until it is renamed
    rebuilding, writing  locks: one rebuilds at a time, one appends at a time, and readers wait for neither

A reader asks at each look-up whether the current generation or the length of its journal has changed (two system
calls), so that what one process adds is found by all. One that still works with an old generation keeps its mapped
files.
"""

import json
import os
import shutil
import threading
import weakref
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from lykta.lib.matching import files, journal
from lykta.lib.matching.journal import Digests, Rows
from lykta.lib.matching.tail import Added, Tail, among

FORMAT = 2
"""Of the files; an index of another format is built again from the lists."""

TAIL_IS_LONG = 50_000
"""Rows in the journal, above which a rebuild is worth its time: so many are scanned in about 0.06 ms."""

Generation = TypeVar("Generation")
About = dict[str, Any]
Batch = tuple[Rows, Digests]
Found = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class View(Generic[Generation]):
    """What an index holds at a moment: the generation without the `withdrawn` rows, and what was added since.

    `end` is how much of the journal this is, in bytes.
    """

    generation: Generation
    added: Added
    withdrawn: Rows
    end: int

    def dropped(self, rows: Rows) -> NDArray[np.bool_]:
        """Which rows of the generation were withdrawn."""
        return among(rows, self.withdrawn)


class _Opened(Generic[Generation]):
    """A generation with the part of its journal that was read so far."""

    def __init__(self, mark: tuple[int, int], folder: Path, generation: Generation, width: int) -> None:
        self.mark = mark
        self.folder = folder
        self._width = width
        self._tail = Tail(width)
        self._journal = os.open(folder / "journal", os.O_RDONLY)
        # By whoever lets go last: another thread may still be asking for the length.
        weakref.finalize(self, os.close, self._journal)
        self.view = View(generation, self._tail.added(), self._tail.withdrawn, 0)

    def is_behind(self) -> bool:
        return os.fstat(self._journal).st_size != self.view.end

    def read_on(self) -> None:
        end = self.view.end
        for record in journal.read(self._journal, start=end, width=self._width):
            self._tail.apply(record)
            end = record.end
        if end != self.view.end:
            self.view = View(self.view.generation, self._tail.added(), self._tail.withdrawn, end)

    def rest(self, start: int) -> bytes:
        """The journal from a place to where it was read."""
        return files.read(self._journal, self.view.end - start, at=start)


class Versions(ABC, Generic[Generation]):
    """What exact and near look-up have in common. Safe to use from several threads and processes at once."""

    def __init__(self, folder: Path, *, kind: str, width: int) -> None:
        self._folder = folder
        self._current = folder / "CURRENT"
        self._kind = kind
        self.width = width
        self._reading = threading.Lock()
        self._opened: _Opened[Generation] | None = None

    @abstractmethod
    def _read(self, folder: Path, _about: About) -> Generation:
        """The generation in a folder, mapped."""

    @abstractmethod
    def _write(self, folder: Path, view: View[Generation] | None, batches: Iterable[Batch]) -> About:
        """A new generation from all that is in a view and the batches; returns what `_read` needs to know."""

    def add(self, rows: Rows, digests: Digests) -> None:
        """Digests (n × width bytes) by the caller's row numbers (n); found and on disk when this returns.

        A row may have several digests, and adding a pair again changes no answer. Raises ValueError, OSError.
        """
        rows, digests = self._checked((rows, digests))
        if len(rows):
            self._append(journal.packed(rows, digests))

    def withdraw(self, rows: Rows) -> None:
        """All digests of these rows, as far as they were added until now. Unknown ones are no error."""
        rows = np.ascontiguousarray(rows, np.int64)
        if len(rows):
            self._append(journal.packed(rows, None))

    def rebuild(self, batches: Iterable[Batch] = ()) -> None:
        """A new generation of all that is there, and of `batches` of rows and digests: how a whole list comes in.

        Others add, withdraw and find meanwhile. Killed at any moment it leaves the old or the new; nothing of the
        batches is in the old. Raises ValueError, OSError.
        """
        with files.locked(self._folder / "rebuilding"):
            opened = self._refreshed()
            view = opened.view
            self._sweep(opened.folder.name)
            making = self._make(view, (self._checked(batch) for batch in batches))
            with files.locked(self._folder / "writing"):
                opened = self._refreshed()
                files.keep(making / "journal", opened.rest(view.end))
                self._publish(making, int(opened.folder.name.rpartition("-")[2]) + 1)
            self.view()
            self._sweep(self._current.read_text())

    def view(self) -> View[Generation]:
        """All that was added and withdrawn until now."""
        opened = self._opened
        if opened is None or opened.is_behind() or opened.mark != _mark(self._current.stat()):
            opened = self._refreshed()
        return opened.view

    def is_tail_long(self) -> bool:
        """Whether a rebuild would make look-up noticeably faster."""
        view = self.view()
        return len(view.added.rows) + len(view.withdrawn) > TAIL_IS_LONG

    @classmethod
    def _at(cls, index: Self) -> Self:
        """Create it where there is none, then look whether it can be read."""
        if not index._current.exists():
            index._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with files.locked(index._folder / "rebuilding"):
                if not index._current.exists():
                    index._sweep("")
                    making = index._make(None, ())
                    files.keep(making / "journal", b"")
                    index._publish(making, 0)
        index.view()
        return index

    def _checked(self, batch: Batch) -> Batch:
        rows, digests = np.ascontiguousarray(batch[0], np.int64), np.ascontiguousarray(batch[1])
        if digests.dtype != np.uint8 or digests.shape != (len(rows), self.width):
            raise ValueError(f"{len(rows)} rows need {len(rows)} × {self.width} bytes, not {digests.shape}.")
        return rows, digests

    def _append(self, record: bytes) -> None:
        with files.locked(self._folder / "writing"):
            opened = self._refreshed()
            journal.append(opened.folder / "journal", record, at=opened.view.end)
        self.view()

    def _refreshed(self) -> _Opened[Generation]:
        with self._reading:
            opened = self._opened
            if opened is None or opened.mark != _mark(self._current.stat()):
                opened = self._newest()
            opened.read_on()
            self._opened = opened
            return opened

    def _newest(self) -> _Opened[Generation]:
        while True:
            with self._current.open() as file:
                mark, folder = _mark(os.fstat(file.fileno())), self._folder / file.read()
            try:
                return _Opened(mark, folder, self._read(folder, self._about(folder)), self.width)
            except FileNotFoundError:
                # It was replaced and swept away between the two steps; otherwise it is damaged.
                if _mark(self._current.stat()) == mark:
                    raise

    def _about(self, folder: Path) -> About:
        about: About = json.loads((folder / "about.json").read_text())
        wanted = {"format": FORMAT, "kind": self._kind, "width": self.width}
        if {name: about.get(name) for name in wanted} != wanted:
            raise ValueError(f"{folder} is not an index of {wanted}: {about}")
        return about

    def _make(self, view: View[Generation] | None, batches: Iterable[Batch]) -> Path:
        """A whole generation on disk, but for its journal, and nothing points to it yet."""
        making = self._folder / "making"
        making.mkdir(mode=0o700)
        about = {"format": FORMAT, "kind": self._kind, "width": self.width, **self._write(making, view, batches)}
        files.keep(making / "about.json", json.dumps(about).encode())
        for path in making.iterdir():
            files.sync(path)
        return making

    def _publish(self, making: Path, number: int) -> None:
        files.sync(making)
        name = f"generation-{number}"
        making.rename(self._folder / name)
        files.sync(self._folder)
        files.replace(self._folder / "CURRENT", name.encode())

    def _sweep(self, current: str) -> None:
        """Remove what an earlier rebuild left, and generations that are no more; only while rebuilding."""
        for path in self._folder.iterdir():
            if path.is_dir() and path.name != current:
                shutil.rmtree(path)


def once(found: Found) -> Found:
    """Hits (query, row, and perhaps a distance) by query, then row; of the same ones only the nearest."""
    found = found[np.lexsort(found.T[::-1])]
    fresh = np.ones(len(found), np.bool_)
    fresh[1:] = (found[1:, :2] != found[:-1, :2]).any(axis=1)
    return found[fresh]


def _mark(status: os.stat_result) -> tuple[int, int]:
    """Tells one CURRENT from the next: it is a new file each time."""
    return status.st_ino, status.st_mtime_ns
