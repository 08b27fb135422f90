"""One small file for each day that stands for all entries since the one before: what others can stamp and check.

The seals of the chain are made with a secret key, so only the hotline can verify them. A day's file needs no key: it
holds the root of a hash tree over the day's entries (`lykta.lib.merkle`) and the digest of the file before it. A time
stamp on it (RFC 3161) says when it existed at the latest; a proof shows one entry of it without the others. The seal
of an entry is part of its leaf, so that nobody can guess the other entries from their hashes.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db import transaction

from lykta.lib import merkle
from lykta.records.audit.models import Entry, Head

SCHEME = "lykta-day-1"


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry is one of a day's: `line` is its leaf as text, `steps` lead to the root in the file `day`."""

    line: str
    day: str
    steps: tuple[tuple[str, str], ...]


def note_day(folder: Path, *, today: date) -> Path | None:
    """Write the file of today, unless it is there or nothing was entered since the last one."""
    path = folder / f"{today}.json"
    days = files(folder)
    if path in days:
        return None
    first = _read(days[-1])["last"] + 1 if days else 1
    with transaction.atomic():
        head = Head.objects.filter(pk=1).first()
        leaves = _leaves(first, head.last_number) if head else []
    if not head or not leaves:
        return None
    content = {
        "scheme": SCHEME,
        "first": first,
        "last": head.last_number,
        "root": merkle.root(leaves).hex(),
        "seal": head.last_seal,
        "before": _digest(days[-1]) if days else "",
    }
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(content, separators=(",", ":")) + "\n")
    part.rename(path)
    return path


def files(folder: Path) -> list[Path]:
    """The files of the days, oldest first."""
    return sorted(folder.glob("????-??-??.json"))


def stamp_of(day: Path) -> Path:
    """Where the time stamp of a day's file lies, once there is one."""
    return day.with_suffix(".tsr")


def unstamped(folder: Path) -> list[Path]:
    """Files of days that nobody has stamped yet, oldest first."""
    return [path for path in files(folder) if not stamp_of(path).exists()]


def fault_of(folder: Path) -> str:
    """What does not hold about the files of the days, or nothing: their order, and their roots over the record."""
    days = files(folder)
    for before, path in pairwise(days):
        if _read(path)["before"] != _digest(before):
            return f"{path.name} does not follow {before.name}"
    for path in days:
        found = _read(path)
        leaves = _leaves(found["first"], found["last"])
        if len(leaves) != found["last"] - found["first"] + 1 or merkle.root(leaves).hex() != found["root"]:
            return f"the record is not the one that {path.name} stands for"
    return ""


def proofs(folder: Path, numbers: list[int]) -> Iterator[Proof]:
    """A proof for each of these entries that a day's file covers already, in order."""
    waiting = sorted(numbers)
    for path in files(folder):
        found = _read(path)
        wanted = [number for number in waiting if found["first"] <= number <= found["last"]]
        if not wanted:
            continue
        rows = _rows(found["first"], found["last"])
        leaves = [merkle.leaf_hash(line.encode()) for line in rows]
        for number in wanted:
            index = number - found["first"]
            steps = tuple((side, other.hex()) for side, other in merkle.proof(leaves, index))
            yield Proof(rows[index], path.name, steps)


def line_of(entry: Entry) -> str:
    """An entry as the text that is hashed: canonical JSON of its fields in order, its seal last."""
    fields = [entry.number, entry.at, entry.by, entry.word, entry.subject, entry.facts, entry.seal]
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def _leaves(first: int, last: int) -> list[bytes]:
    return [merkle.leaf_hash(line.encode()) for line in _rows(first, last)]


def _rows(first: int, last: int) -> list[str]:
    rows = Entry.objects.filter(number__gte=first, number__lte=last).order_by("number")
    return [line_of(row) for row in rows.iterator(chunk_size=2000)]


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
