"""Asks the hotline's own name servers what a host name points to."""

from collections.abc import Sequence

import dns.exception
import dns.message
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver

from lykta.connectors.contract import Final, NameAnswer, Transient
from lykta.lib.domains import registrable

LONGEST_CHAIN = 16
"""CNAME records that are written down; dnspython itself gives up at 16."""


class Dns:
    """A `NameService` over name servers given as address and port; the system's resolver is never asked."""

    def __init__(self, *, resolvers: Sequence[tuple[str, int]], timeout: float = 5.0) -> None:
        self._resolver = dns.resolver.Resolver(configure=False)
        self._resolver.nameservers = [dns.nameserver.Do53Nameserver(host, port) for host, port in resolvers]
        self._resolver.lifetime = timeout

    def resolve(self, name: str) -> NameAnswer:
        """IPv4 and IPv6 addresses, the CNAME chain, and the name servers of the registrable domain if they answer.

        Raises Transient for SERVFAIL and time-outs, Final for an onion name, which must never be asked for
        (RFC 7686).
        """
        plain = name.rstrip(".").lower()
        if plain.endswith(".onion"):
            raise Final("An onion name is not in the name service.")
        try:
            absolute = dns.name.from_text(plain)
        except (dns.exception.DNSException, UnicodeError):
            return NameAnswer(name=name, exists=False)
        try:
            answers = [self._ask(absolute, kind) for kind in ("A", "AAAA")]
        except dns.resolver.NXDOMAIN as error:
            response = error.response(absolute)  # type: ignore[no-untyped-call]
            return NameAnswer(name=name, exists=False, chain=_chain(response, absolute))
        except dns.exception.DNSException as error:
            raise Transient(f"The name {plain} could not be resolved: {type(error).__name__}.") from error
        filled = [answer for answer in answers if answer.rrset]
        return NameAnswer(
            name=name,
            exists=True,
            chain=_chain(answers[0].response, absolute),
            addresses=tuple(sorted(str(record) for answer in filled for record in answer)),
            nameservers=self._nameservers(plain),
            ttl=min((answer.chaining_result.minimum_ttl for answer in filled), default=None),
            resolver=f"{answers[0].nameserver}:{answers[0].port}",
        )

    def _ask(self, name: dns.name.Name, kind: str) -> dns.resolver.Answer:
        return self._resolver.resolve(name, kind, raise_on_no_answer=False, search=False)

    def _nameservers(self, name: str) -> tuple[str, ...]:
        try:
            answer = self._ask(dns.name.from_text(registrable(name)), "NS")
        except dns.exception.DNSException:
            return ()
        return tuple(sorted(str(record.target).rstrip(".").lower() for record in answer.rrset or ()))


def _chain(response: dns.message.Message, name: dns.name.Name) -> tuple[str, ...]:
    """The names that CNAME records lead to, in order."""
    targets = {records.name: records[0].target for records in response.answer if records.rdtype == dns.rdatatype.CNAME}
    chain: list[str] = []
    while name in targets and len(chain) < LONGEST_CHAIN:
        name = targets[name]
        chain.append(str(name).rstrip(".").lower())
    return tuple(chain)
