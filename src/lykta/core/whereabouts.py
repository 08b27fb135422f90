"""What is known of where an item is, in the few facts that count, and what has changed between two looks.

What one look did not learn is no change: the older fact stays until another one takes its place.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import ip_address

from lykta.core.vocabulary import Changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """`host` tells hosts apart ("AS64500", or a name where there is no number), `host_name` is for people.

    `network` is the first and the last address of the registered network that `addresses` are in, `network_name` for
    people. `country` is the host's (ISO 3166-1 alpha-2). Everything is "" or () where it is not known.
    """

    host: str = ""
    host_name: str = ""
    network: tuple[str, ...] = ()
    network_name: str = ""
    addresses: tuple[str, ...] = ()
    country: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that is another than it was, in words."""

    what: Changed
    before: str
    after: str


def moves(before: Whereabouts, after: Whereabouts) -> tuple[Move, ...]:
    """What has changed, the weightiest last."""
    found = []
    if before.host and after.host and before.host != after.host:
        found.append(Move(Changed.HOST, before.host_name, after.host_name))
    if moved_away(before, after):
        found.append(Move(Changed.NETWORK, before.network_name, after.network_name or ", ".join(after.addresses)))
    if before.country and after.country and before.country != after.country:
        found.append(Move(Changed.COUNTRY, before.country, after.country))
    return tuple(found)


def carried_on(before: Whereabouts, after: Whereabouts) -> Whereabouts:
    """The newest of each fact that is known at all."""
    found = before
    if after.host:
        found = replace(found, host=after.host, host_name=after.host_name)
    if after.network or moved_away(before, after):
        found = replace(found, network=after.network, network_name=after.network_name)
    if after.addresses:
        found = replace(found, addresses=after.addresses)
    return replace(found, country=after.country or found.country)


def moved_away(before: Whereabouts, after: Whereabouts) -> bool:
    """Whether none of the addresses is in the network that was known; then that network says nothing any more."""
    return bool(before.network and after.addresses) and not _within(after.addresses, before.network)


def _within(addresses: Iterable[str], network: tuple[str, ...]) -> bool:
    """Whether one of the addresses lies in the network: a registry may name a smaller or a wider one each time."""
    first, last = (ip_address(end) for end in network)
    parsed = (ip_address(one) for one in addresses)
    return any(int(first) <= int(one) <= int(last) for one in parsed if one.version == first.version)
