"""From DNS messages to facts in our words. Pure."""

from collections.abc import Iterable

import dns.flags
import dns.rcode
from dns.message import QueryMessage
from dns.name import Name
from dns.rdatatype import RdataType
from dns.rrset import RRset

from lykta.connectors.contract import Dnssec, Zone

MOST_RECORDS = 64
"""Of one kind; nobody reads more, and a hostile zone could send thousands."""


def is_missing(message: QueryMessage) -> bool:
    """The name does not exist, or what it is an alias of does not."""
    return message.rcode() == dns.rcode.NXDOMAIN


def chain(message: QueryMessage) -> tuple[str, ...]:
    """The names that CNAME records lead to, in order. Raises DNSException for a circle."""
    return tuple(_plain(records[0].target) for records in message.resolve_chaining().cnames)


def records(message: QueryMessage) -> RRset | None:
    """The records of the kind that was asked for, at the end of the chain; None for a negative answer."""
    return message.resolve_chaining().answer


def addresses(found: Iterable[RRset]) -> tuple[str, ...]:
    return tuple(sorted(str(record) for records in found for record in records)[:MOST_RECORDS])


def ttl(message: QueryMessage) -> int:
    """Seconds for which the whole chain may be believed."""
    return message.resolve_chaining().minimum_ttl


def negative_ttl(message: QueryMessage) -> int | None:
    """Seconds for which “there is none” may be believed: the lesser of two figures of the SOA (RFC 2308 5)."""
    for found in message.authority:
        if found.rdtype == RdataType.SOA:
            return int(min(found.ttl, found[0].minimum))
    return None


def nameservers(found: RRset | None) -> tuple[str, ...]:
    return tuple(sorted(_plain(record.target) for record in found or ())[:MOST_RECORDS])


def mail_servers(found: RRset | None) -> tuple[str, ...]:
    """Best first (RFC 5321 5.1); a domain that says that it takes no mail (RFC 7505) has none."""
    ordered = sorted((record.preference, _plain(record.exchange)) for record in found or ())
    return tuple(server for _, server in ordered[:MOST_RECORDS] if server)


def zone(found: RRset | None) -> Zone | None:
    """The mailbox is written as a name; its first dot that is not escaped stands for the @ (RFC 1035 8)."""
    if not found:
        return None
    start = found[0]
    local, *rest = start.rname.labels
    mailbox = f"{local.decode('ascii', 'replace')}@{_plain(Name(rest))}" if len(rest) > 1 else ""
    return Zone(name=_plain(found.name), primary=_plain(start.mname), mailbox=mailbox, serial=int(start.serial))


def dnssec(messages: Iterable[QueryMessage]) -> Dnssec:
    """What all these answers have in common; the weakest decides."""
    said = {_dnssec(message) for message in messages}
    for state in (Dnssec.NOT_KNOWN, Dnssec.UNSIGNED, Dnssec.SIGNED):
        if state in said:
            return state
    return Dnssec.NOT_KNOWN


def _dnssec(message: QueryMessage) -> Dnssec:
    """AD: the server has checked it (RFC 4035 3.2.3). Without it, unsigned is only what a server that hands on
    signatures (it gives the DO bit back, RFC 3225 3) has sent none for.
    """
    if message.flags & dns.flags.AD:
        return Dnssec.SIGNED
    has_signatures = any(found.rdtype == RdataType.RRSIG for found in (*message.answer, *message.authority))
    hands_on = bool(message.ednsflags & dns.flags.DO)
    return Dnssec.UNSIGNED if hands_on and not has_signatures else Dnssec.NOT_KNOWN


def _plain(name: Name) -> str:
    return name.to_text().rstrip(".").lower()
