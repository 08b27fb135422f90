"""One writer of the letterbox at a time, on SQLite: among the threads of a process, and among processes.

SQLite lets whoever waits for its write lock sleep, up to 100 ms at a time and in no order. With several reporters at
once, that sleep is most of what the slowest of them wait for. A lock wakes the next thread at once; between processes,
a lock on a file beside the database is asked for every half millisecond.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from django.db import connections

DATABASE = "letterbox"
PATIENCE = 20.0
"""Seconds, as long as SQLite itself waits. Afterwards SQLite's own lock decides, and says so if it cannot be had."""

_PAUSE = 0.0005
_THREADS = Lock()
_files: dict[int, int] = {}
"""The open lock file by process: what a fork inherits would be one lock for parent and child."""


@contextmanager
def one_writer() -> Iterator[None]:
    """Nobody else writes while the block lasts. PostgreSQL needs none of this."""
    connection = connections[DATABASE]
    if connection.vendor == "postgresql":
        yield
        return
    with _THREADS:
        handle = _lock_file(str(connection.settings_dict["NAME"]))
        if handle is not None:
            _wait_for(handle)
        try:
            yield
        finally:
            if handle is not None:
                fcntl.flock(handle, fcntl.LOCK_UN)


def _lock_file(database: str) -> int | None:
    """A file beside the database; none beside one in memory, which no other process reaches."""
    if not Path(database).is_absolute():
        return None
    number = os.getpid()
    if number not in _files:
        _files[number] = os.open(f"{database}-writer", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
    return _files[number]


def _wait_for(handle: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE)
        else:
            return
