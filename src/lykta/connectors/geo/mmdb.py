"""Reads MMDB files (MaxMind DB file format 2.0), as MaxMind and ip-location-db write them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import maxminddb

from lykta.connectors.contract import PlaceKind
from lykta.connectors.geo.formats import COUNTRY, NO_COUNTRY
from lykta.connectors.geo.ranges import BadRanges, Entry, Fact


def networks(path: Path) -> tuple[dict[str, str], PlaceKind, Iterator[Entry]]:
    """What the file says of itself, what kind it seems to be, and its ranges. Raises BadRanges, also while read."""
    try:
        reader = maxminddb.open_database(path, maxminddb.MODE_MEMORY)
    except maxminddb.InvalidDatabaseError as error:
        raise BadRanges(f"{path.name} is a damaged MMDB file") from error
    about = reader.metadata()
    kind = PlaceKind.ASN if "asn" in about.database_type.lower() else PlaceKind.COUNTRY
    built = datetime.fromtimestamp(about.build_epoch, UTC).date().isoformat()
    return {"source": about.database_type, "dated": built}, kind, _entries(path.name, reader)


def _entries(name: str, reader: maxminddb.Reader) -> Iterator[Entry]:
    try:
        for block, record in reader:
            fact = _fact(record) if isinstance(record, dict) else Fact()
            if fact != Fact():
                yield Entry(block.version, int(block[0]), int(block[-1]), fact)
    except maxminddb.InvalidDatabaseError as error:
        raise BadRanges(f"{name} is a damaged MMDB file") from error


def _fact(record: dict[str, Any]) -> Fact:
    """MaxMind's own names of fields, and those of ip-location-db."""
    country = record.get("country_code") or _inner(record, "country", "iso_code")
    known = isinstance(country, str) and country not in NO_COUNTRY and COUNTRY.fullmatch(country)
    number = record.get("autonomous_system_number")
    holder = record.get("autonomous_system_organization")
    return Fact(
        country=str(country) if known else "",
        asn=number if isinstance(number, int) else None,
        holder=holder if isinstance(holder, str) else "",
        anycast=_inner(record, "traits", "is_anycast") is True,
    )


def _inner(record: dict[str, Any], outer: str, inner: str) -> object:
    found = record.get(outer)
    return found.get(inner) if isinstance(found, dict) else None
