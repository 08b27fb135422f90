"""Asks the hotline's own name servers what a host name points to, and who runs its zone: all questions at once."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import dns.exception
import dns.name
from dns.name import Name
from dns.rdatatype import RdataType

from lykta.connectors.contract import Dnssec, Final, NameAnswer, Transient
from lykta.connectors.dns.client import NoAnswer, Resolving, Said
from lykta.connectors.dns.reading import (
    addresses,
    chain,
    dnssec,
    is_missing,
    mail_servers,
    nameservers,
    negative_ttl,
    records,
    ttl,
    zone,
)
from lykta.lib.domains import registrable
from lykta.lib.resolvers import Resolvers

ADDRESSES = (RdataType.A, RdataType.AAAA)
ABOUT_THE_DOMAIN = (RdataType.NS, RdataType.MX, RdataType.SOA)
REMEMBERED = 2_000
SECONDS_REMEMBERED = 60.0
"""A list of many addresses at one host asks once; what is traced a minute later is traced anew."""
SECONDS_FOR_THE_REST = 2.0
"""What is good to know is not worth the wait that addresses are."""


class Dns:
    """A `NameService` over the given name servers; the system's resolver is never asked."""

    def __init__(
        self, *, resolvers: Resolvers, timeout: float = 5.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._resolving = Resolving(resolvers)
        self._timeout = timeout
        self._monotonic = monotonic
        self._remembered: dict[str, tuple[float, NameAnswer]] = {}

    def resolve(self, name: str) -> NameAnswer:
        """Raises Transient where no server has an answer, Final for an onion name, which must never be asked for
        (RFC 7686).
        """
        plain = name.rstrip(".").lower()
        until, known = self._remembered.get(plain, (0.0, None))
        if known is not None and self._monotonic() < until:
            return replace(known, name=name)
        answer = self._look_up(name, plain)
        if answer.ttl and not answer.unanswered:
            self._remember(plain, answer, min(answer.ttl, SECONDS_REMEMBERED))
        return answer

    def _remember(self, plain: str, answer: NameAnswer, seconds: float) -> None:
        """The threads share it; each of the two steps is whole, and forgetting too much does no harm."""
        if len(self._remembered) >= REMEMBERED:
            self._remembered = {}
        self._remembered[plain] = (self._monotonic() + seconds, answer)

    def _look_up(self, name: str, plain: str) -> NameAnswer:
        if plain.endswith(".onion"):
            raise Final("An onion name is not in the name service.")
        try:
            absolute = dns.name.from_text(plain)
            domain = dns.name.from_text(registrable(plain))
        except (dns.exception.DNSException, UnicodeError):
            return NameAnswer(name=name, exists=False)
        # A loop for each call: it lives in the thread that asks, and nothing is shared with a slow neighbour.
        return asyncio.run(self._resolve(name, absolute, domain))

    async def _resolve(self, name: str, absolute: Name, domain: Name) -> NameAnswer:
        rest = min(self._timeout, SECONDS_FOR_THE_REST)
        asked = [self._ask(absolute, kind, self._timeout) for kind in ADDRESSES]
        asked += [self._ask(domain, kind, rest) for kind in ABOUT_THE_DOMAIN]
        answers = dict(zip((*ADDRESSES, *ABOUT_THE_DOMAIN), await asyncio.gather(*asked), strict=True))
        said = {kind: answer for kind, answer in answers.items() if isinstance(answer, Said)}
        missing = [said[kind] for kind in ADDRESSES if kind in said and is_missing(said[kind].message)]
        fault = next((answers[kind] for kind in ADDRESSES if kind not in said), None)
        try:
            if isinstance(fault, NoAnswer) and not missing:
                held_back = await self._held_back(absolute) if fault.failed else None
                if held_back:
                    about = {**_about(said), "resolver": str(held_back.resolver)}
                    return NameAnswer(name=name, exists=True, dnssec=Dnssec.BOGUS, **about)
                raise Transient(f"The name {name} could not be resolved: {fault}.")
            told = missing[:1] or [said[kind] for kind in ADDRESSES]
            return NameAnswer(name=name, exists=not missing, **_addresses(told), **_about(said))
        except dns.exception.DNSException as error:
            raise Transient(f"The answer about {name} cannot be used: {type(error).__name__}.") from error

    async def _ask(self, name: Name, kind: RdataType, seconds: float, *, checked: bool = True) -> Said | NoAnswer:
        try:
            return await self._resolving.ask(name, kind, seconds=seconds, checked=checked)
        except NoAnswer as error:
            return error

    async def _held_back(self, name: Name) -> Said | None:
        """The answer that a server gives only to whoever does not want it checked: it takes it for false.

        Asked with checking once more at the same time: what only failed for a moment is not called false.
        """
        unchecked, checked = await asyncio.gather(
            self._ask(name, RdataType.A, SECONDS_FOR_THE_REST, checked=False),
            self._ask(name, RdataType.A, SECONDS_FOR_THE_REST),
        )
        still_fails = isinstance(checked, NoAnswer) and checked.failed
        return unchecked if still_fails and isinstance(unchecked, Said) else None


def _addresses(told: Sequence[Said]) -> dict[str, Any]:
    """What the answers to A and AAAA, or the one that says that the name does not exist, come to."""
    messages = [one.message for one in told]
    filled = [message for message in messages if records(message)]
    return {
        "chain": chain(messages[0]),
        "addresses": addresses(filter(None, map(records, filled))),
        "ttl": min(map(ttl, filled), default=None),
        "resolver": str(told[0].resolver),
        "dnssec": dnssec(messages),
    }


def _about(said: Mapping[RdataType, Said]) -> dict[str, Any]:
    """The domain's own records, and for every kind whether it is there, is not there, or nobody can tell."""
    found = {kind: records(one.message) for kind, one in said.items()}
    return {
        "nameservers": nameservers(found.get(RdataType.NS)),
        "mail_servers": mail_servers(found.get(RdataType.MX)),
        "zone": zone(found.get(RdataType.SOA)),
        "ttls": {kind.name: ttl(said[kind].message) for kind, filled in found.items() if filled},
        "absent": {kind.name: negative_ttl(said[kind].message) for kind, filled in found.items() if not filled},
        "unanswered": tuple(kind.name for kind in (*ADDRESSES, *ABOUT_THE_DOMAIN) if kind not in said),
    }
