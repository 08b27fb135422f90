"""One writer of the letterbox at a time, on SQLite: among the threads of a process, and among processes.

SQLite lets whoever waits for its write lock sleep, up to 100 ms at a time and in no order. With several reporters at
once, that sleep is most of what the slowest of them wait for. A lock wakes the next thread at once; between processes,
a lock on a file beside the database is asked for every half millisecond.

What must be on disk before the next page is shown can be written `together`: while one thread waits for the disk,
others line up, and the first of them writes for all. A commit then costs the disk once for several reporters.
"""

import fcntl
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from django.db import OperationalError, connections, transaction
from django.db.backends.utils import CursorWrapper

DATABASE = "letterbox"
PATIENCE = 20.0
"""Seconds, as long as SQLite itself waits. Afterwards SQLite's own lock decides, and says so if it cannot be had."""

Write = Callable[[CursorWrapper], None]
"""Statements of one transaction. They may run twice: where one in a group fails, all are begun anew, each alone."""

_PAUSE = 0.0005
_THREADS = Lock()
_files: dict[int, int] = {}
"""The open lock file by process: what a fork inherits would be one lock for parent and child."""


@contextmanager
def one_writer() -> Iterator[None]:
    """Nobody else writes while the block lasts. PostgreSQL needs none of this."""
    if not takes_one_writer():
        yield
        return
    with _THREADS, _no_other_process():
        yield


def takes_one_writer() -> bool:
    """Whether the database takes one writer at a time."""
    return connections[DATABASE].vendor != "postgresql"


@dataclass(slots=True, eq=False)
class _Turn:
    """Somebody who waits for their words to be on disk; `error` says why they are not."""

    write: Write
    done: bool = False
    error: Exception | None = None


_line: deque[_Turn] = deque()


def together(write: Write) -> None:
    """Write as one durable transaction, shared with others who wait at this moment. Raises what `write` raises.

    For a database that takes one writer at a time.
    """
    turn = _Turn(write)
    _line.append(turn)
    with _THREADS:
        if not turn.done:
            _write_all()
    if turn.error is not None:
        raise turn.error
    if not turn.done:
        raise OperationalError("Whoever wrote for all was interrupted.")


def _write_all() -> None:
    with _no_other_process():
        # Only now: whoever lined up while another process wrote comes along.
        turns = [_line.popleft() for _ in range(len(_line))]
        try:
            _commit(turns)
        except Exception:  # noqa: BLE001 - whose fault it was shows when each writes alone
            for turn in turns:
                _write_alone(turn)


def _write_alone(turn: _Turn) -> None:
    try:
        _commit([turn])
    except Exception as error:  # noqa: BLE001 - it is raised to whom it belongs
        turn.error = error


def _commit(turns: list[_Turn]) -> None:
    with transaction.atomic(using=DATABASE, durable=True), connections[DATABASE].cursor() as cursor:
        for turn in turns:
            turn.write(cursor)
    for turn in turns:
        turn.done = True


@contextmanager
def _no_other_process() -> Iterator[None]:
    handle = _lock_file(str(connections[DATABASE].settings_dict["NAME"]))
    if handle is None:
        yield
        return
    _wait_for(handle)
    try:
        yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)


def _lock_file(database: str) -> int | None:
    """A file beside the database; none beside one in memory, which no other process reaches."""
    if not os.path.isabs(database):  # noqa: PTH117 - at every commit: a Path costs twenty times as much
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
