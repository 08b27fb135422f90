"""The name `base` and the class's name are Django's: an ENGINE is the package around them.

SQLite lets one writer in at a time, and has the others look again after pauses that grow to a tenth of a second, in no
order: with many threads the database lies idle while all of them sleep. So whoever begins a transaction waits for its
turn: a lock wakes the next thread of the process at once, and between processes a lock on a file beside the database is
asked for every half millisecond. A statement without a transaction waits as SQLite has it.
"""

import fcntl
import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

_PAUSE = 0.0005


class Turn:
    """Of the writers of one database file, which they take before they begin and give back when they have ended."""

    def __init__(self, database: str) -> None:
        self._threads = threading.Lock()
        self._path = f"{database}-writer"
        self._shared = Path(database).is_absolute()
        self._files: dict[int, int | None] = {}
        """The open lock file by process: what a fork inherits would be one lock for parent and child."""

    def take(self, seconds: float) -> bool:
        """Whether it is this thread's turn; within its process it is then, whoever else writes."""
        until = time.monotonic() + seconds
        if not self._threads.acquire(timeout=seconds):
            return False
        handle = self._file()
        while handle is not None and not _lock(handle) and time.monotonic() < until:
            time.sleep(_PAUSE)
        return True

    def give_back(self) -> None:
        handle = self._file()
        if handle is not None:
            fcntl.flock(handle, fcntl.LOCK_UN)
        self._threads.release()

    def _file(self) -> int | None:
        """None beside a database in memory, which no other process reaches, and where the file cannot be opened."""
        number = os.getpid()
        if number not in self._files:
            self._files[number] = self._open() if self._shared else None
        return self._files[number]

    def _open(self) -> int | None:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
        except OSError:
            return None  # a file that somebody else made, say: then only SQLite keeps processes apart


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


_TURNS: dict[str, Turn] = {}


def turn_of(settings: Mapping[str, Any]) -> Turn:
    """What the writers of a database file take in turn; `settings` as Django has them."""
    name = str(settings["NAME"])
    # `setdefault` is one step, so that two threads get the same.
    return _TURNS.get(name) or _TURNS.setdefault(name, Turn(name))


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection, which belongs to one thread."""

    _turn: Turn | None = None

    def set_autocommit(self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's
        if force_begin_transaction_with_broken_autocommit and not autocommit:
            turn = turn_of(self.settings_dict)
            # Whoever does not get its turn in this time asks SQLite, which says whether the database is locked.
            if turn.take(self.settings_dict["OPTIONS"]["timeout"]):
                self._turn = turn
        try:
            super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        except BaseException:
            self._end_turn()
            raise

    def commit(self) -> None:
        super().commit()
        self._end_turn()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._end_turn()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.give_back()
