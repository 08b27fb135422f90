"""Who stands in front of a host: delivery networks and reverse proxies, known by address, by alias or by header.

The table is `fronts.toml` beside this file, read once. Data files that a hotline imports may know more ranges.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any

_WAYS = (
    "Write to the abuse desk of {name}, say that you are a hotline, and ask for the address of the origin.",
    "Ask the police to ask {name}: it may have to keep and to tell who its customer is.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One address as data files know it: `passes_on` is the name of the front that a file says it belongs to, or ""."""

    address: str
    asn: int | None = None
    passes_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What stands in front: `how` it is known is "range", "name" or "header"; `ways` to ask for the origin."""

    name: str
    how: str
    because: str
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    name: str
    numbers: frozenset[int]
    names: tuple[str, ...]
    headers: Mapping[str, str]
    ranges: tuple[IPv4Network | IPv6Network, ...]
    ranges_from: str
    ways: tuple[str, ...]


def in_front(*, seen: Iterable[Seen], names: Iterable[str], headers: Mapping[str, str]) -> Front | None:
    """What stands in front of the host, by the strongest sign; None where nothing shows.

    `names` are the host's own name and those that it is an alias of; `headers` those of the answer, names in small
    letters. An address cannot be forged; a header can.
    """
    found = [*_by_address(seen), *_by_name(names), *_by_header(headers)]
    return found[0] if found else None


def is_front(host: str) -> bool:
    """Whether a host's own name says that it stands in front of others."""
    return any(True for _ in _by_name([host]))


def _by_address(seen: Iterable[Seen]) -> Iterator[Front]:
    for one in seen:
        address = ip_address(one.address)
        for known in _known():
            if any(address.version == block.version and address in block for block in known.ranges):
                yield _front(known.name, "range", f"{one.address} is in a range that {known.ranges_from} lists.")
            if one.asn in known.numbers:
                yield _front(known.name, "range", f"{one.address} belongs to AS{one.asn}, which is {known.name}.")
        if one.passes_on:
            yield _front(one.passes_on, "range", f"{one.address} is in a range of {one.passes_on}.")


def _by_name(names: Iterable[str]) -> Iterator[Front]:
    for name in names:
        for known in _known():
            if any(f".{name}".endswith(f".{end}") for end in known.names):
                yield _front(known.name, "name", f"The name leads to {name}, which is {known.name}'s.")


def _by_header(headers: Mapping[str, str]) -> Iterator[Front]:
    for known in _known():
        for header, part in known.headers.items():
            if header in headers and part in headers[header].lower():
                yield _front(known.name, "header", f"The answer has the header “{header}” as {known.name} writes it.")


def _front(name: str, how: str, because: str) -> Front:
    own = next((known.ways for known in _known() if known.name == name), ())
    return Front(name=name, how=how, because=because, ways=(*own, *(way.format(name=name) for way in _WAYS)))


@cache
def _known() -> tuple[_Known, ...]:
    table = tomllib.loads((Path(__file__).parent / "fronts.toml").read_text(encoding="utf-8"))
    return tuple(_read(entry) for entry in table["front"])


def _read(entry: Mapping[str, Any]) -> _Known:
    return _Known(
        name=entry["name"],
        numbers=frozenset(entry.get("numbers", ())),
        names=tuple(entry.get("names", ())),
        headers=entry.get("headers", {}),
        ranges=tuple(ip_network(block) for block in entry.get("ranges", ())),
        ranges_from=entry.get("ranges_from", ""),
        ways=tuple(entry.get("ways", ())),
    )
