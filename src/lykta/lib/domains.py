"""Registrable domains by the public suffix list that comes inside the `publicsuffixlist` package."""

from functools import cache

from publicsuffixlist import PublicSuffixList


def registrable(name: str) -> str:
    """The part of a host name that somebody registered (`cdn.shop.example` → `shop.example`).

    Only the registries' section of the list counts, since registries answer for nothing below it. A name that is
    itself a public suffix comes back as it is. Names are lower-case A-labels without the last dot.
    """
    name = name.rstrip(".").lower()
    return _suffixes().privatesuffix(name) or name


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
