"""Which addresses the outbound client may connect to: the public internet, and nothing that merely looks like it.

The tables follow the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890). They are written out here
since the standard library's `is_global` differs between Python versions and lets transition networks pass, which
carry an inner IPv4 address past a check of the outer one.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

Network = IPv4Network | IPv6Network

GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All that IANA has opened for public IPv6; everything outside is refused without naming it."""

NOT_PUBLIC: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), words)
    for network, words in (
        ("0.0.0.0/8", "this host"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "cloud metadata"),
        ("169.254.0.0/16", "link-local or cloud metadata"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved or broadcast"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::ffff:0:0/96", "IPv4 inside IPv6"),
        ("::/96", "IPv4 inside IPv6"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64"),
        ("2001::/32", "Teredo"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)


@dataclass(frozen=True, slots=True)
class GuardPolicy:
    """What may be connected to, on `ports` (None for every port): public addresses, or nothing but `only`.

    A practice world names its own networks in `only`: then no public address is ever connected to.
    """

    only: tuple[Network, ...] = ()
    ports: frozenset[int] | None = frozenset({80, 443, 8080, 8443})

    @classmethod
    def read(cls, *, only: str, ports: str) -> Self:
        """From settings: networks and ports, each separated by commas; `*` for every port. Raises ValueError."""
        networks = tuple(ip_network(word.strip()) for word in only.split(",") if word.strip())
        if ports.strip() == "*":
            return cls(networks, None)
        return cls(networks, frozenset(int(word) for word in ports.split(",") if word.strip()))

    def written(self) -> dict[str, str]:
        """The policy as `read` understands it."""
        ports = "*" if self.ports is None else ",".join(str(port) for port in sorted(self.ports))
        return {"only": ",".join(str(network) for network in self.only), "ports": ports}

    def refuses(self, ip: str, port: int) -> str | None:
        """Why this very address must not be connected to, in words; None if it may."""
        wrong_port = self.refuses_port(port)
        if wrong_port:
            return wrong_port
        if "%" in ip:
            return f"{ip} names a network interface"
        try:
            address = ip_address(ip)
        except ValueError:
            return f"{ip} is not an IP address"
        if any(address in network for network in self.only):
            return None
        elsewhere = f"{address} is outside the networks that this installation may ask" if self.only else None
        return _not_public(address) or elsewhere

    def refuses_port(self, port: int) -> str | None:
        """Why this port must not be connected to, whatever the address; None if it may."""
        if self.ports is None or port in self.ports:
            return None
        return f"port {port} is not among those that may be asked"


def _not_public(address: IPv4Address | IPv6Address) -> str | None:
    for network, words in NOT_PUBLIC:
        if address in network:
            return f"{address} is not public: {words}"
    if address.version == 6 and address not in GLOBAL_UNICAST:
        return f"{address} is not public: reserved"
    return None
