"""Run by test_kills.py in a process of its own, in which Django is set up: an import is killed in each phase, again and again, and goes on.

Each child reads on where the last one died, and dies one batch later: before the batch is stored, when it is stored
and not committed, when it is committed; and at the end, before and after the index and the withdrawals. Prints how
often it was killed.
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections

from lykta.core.vocabulary import ImportState, ListTrust
from lykta.lib.hashlists import tables
from lykta.records.matching import importing, store
from lykta.records.matching.actions import set_list
from lykta.records.matching.importing import _Reading, import_file
from lykta.records.matching.models import HashList, Known, ListVersion

HELD = range(1, 40)
ROWS = range(20, 200)


def main(folder: Path) -> None:
    call_command("migrate", "matching", verbosity=0)
    call_command("migrate", "audit", verbosity=0)

    tables.PART, importing.SMALL = 1000, 0
    police = set_list(by="test", slug="police", name="Police", trust=ListTrust.POLICE)
    read(write(folder / "first.csv", HELD))
    path = write(folder / "second.csv", ROWS)
    kills = 0
    for owner, name in (
        (store, "append"),
        (_Reading, "take"),
        (store, "index"),
        (store, "withdraw"),
        (_Reading, "_close"),
    ):
        for before in (True, False):
            kills += killed(partial(die, owner, name, path, before=before))
    version = read(path)
    assert (version.state, version.number) == (ImportState.READY, 2), version
    found = Known.objects.filter(list=police, withdrawn_in=None)
    assert sorted(int.from_bytes(bytes(row.md5 or b"")) for row in found) == list(ROWS), found.count()
    assert Known.objects.count() == len(HELD) + len(ROWS) - len(set(HELD) & set(ROWS))
    assert (version.rows_read, version.refused.count()) == (len(ROWS) + 1, 1), version.rows_read
    sys.stdout.write(str(kills))


def write(path: Path, numbers: range) -> Path:
    path.write_text("md5\nbroken\n" + "".join(f"{number:032x}\n" for number in numbers))
    return path


def read(path: Path) -> ListVersion:
    return import_file(by="test", found=HashList.objects.get(), path=path, mapping={}, replaces=True)


def die(owner: Any, name: str, path: Path, *, before: bool) -> None:
    """Read, and be killed before or after this is done for the second time."""
    done = getattr(owner, name)
    calls = []

    def deadly(*given: Any, **named: Any) -> Any:
        calls.append(name)
        last = len(calls) == (2 if name in {"append", "take"} else 1)
        if last and before:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = done(*given, **named)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(owner, name, deadly)
    read(path)


def killed(work: Callable[[], None]) -> bool:
    """Whether a child that does this was killed. No connection to the database is shared with it."""
    connections.close_all()
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
