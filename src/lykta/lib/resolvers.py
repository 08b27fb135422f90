"""The name servers that the hotline asks: how a setting writes them, and how dnspython is told.

Written as `192.0.2.53:53` for plain DNS and as `tls://192.0.2.53:853#dns.example` for DNS over TLS (RFC 7858), where
the certificate has to be for the name behind `#`. They are asked in the order in which they are written.
"""

from collections.abc import Sequence
from typing import NamedTuple

import dns.nameserver

from lykta.lib.domains import is_address

TLS = "tls://"


class NameServer(NamedTuple):
    """One of them. With a `tls_name` it is asked over TLS and has to prove that name."""

    host: str
    port: int
    tls_name: str = ""

    def __str__(self) -> str:
        place = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
        return f"{TLS}{place}#{self.tls_name}" if self.tls_name else place


Resolvers = Sequence[tuple[str, int] | tuple[str, int, str]]
"""Address, port and, for TLS, name; plain tuples too, since they also travel as JSON."""


def read_resolvers(setting: str) -> list[NameServer]:
    """From a setting: separated by commas, IPv6 in brackets. Raises ValueError with the word that is wrong."""
    return [_read(word.strip()) for word in setting.split(",")]


def _read(word: str) -> NameServer:
    secure = word.startswith(TLS)
    place, _, name = word.removeprefix(TLS).partition("#")
    host, _, port = place.rpartition(":")
    is_port = port.isascii() and port.isdecimal() and 0 < int(port) < 65_536
    if not is_port or secure != bool(name) or not is_address(host.strip("[]")):
        raise ValueError(f"“{word}” is not a name server: write it as 192.0.2.1:53 or tls://192.0.2.1:853#dns.example.")
    return NameServer(host.strip("[]"), int(port), name)


def nameservers(resolvers: Resolvers) -> list[dns.nameserver.Nameserver]:
    """As dnspython takes them."""
    return [_nameserver(NameServer(*resolver)) for resolver in resolvers]


def _nameserver(server: NameServer) -> dns.nameserver.Nameserver:
    if server.tls_name:
        return dns.nameserver.DoTNameserver(server.host, server.port, server.tls_name)
    return dns.nameserver.Do53Nameserver(server.host, server.port)
