"""A long list for the practice world: written as a partner would send it, imported as staff would, and traced."""

import csv
import time
from dataclasses import dataclass
from pathlib import Path

from tests.support.installation import Installation

PLACES = (
    *["pictures.example:{port}/gallery"] * 60,
    *["album.example:{port}/summer"] * 15,
    *["redirects.example:{port}/three"] * 10,
    *["mirrors.example:{port}/set"] * 5,
    *["answers.example:{port}/gone"] * 5,
    *["nowhere.example/gallery"] * 4,
    "odd.example:{port}/silent",
)
"""A hundred places: most answer at once, some are behind a delivery network or gone, one never answers."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How long a list took, in seconds: to be imported, until all items are known, until all are traced."""

    items: int
    imported: float
    opened: float
    traced: float


def write_list(path: Path, *, items: int, port: int) -> None:
    """A table of that many different addresses, with the same note for a thousand at a time."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Link", "Comment"])
        for number in range(items):
            place = PLACES[number % len(PLACES)].format(port=port)
            writer.writerow([f"http://{place}?number={number}", f"part {number // 1000}"])


def take_through(running: Installation, *, items: int, patience: float) -> Taken:
    """Import a list of so many items and wait until each has been traced once; `patience` in seconds."""
    path = running.home / "list.csv"
    write_list(path, items=items, port=running.port("practice_web"))
    start = time.monotonic()
    running.run("import", str(path), "--map", "url=Link,notes=Comment")
    imported = time.monotonic() - start
    opened = _until(running, "SELECT count(*) FROM cases_item", items, patience) - start
    traced = _until(running, "SELECT count(*) FROM tracing_trace", items, patience) - start
    return Taken(items, imported, opened, traced)


def _until(running: Installation, query: str, count: int, patience: float) -> float:
    """When the database has counted so many."""
    end = time.monotonic() + patience
    while (found := running.sql("casebook", query)[0][0]) < count:
        assert time.monotonic() < end, f"{found} of {count} after {patience} s:\n{running.log()[-2000:]}"
        time.sleep(0.2)
    return time.monotonic()
