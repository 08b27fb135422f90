"""Which registry answers for an address, a domain or an AS number: the IANA bootstrap registries (RFC 9224).

IANA's files lie in one object, each under its kind, with the day on which they were fetched. A copy comes with Lykta
(`bootstrap.json`, as old as it says), for a hotline that has not fetched its own yet.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Self

Networks = tuple[tuple[IPv4Network | IPv6Network, str], ...]
Numbers = tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Base addresses of registries, each with a slash at the end: by network, by domain, by range of AS numbers."""

    networks: Networks
    domains: Mapping[str, str]
    numbers: Numbers = ()

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Self:
        """From IANA's files under the keys `ipv4`, `ipv6`, `dns` and `asn`; any may be missing. Raises ValueError."""
        networks = [
            (ip_network(key), base) for name in ("ipv4", "ipv6") for key, base in _services(found.get(name, {}))
        ]
        # The longest prefix comes first, so that the first match is the longest (RFC 9224 5.1).
        networks.sort(key=lambda entry: -entry[0].prefixlen)
        return cls(
            tuple(networks),
            {key.lower().strip("."): base for key, base in _services(found.get("dns", {}))},
            tuple((*_range(key), base) for key, base in _services(found.get("asn", {}))),
        )

    def for_address(self, address: IPv4Address | IPv6Address) -> str | None:
        return next((base for network, base in self.networks if address in network), None)

    def for_domain(self, name: str) -> str | None:
        """The registry of the longest suffix in whole labels (RFC 9224 4)."""
        labels = name.split(".")
        suffixes = (".".join(labels[start:]) for start in range(len(labels)))
        return next((self.domains[suffix] for suffix in suffixes if suffix in self.domains), None)

    def for_number(self, number: int) -> str | None:
        return next((base for first, last, base in self.numbers if first <= number <= last), None)


def packaged() -> dict[str, Any]:
    """The copy that comes with Lykta."""
    return _object((files("lykta.connectors.rdap") / "bootstrap.json").read_text(encoding="utf-8"))


def load(path: Path) -> dict[str, Any]:
    """A hotline's own file; the packaged copy where there is none. Raises OSError or ValueError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return packaged()
    return _object(text)


def dated(found: Mapping[str, Any]) -> date:
    """The day on which the files were fetched, else the newest on which one was published. Raises ValueError.

    IANA leaves a file alone until something in it changes, so that an old `publication` does not make it out of date.
    """
    try:
        if "fetched" in found:
            return date.fromisoformat(found["fetched"])
        return max(date.fromisoformat(found[name]["publication"][:10]) for name in ("ipv4", "ipv6", "dns"))
    except (KeyError, TypeError) as error:
        raise ValueError("the RDAP bootstrap does not say from when it is") from error


def _object(text: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("not an RDAP bootstrap file (RFC 9224)")  # noqa: TRY004 — the content is wrong, not the call
    return found


def _range(key: str) -> tuple[int, int]:
    first, _, last = key.partition("-")
    return int(first), int(last or first)


def _services(file: Mapping[str, Any]) -> list[tuple[str, str]]:
    services: list[tuple[str, str]] = []
    try:
        for keys, bases in file.get("services", []):
            secure = [base for base in bases if base.startswith("https:")]
            services += [(key, (secure or bases)[0].rstrip("/") + "/") for key in keys]
    except (TypeError, ValueError, IndexError, AttributeError) as error:
        raise ValueError("not an RDAP bootstrap file (RFC 9224)") from error
    return services
