"""The name `base` and the class's name are Django's: an ENGINE is the package around them.

SQLite lets one writer in at a time, and has the others look again after pauses that grow to a tenth of a second: with
many threads the database lies idle while all of them sleep. Within a process a lock wakes the next one at once.
Between processes SQLite's own waiting remains.
"""

import threading
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.backends.sqlite3 import base

_TURNS: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


def turn_of(settings: Mapping[str, Any]) -> threading.Lock:
    """What the writers of a database file take in turn; `settings` as Django has them."""
    return _TURNS[str(settings["NAME"])]


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection, which belongs to one thread."""

    _turn: "threading.Lock | None" = None

    def set_autocommit(self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's
        if force_begin_transaction_with_broken_autocommit and not autocommit:
            turn = turn_of(self.settings_dict)
            # Whoever does not get its turn in this time asks SQLite, which says whether the database is locked.
            if turn.acquire(timeout=self.settings_dict["OPTIONS"]["timeout"]):
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
            turn.release()
