"""Reads the forms in which address ranges are handed around: our own table, three shapes of CSV, and MMDB.

Our own table begins with comment lines, since a place without a source and a date is no evidence:

    # source: name of who made the data
    # dated: 2026-06-25
    # licence: CC BY 4.0
    first,last,country,asn,holder,cdn
    192.0.2.0,192.0.2.255,SE,64500,Host One,0

`cdn` is 1 where others' content is passed on. A seventh column, `anycast`, may follow: 1 for an address that is in many
places at once.

The other forms are rows without a header: `first,last,CC` (ip-location-db, DB-IP, Tor's geoip files, which write IPv4
addresses as numbers), `first,last,asn,holder`, and a list of networks, `192.0.2.0/24` or `192.0.2.0/24,name`. They may
have comment lines too; those of Tor's files say who made them, and when.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from email.utils import parsedate_to_datetime
from ipaddress import ip_address, ip_network
from itertools import chain
from pathlib import Path

from lykta.connectors.contract import PlaceKind
from lykta.connectors.geo.ranges import BadRanges, Entry, Fact

HEADER = "first,last,country,asn,holder,cdn"
_MMDB_MARK = b"\xab\xcd\xefMaxMind.com"
_MMDB_TAIL = 128 * 1024
"""The mark stands at most so many bytes before the end (MaxMind DB file format 2.0)."""
COUNTRY = re.compile("[A-Z]{2}")
NO_COUNTRY = frozenset({"", "??", "ZZ", "XX", "EU", "AP", "A1", "A2", "O1", "T1", "XD"})
"""What files write for an address that is in no country, or in none that they know."""
_TOR = {"vendor": "source", "license": "licence", "generated": "dated"}
"""What Tor's files call the three facts."""


Reader = Callable[[list[str]], Entry | None]


@dataclass(slots=True)
class Read:
    """What is in one file: `facts` are those of its comment lines, by our names; `kind` None where it does not show."""

    entries: Iterator[Entry]
    kind: PlaceKind | None
    facts: dict[str, str] = field(default_factory=dict)


def read(path: Path, kind: PlaceKind | None) -> Read:
    """What a file says, `kind` being what it is known to be. Raises BadRanges or OSError, also while it is read."""
    if not _is_mmdb(path):
        return _text(path, kind)
    from lykta.connectors.geo.mmdb import networks  # noqa: PLC0415 - the worker never needs it

    facts, guessed, entries = networks(path)
    return Read(entries, kind or guessed, facts)


def day(written: str) -> date:
    """A day as `2026-06-25`, or as in a mail's header. Raises BadRanges."""
    for parse in (date.fromisoformat, lambda text: parsedate_to_datetime(text).date()):
        try:
            return parse(written)
        except ValueError:
            continue
    raise BadRanges(f"the date has to be written like 2026-06-25, not {written}")


def _is_mmdb(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _MMDB_TAIL))
        return _MMDB_MARK in file.read()


def _text(path: Path, kind: PlaceKind | None) -> Read:
    lines = _lines(path)
    facts, number, line = _comments(lines)
    if line.strip() in {HEADER, f"{HEADER},anycast"}:
        return Read(_rows(path.name, lines, _own(line.count(",") + 1)), PlaceKind.RANGES, facts)
    columns = len(next(csv.reader([line]), []))
    kind = kind or {3: PlaceKind.COUNTRY, 4: PlaceKind.ASN}.get(columns)
    if not line or kind is PlaceKind.RANGES or (kind is None and columns > 2):
        raise BadRanges(f"{path.name}, line {number}: the header has to be {HEADER}")
    if kind is None:
        raise BadRanges(f"{path.name} is a list of networks: say with --kind what they are, anycast or cdn")
    reader = {PlaceKind.COUNTRY: _country, PlaceKind.ASN: _number}.get(kind) or _network(kind)
    return Read(_rows(path.name, chain([(number, line)], lines), reader), kind, facts)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Each line is one row: a field with a line break in it would hide the number of the line that is wrong."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield from enumerate(file, 1)
    except UnicodeDecodeError as error:
        raise BadRanges(f"{path.name} is not text in UTF-8, and no MMDB file") from error


def _comments(lines: Iterator[tuple[int, str]]) -> tuple[dict[str, str], int, str]:
    """The facts of the comment lines, and the first line that is none."""
    facts: dict[str, str] = {}
    number, line = next(lines, (1, ""))
    while line.startswith("#"):
        key, _, value = line[1:].partition(":")
        name = key.strip().lower()
        if value.strip():
            facts.setdefault(_TOR.get(name, name), value.strip())
        number, line = next(lines, (number + 1, ""))
    return facts, number, line


def _rows(name: str, lines: Iterable[tuple[int, str]], reader: Reader) -> Iterator[Entry]:
    for number, line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        try:
            entry = reader(next(csv.reader([line])) if '"' in line else line.strip().split(","))
        except ValueError as error:
            raise BadRanges(f"{name}, line {number}: {error}") from error
        if entry is not None:
            yield entry


def _own(columns: int) -> Reader:
    def read_one(row: list[str]) -> Entry:
        if len(row) != columns:
            raise ValueError(f"{len(row)} fields instead of {columns}")
        country, asn, holder, *flags = row[2:]
        if not re.fullmatch("(?:[A-Z]{2})?", country):
            raise ValueError(f"the country has to be two capital letters, not {country!r}")
        for name, flag in zip(("cdn", "anycast"), flags, strict=False):
            if flag not in {"0", "1"}:
                raise ValueError(f"{name} has to be 0 or 1, not {flag!r}")
        cdn, anycast = (flag == "1" for flag in (*flags, "0")[:2])
        number = _as_number(asn) if asn else None
        return _entry(row[0], row[1], Fact(country=country, asn=number, holder=holder, cdn=cdn, anycast=anycast))

    return read_one


def _country(row: list[str]) -> Entry | None:
    if len(row) < 3:
        raise ValueError(f"{len(row)} fields instead of 3")
    country = row[2].strip().upper()
    if country in NO_COUNTRY:
        return None
    if not COUNTRY.fullmatch(country):
        raise ValueError(f"the country has to be two letters, not {row[2]!r}")
    return _entry(row[0], row[1], Fact(country=country))


def _number(row: list[str]) -> Entry | None:
    if len(row) < 3:
        raise ValueError(f"{len(row)} fields instead of 4")
    number = _as_number(row[2].upper().removeprefix("AS"))
    if number == 0:
        return None  # announced by nobody
    return _entry(row[0], row[1], Fact(asn=number, holder=row[3].strip() if len(row) > 3 else ""))


def _network(kind: PlaceKind) -> Reader:
    """A reader of lists of networks; a name beside a network is whose it is."""

    def read_one(row: list[str]) -> Entry:
        block = ip_network(row[0].strip(), strict=False)
        holder = row[1].strip() if len(row) > 1 else ""
        fact = Fact(holder=holder, cdn=kind is PlaceKind.CDN, anycast=kind is PlaceKind.ANYCAST)
        return Entry(block.version, int(block[0]), int(block[-1]), fact)

    return read_one


def _entry(first: str, last: str, fact: Fact) -> Entry:
    begin, end = _address(first), _address(last)
    if begin[0] != end[0] or begin[1] > end[1]:
        raise ValueError(f"{first} to {last} is not a range")
    return Entry(begin[0], begin[1], end[1], fact)


def _address(text: str) -> tuple[int, int]:
    """The version and the number of an address; a number up to 32 bits is IPv4."""
    try:
        if text.isascii() and text.isdigit() and int(text) < 2**32:
            return 4, int(text)
        parsed = ip_address(int(text) if text.isascii() and text.isdigit() else text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not an IP address") from error
    return parsed.version, int(parsed)


def _as_number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,10}", text):
        raise ValueError(f"the AS number has to be digits, not {text!r}")
    return int(text)
