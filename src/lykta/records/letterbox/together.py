"""On SQLite: several who wait for the disk at the same moment are written with one commit.

What must be on disk before the next page is shown is written `together`. A transaction begins in its turn
(`config/sqlite`); while one thread waits for its turn and for the disk, others line up, and the first of them writes
for all. A commit then costs the disk once for several reporters.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from django.db import OperationalError, connections, transaction
from django.db.backends.utils import CursorWrapper

from lykta.records.letterbox.models import DATABASE

Write = Callable[[CursorWrapper], None]
"""Statements of one transaction. They may run twice: where one in a group fails, all are begun anew, each alone."""

_FOR_ALL = Lock()


@dataclass(slots=True, eq=False)
class _Waiting:
    """Somebody who waits for their words to be on disk; `error` says why they are not."""

    write: Write
    done: bool = False
    error: Exception | None = None


_line: deque[_Waiting] = deque()


def together(write: Write) -> None:
    """Write as one durable transaction, shared with others who wait at this moment. Raises what `write` raises.

    For a database that takes one writer at a time.
    """
    mine = _Waiting(write)
    _line.append(mine)
    with _FOR_ALL:
        if not mine.done:
            _write_all()
    if mine.error is not None:
        raise mine.error
    if not mine.done:
        raise OperationalError("Whoever wrote for all was interrupted.")


def _write_all() -> None:
    found: list[_Waiting] = []
    try:
        with _durable() as cursor:
            # Only now: whoever lined up while another process wrote comes along.
            found = _lined_up()
            for one in found:
                one.write(cursor)
    except Exception:  # noqa: BLE001 - whose fault it was shows when each writes alone
        for one in found or _lined_up():
            _write_alone(one)
    else:
        for one in found:
            one.done = True


def _write_alone(one: _Waiting) -> None:
    try:
        with _durable() as cursor:
            one.write(cursor)
    except Exception as error:  # noqa: BLE001 - it is raised to whom it belongs
        one.error = error
    else:
        one.done = True


def _lined_up() -> list[_Waiting]:
    return [_line.popleft() for _ in range(len(_line))]


@contextmanager
def _durable() -> Iterator[CursorWrapper]:
    with transaction.atomic(using=DATABASE, durable=True), connections[DATABASE].cursor() as cursor:
        yield cursor
