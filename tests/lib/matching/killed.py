"""Run by test_kills.py in a process of its own: does a step again and again, killed at each system call that writes.

A process without threads, since it forks. Prints for each step at how many points it was killed, and how often the old
and how often the new was found afterwards.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from tests.support.hashes import uniform

from lykta.lib.matching import near
from lykta.lib.matching.exact import ExactIndex
from lykta.lib.matching.filing import Layout
from lykta.lib.matching.near import NearIndex

HASHES = uniform(40, seed=1)
CALLS = (
    "open",
    "pwrite",
    "fsync",
    "fdatasync",
    "ftruncate",
    "mkdir",
    "rename",
    "replace",
    "unlink",
    "rmdir",
)
INDEXES: dict[str, Any] = {"near": NearIndex, "exact": ExactIndex}
FIRST, SECOND = slice(0, 20), slice(20, 30)


def batch(which: slice) -> Any:
    return np.arange(40)[which], HASHES[which]


STEPS: dict[str, tuple[Callable[[Any], object], set[int]]] = {
    "add": (lambda index: index.add(*batch(SECOND)), {*range(5, 30), *range(30, 35)}),
    "withdraw": (lambda index: index.withdraw(np.arange(5, 33)), {33, 34}),
    "rebuild": (lambda index: index.rebuild(), {*range(5, 20), *range(30, 35)}),
    "bring in": (lambda index: index.rebuild([batch(SECOND)]), {*range(5, 30), *range(30, 35)}),
    "withdraw and rebuild": (lambda index: (index.withdraw(np.arange(5, 19)), index.rebuild()), {19, *range(30, 35)}),
}
BEFORE = {*range(5, 20), *range(30, 35)}


def prepare(kind: str, folder: Path) -> None:
    """A generation with a journal that adds and withdraws."""
    index = INDEXES[kind].open(folder)
    index.rebuild([batch(FIRST)])
    index.add(*batch(slice(30, 36)))
    index.withdraw(np.array([0, 1, 2, 3, 4, 35]))


def held(kind: str, folder: Path) -> set[int]:
    hits = INDEXES[kind].open(folder).find_many(HASHES)
    assert hits.queries.tolist() == hits.rows.tolist()
    return set(hits.rows.tolist())


def die_at(point: int) -> None:
    """Let so many calls pass, and die at the next; if that one writes, after the half of it."""
    left = [point]

    def wrapped(call: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                if call == "pwrite":
                    real(arguments[0], arguments[1][: len(arguments[1]) // 2], arguments[2])
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **named)

        return run

    for call in CALLS:
        setattr(os, call, wrapped(call, getattr(os, call)))


def in_a_child(work: Callable[[], object]) -> tuple[int, Callable[[], bool]]:
    """Its id, and what waits for it: whether it came to its end."""
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    return child, lambda: os.waitpid(child, 0)[1] == 0


def at_every_point(kind: str, step: str, folder: Path) -> dict[str, int]:
    do, after = STEPS[step]
    counts = {"points": 0, "old": 0, "new": 0}
    while True:
        place = folder / f"{step} {counts['points']}"
        shutil.copytree(folder / "prepared", place)

        def work(place: Path = place) -> None:
            index = INDEXES[kind].open(place)
            die_at(counts["points"])
            do(index)

        _, finished = in_a_child(work)
        if finished():
            assert held(kind, place) == after
            return counts
        found = held(kind, place)
        middle = {*range(5, 20), *range(30, 35)} - set(range(5, 19))
        assert found in (BEFORE, after, middle) if "and" in step else found in (BEFORE, after), (counts, found)
        counts["points"] += 1
        counts["old" if found == BEFORE else "new"] += 1
        # Whoever comes next can go on: the step is done again, and nothing is left lying about.
        do(INDEXES[kind].open(place))
        assert held(kind, place) == after
        INDEXES[kind].open(place).rebuild()
        assert held(kind, place) == after
        assert len([path for path in place.iterdir() if path.is_dir()]) == 1
        shutil.rmtree(place)


def while_creating(kind: str, folder: Path) -> dict[str, int]:
    counts = {"points": 0, "old": 0, "new": 0}
    while True:
        place = folder / f"created {counts['points']}"

        def work(place: Path = place) -> None:
            die_at(counts["points"])
            INDEXES[kind].open(place)

        _, finished = in_a_child(work)
        if finished():
            return counts
        counts["points"] += 1
        counts["new" if (place / "CURRENT").exists() else "old"] += 1
        assert held(kind, place) == set()


def at_random(kind: str, folder: Path) -> dict[str, int]:
    """Rows come one by one and go again, with rebuilds between; what was told to be done is done."""
    chance, counts = random.Random(1), {"points": 0, "old": 0, "new": 0}
    for number in range(12):
        place = folder / f"random {number}"
        INDEXES[kind].open(place)
        reading, writing = os.pipe()

        def work(place: Path = place, writing: int = writing) -> None:
            index = INDEXES[kind].open(place)
            for row in range(40):
                index.add(*batch(slice(row, row + 1)))
                os.write(writing, b".")
                if row % 3 == 2:
                    index.rebuild()

        child, finished = in_a_child(work)
        os.close(writing)
        done = sum(len(os.read(reading, 1)) for _ in range(chance.randrange(25)))
        time.sleep(chance.uniform(0, 0.02))
        os.kill(child, signal.SIGKILL)
        finished()
        done += len(os.read(reading, 1000))
        os.close(reading)
        found = held(kind, place)
        assert found in (set(range(done)), set(range(done + 1))), (done, found)
        counts["points"] += 1
        counts["old" if len(found) == done else "new"] += 1
    return counts


def main(kind: str, folder: Path) -> None:
    # Who is killed loses nothing that the kernel has; waiting for the disk each time would only take long.
    for call in ("fsync", "fdatasync"):
        setattr(os, call, lambda _handle: None)
    near.LAYOUTS = ((1 << 32, Layout(11, 6)),)
    prepare(kind, folder / "prepared")
    assert held(kind, folder / "prepared") == BEFORE
    counts = {step: at_every_point(kind, step, folder) for step in STEPS}
    counts["create"] = while_creating(kind, folder)
    counts["random"] = at_random(kind, folder)
    sys.stdout.write(json.dumps(counts))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
