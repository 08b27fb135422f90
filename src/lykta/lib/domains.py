"""What a host name is: an address, or a name of which somebody registered a part.

Registrable domains are told by the public suffix list that comes inside the `publicsuffixlist` package.
"""

from functools import cache
from ipaddress import ip_address

from publicsuffixlist import PublicSuffixList


def is_address(host: str) -> bool:
    """Whether this is an IP address, without brackets, rather than a name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def registrable(name: str) -> str:
    """The part of a host name that somebody registered (`cdn.shop.example` → `shop.example`).

    Only the registries' section of the list counts, since registries answer for nothing below it. A name that is
    itself a public suffix comes back as it is. Names are lower-case A-labels without the last dot.
    """
    name = name.rstrip(".").lower()
    return _suffixes().privatesuffix(name) or name


def part_of(host: str) -> str:
    """The registrable part of a name; an address without its brackets, so that one host has one."""
    bare = host.strip("[]")
    return bare if is_address(bare) else registrable(bare)


def organisation(name: str) -> str:
    """The organisational domain (RFC 7489 3.2) that a host name belongs to; a public suffix is its own.

    Here the whole list counts: two customers of one hosting company are not one organisation.
    """
    name = name.rstrip(".").lower()
    return _all_suffixes().privatesuffix(name) or name


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


@cache
def _all_suffixes() -> PublicSuffixList:
    return PublicSuffixList()
