"""Which registry answers for an address or a domain: the IANA bootstrap registries (RFC 9224). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Base addresses of registries, each with a slash at the end, by network and by domain."""

    networks: tuple[tuple[IPv4Network | IPv6Network, str], ...]
    domains: Mapping[str, str]

    @classmethod
    def read(cls, files: Mapping[str, Any]) -> Self:
        """From IANA's files under the keys `ipv4`, `ipv6` and `dns`; any may be missing. Raises ValueError."""
        networks = [
            (ip_network(key), base) for name in ("ipv4", "ipv6") for key, base in _services(files.get(name, {}))
        ]
        # The longest prefix comes first, so that the first match is the longest (RFC 9224 5.1).
        networks.sort(key=lambda entry: -entry[0].prefixlen)
        return cls(tuple(networks), {key.lower().strip("."): base for key, base in _services(files.get("dns", {}))})

    def for_address(self, address: IPv4Address | IPv6Address) -> str | None:
        return next((base for network, base in self.networks if address in network), None)

    def for_domain(self, name: str) -> str | None:
        """The registry of the longest suffix in whole labels (RFC 9224 4)."""
        labels = name.split(".")
        suffixes = (".".join(labels[start:]) for start in range(len(labels)))
        return next((self.domains[suffix] for suffix in suffixes if suffix in self.domains), None)


def _services(file: Mapping[str, Any]) -> list[tuple[str, str]]:
    services: list[tuple[str, str]] = []
    try:
        for keys, bases in file.get("services", []):
            secure = [base for base in bases if base.startswith("https:")]
            services += [(key, (secure or bases)[0].rstrip("/") + "/") for key in keys]
    except (TypeError, ValueError, IndexError, AttributeError) as error:
        raise ValueError("not an RDAP bootstrap file (RFC 9224)") from error
    return services
