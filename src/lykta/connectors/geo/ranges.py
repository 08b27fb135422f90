"""Address ranges in one compact file for each source, mapped into memory: it opens in a millisecond, however large.

A line that names the form and the byte order of the machine, a line of JSON, then arrays: for IPv4 and IPv6 the first
address of each range in rising order, the last one, and the number of its facts; then where each of the facts begins,
and the facts themselves, one JSON list after the other. The same facts are written once.
"""

import json
import mmap
import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from lykta.connectors.contract import Place, PlaceKind

FORM = f"lykta-places-1 {sys.byteorder}\n".encode()
_WIDTH = {4: 4, 6: 16}
"""Bytes of an address."""


class BadRanges(ValueError):
    """The file cannot be used; the message says why, and names the line where there is one."""


class Fact(NamedTuple):
    """What a file says of a range, as in `contract.Place`."""

    country: str = ""
    asn: int | None = None
    holder: str = ""
    cdn: bool = False
    anycast: bool = False


class Entry(NamedTuple):
    """A range of IPv4 or IPv6 addresses, both ends included."""

    version: int
    first: int
    last: int
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whose data it is, of what day, under what licence, and of what kind."""

    source: str
    dated: date
    licence: str
    kind: PlaceKind


def compact(about: About, entries: Iterable[Entry]) -> bytes:
    """The file's content. Raises BadRanges where two ranges that say different things overlap."""
    numbers: dict[Fact, int] = {}
    by_version: dict[int, list[tuple[int, int, int]]] = {4: [], 6: []}
    for entry in entries:
        fact = numbers.setdefault(entry.fact, len(numbers))
        by_version[entry.version].append((entry.first, entry.last, fact))
    tables = {version: _joined(found, version) for version, found in by_version.items()}
    written = [json.dumps(fact, ensure_ascii=False, separators=(",", ":")).encode() for fact in numbers]
    ends = array("Q", [0])
    for one in written:
        ends.append(ends[-1] + len(one))
    head = {
        **asdict(about),
        "dated": about.dated.isoformat(),
        "v4": len(tables[4]),
        "v6": len(tables[6]),
        "facts": len(written),
    }
    parts = [FORM, json.dumps(head, ensure_ascii=False).encode() + b"\n"]
    for version, table in tables.items():
        width = _WIDTH[version]
        parts += [b"".join(row[end].to_bytes(width) for row in table) for end in (0, 1)]
        parts.append(array("I", [row[2] for row in table]).tobytes())
    return b"".join([*parts, ends.tobytes(), *written])


def _joined(rows: list[tuple[int, int, int]], version: int) -> list[tuple[int, int, int]]:
    """Sorted, with neighbours that say the same made one."""
    rows.sort()
    joined: list[tuple[int, int, int]] = []
    for first, last, fact in rows:
        if joined and first <= joined[-1][1] + 1 and joined[-1][2] == fact:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last), fact)
            continue
        if joined and first <= joined[-1][1]:
            shown = ip_address(first.to_bytes(_WIDTH[version]))
            raise BadRanges(f"the range that begins at {shown} overlaps the one before, and says something else")
        joined.append((first, last, fact))
    return joined


class Ranges:
    """The ranges of one source. Raises BadRanges for what is no such file."""

    def __init__(self, content: bytes | mmap.mmap, name: str) -> None:
        view = memoryview(content)
        try:
            head_from = len(FORM)
            if bytes(view[:head_from]) != FORM:
                raise BadRanges(f"{name} is not of this form, or of another machine: import it again")
            head_to = content.find(b"\n", head_from) + 1
            head = json.loads(bytes(view[head_from:head_to]))
            self.about = About(
                **{one.name: head[one.name] for one in fields(About)}
                | {"dated": date.fromisoformat(head["dated"]), "kind": PlaceKind(head["kind"])}
            )
            self.count = head["v4"] + head["v6"]
            tail = view[head_to:]
            self._tables: dict[int, _Table] = {}
            for version, count in ((4, head["v4"]), (6, head["v6"])):
                size = count * (2 * _WIDTH[version] + 4)
                self._tables[version] = _Table(tail[:size], _WIDTH[version], count)
                tail = tail[size:]
            ends = 8 * (head["facts"] + 1)
            self._ends, self._facts = tail[:ends].cast("Q"), tail[ends:]
            if len(self._facts) != self._ends[-1]:
                raise BadRanges(f"{name} is cut short: import it again")
        except (LookupError, TypeError, ValueError) as error:
            if isinstance(error, BadRanges):
                raise
            raise BadRanges(f"{name} is damaged: import it again") from error

    @classmethod
    def open(cls, path: Path) -> "Ranges":
        """Raises OSError or BadRanges."""
        with path.open("rb") as file:
            if path.stat().st_size <= len(FORM):
                raise BadRanges(f"{path.name} is cut short: import it again")
            return cls(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), path.name)

    def find(self, address: str) -> Place | None:
        """What the source says of an address; None where no range covers it, or where it is no address."""
        try:
            parsed = ip_address(address)
        except ValueError:
            return None
        number = self._tables[parsed.version].find(parsed.packed)
        if number is None:
            return None
        fact = Fact(*json.loads(bytes(self._facts[self._ends[number] : self._ends[number + 1]])))
        return Place(**fact._asdict(), **asdict(self.about))


class _Table:
    """The ranges of one version of IP; addresses are compared as the bytes that they are."""

    def __init__(self, content: memoryview, width: int, count: int) -> None:
        ends = width * count
        self._firsts = _Addresses(content[:ends], width)
        self._lasts = _Addresses(content[ends : 2 * ends], width)
        self._numbers = content[2 * ends :].cast("I")

    def find(self, packed: bytes) -> int | None:
        """The number of the facts of the range that holds an address."""
        index = bisect_right(self._firsts, packed) - 1
        return self._numbers[index] if index >= 0 and packed <= self._lasts[index] else None


class _Addresses(Sequence[bytes]):
    def __init__(self, content: memoryview, width: int) -> None:
        self._content = content
        self._width = width

    def __len__(self) -> int:
        return len(self._content) // self._width

    def __getitem__(self, index: int) -> bytes:  # type: ignore[override] # no slices are needed
        return bytes(self._content[index * self._width : (index + 1) * self._width])
