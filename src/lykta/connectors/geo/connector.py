"""Reads a local file of address ranges; asks nobody.

A CSV file in UTF-8. It begins with three comment lines, since a place without a source and a date is no evidence:

    # source: name of who made the data
    # dated: 2026-06-25
    # licence: CC BY 4.0
    first,last,country,asn,holder,cdn
    192.0.2.0,192.0.2.255,SE,64500,Host One,0

Ranges may not overlap; `country` may be empty, `asn` too; `cdn` is 1 where others' content is passed on.
"""

import csv
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import pairwise
from pathlib import Path
from typing import TextIO

from lykta.connectors.contract import Place

HEADER = ["first", "last", "country", "asn", "holder", "cdn"]
FACTS = ("source", "dated", "licence")


class BadRanges(ValueError):
    """The file cannot be used; the message names the line."""


@dataclass(frozen=True, slots=True)
class _Range:
    first: int
    last: int
    place: Place


class RangesFile:
    """A `Geography`. The whole file is read once. Raises BadRanges or OSError."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as file:
            self.facts, ranges = _read(file, path.name)
        self._ranges = {version: _sorted(found, path.name) for version, found in ranges.items()}
        self._firsts = {version: [entry.first for entry in found] for version, found in self._ranges.items()}

    def look_up(self, address: str) -> Place | None:
        """Where the file puts an address; None where no range covers it, or where it is no address."""
        try:
            parsed = ip_address(address)
        except ValueError:
            return None
        number = int(parsed)
        index = bisect_right(self._firsts[parsed.version], number) - 1
        if index < 0:
            return None
        found = self._ranges[parsed.version][index]
        return found.place if number <= found.last else None


def _read(file: TextIO, name: str) -> tuple[dict[str, str], dict[int, list[_Range]]]:
    facts: dict[str, str] = {}
    lines = enumerate(file, 1)
    number, line = next(lines, (1, ""))
    while line.startswith("#"):
        key, _, value = line[1:].partition(":")
        facts[key.strip().lower()] = value.strip()
        number, line = next(lines, (number + 1, ""))
    missing = [fact for fact in FACTS if not facts.get(fact)]
    if missing:
        raise BadRanges(f"{name}: the comment lines do not say: {', '.join(missing)}")
    try:
        dated = date.fromisoformat(facts["dated"])
    except ValueError as error:
        raise BadRanges(f"{name}: the date has to be written like 2026-06-25, not {facts['dated']}") from error
    if line.strip().split(",") != HEADER:
        raise BadRanges(f"{name}, line {number}: the header has to be {','.join(HEADER)}")
    ranges: dict[int, list[_Range]] = {4: [], 6: []}
    for row_number, row in _rows(lines):
        try:
            version, entry = _range(row, source=facts["source"], dated=dated)
        except ValueError as error:
            raise BadRanges(f"{name}, line {row_number}: {error}") from error
        ranges[version].append(entry)
    return facts, ranges


def _rows(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """Each line is one row: a field with a line break in it would hide the number of the line that is wrong."""
    for number, line in lines:
        if line.strip():
            yield number, next(csv.reader([line]))


def _range(row: list[str], *, source: str, dated: date) -> tuple[int, _Range]:
    if len(row) != len(HEADER):
        raise ValueError(f"{len(row)} fields instead of {len(HEADER)}")
    first, last = _address(row[0]), _address(row[1])
    country, asn, holder, cdn = row[2:]
    if first.version != last.version or int(first) > int(last):
        raise ValueError(f"{row[0]} to {row[1]} is not a range")
    if not re.fullmatch("(?:[A-Z]{2})?", country):
        raise ValueError(f"the country has to be two capital letters, not {country!r}")
    if not re.fullmatch("[0-9]{0,10}", asn):
        raise ValueError(f"the AS number has to be digits, not {asn!r}")
    if cdn not in {"0", "1"}:
        raise ValueError(f"cdn has to be 0 or 1, not {cdn!r}")
    place = Place(
        country=country, asn=int(asn) if asn else None, holder=holder, cdn=cdn == "1", source=source, dated=dated
    )
    return first.version, _Range(int(first), int(last), place)


def _address(text: str) -> IPv4Address | IPv6Address:
    try:
        return ip_address(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not an IP address") from error


def _sorted(ranges: list[_Range], name: str) -> list[_Range]:
    ranges = sorted(ranges, key=lambda entry: entry.first)
    for before, after in pairwise(ranges):
        if after.first <= before.last:
            raise BadRanges(f"{name}: the range that begins at {ip_address(after.first)} overlaps the one before")
    return ranges
