"""Run by test_kills_of_the_index.py in a process of its own: an index that follows a list is killed at each step.

At system calls that write, as in `tests.lib.matching.killed`, which tries all of those of one index; here are four
and a mark, so that only some of the many like calls are chosen. Prints how often it was killed.
"""

import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from tests.lib.matching.killed import die_at, in_a_child  # noqa: E402
from tests.support.hashes import uniform  # noqa: E402
from tests.support.lists import a_list, a_version, numbers  # noqa: E402

from lykta.workflow import indexes  # noqa: E402
from lykta.workflow.indexes import Indexes  # noqa: E402

HASHES = [row.tobytes() for row in uniform(30, seed=8)]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
FEW, MANY = 1_000_000, 1
"""How many rows are many: all are added to the tail, or all make a new generation."""


def main(folder: Path) -> None:
    call_command("migrate", "matching", verbosity=0)
    police = a_list("police", at=NOW)
    a_version(police, [_row(place) for place in range(10)], at=NOW)
    _follow(folder / "first", FEW)
    a_version(police, [_row(place) for place in range(10, 20)], at=NOW, withdraw=numbers(police)[:3])
    counts = {
        "a new index": _kill(folder, lambda place: _follow(place, MANY), start=None, stride=41),
        "added": _kill(folder, lambda place: _follow(place, FEW), start="first", stride=7),
        "rebuilt": _kill(folder, lambda place: _follow(place, MANY), start="first", stride=29),
    }
    sys.stdout.write(str(counts))


def _kill(folder: Path, work: Callable[[Path], None], *, start: str | None, stride: int) -> int:
    """Do it again and again, killed some calls later each time, until it comes to its end; each time all is found."""
    kills = 0
    while True:
        place = folder / "place"
        if start:
            shutil.copytree(folder / start, place)

        def die(place: Path = place, point: int = kills * stride) -> None:
            die_at(point)
            work(place)

        _, finished = in_a_child(die)
        done = finished()
        index = Indexes(place)
        assert index.follow()
        found = [one.medium for one in index.look_up([_row(number) for number in range(30)])]
        assert found == [*range(3, 20)], (kills * stride, found)
        shutil.rmtree(place)
        if done:
            return kills
        kills += 1


def _follow(folder: Path, many: int) -> None:
    indexes.MANY = many
    assert Indexes(folder).follow()


def _row(place: int) -> dict[str, str]:
    one = HASHES[place]
    return {"sha256": one.hex(), "sha1": one[:20].hex(), "md5": one[:16].hex(), "pdq": one.hex()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
