"""One question to the name servers, one after the other until one answers; in the words of DNS."""

import asyncio
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
from dns.message import QueryMessage
from dns.rdatatype import RdataType

from lykta.lib.resolvers import NameServer, Resolvers

PAYLOAD = 1232
"""Bytes of an answer over UDP that no network on the way has to cut in two (DNS flag day 2020)."""
FIRST_SHARE = 0.4
"""The part of the time left that one server gets while others still wait behind it."""
ANSWERS = frozenset({dns.rcode.NOERROR, dns.rcode.NXDOMAIN})
RCODES = frozenset(str(code) for code in map(dns.rcode.to_text, dns.rcode.Rcode))
SILENT_SECONDS = 30.0
"""How long a server that was passed over is asked last."""


class NoAnswer(Exception):
    """No server gave an answer. `failed`: a server said that it could not find one out (SERVFAIL)."""

    def __init__(self, reason: str, *, failed: bool) -> None:
        super().__init__(reason)
        self.failed = failed


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, NOERROR or NXDOMAIN, and the server that gave it."""

    message: QueryMessage
    resolver: NameServer


class Resolving:
    """The name servers of one installation. It holds no connection, and may be used by many threads."""

    def __init__(self, resolvers: Resolvers) -> None:
        self._servers = [NameServer(*resolver) for resolver in resolvers]
        # Made once: it takes longer to read all certificate authorities than to ask a question.
        self._trust = ssl.create_default_context() if any(server.tls_name for server in self._servers) else None
        self._silent_until: dict[NameServer, float] = {}

    async def ask(self, name: dns.name.Name, kind: RdataType, *, seconds: float, checked: bool = True) -> Said:
        """The answer of the first server that has one. Raises NoAnswer.

        Whoever says nothing is asked once more, since a datagram may be lost. `checked` False asks a validating
        server for what it would hold back as false (the CD bit, RFC 4035 3.2.2).
        """
        query = _query(name, kind, checked=checked)
        end = time.monotonic() + seconds
        waiting = self._in_order() * 2
        reasons: dict[NameServer, str] = {}
        while waiting:
            server = waiting.pop(0)
            left = max(end - time.monotonic(), 0.0)
            try:
                answer = await self._ask_one(server, query, left * FIRST_SHARE if waiting else left)
            except (dns.exception.Timeout, TimeoutError):
                reasons[server] = "no answer in time"
                continue
            except (dns.exception.DNSException, OSError, EOFError) as error:
                reasons[server] = type(error).__name__
            else:
                if isinstance(answer, QueryMessage) and answer.rcode() in ANSWERS:
                    self._note_silence(reasons)
                    return Said(answer, server)
                reasons[server] = dns.rcode.to_text(answer.rcode())
            waiting = [other for other in waiting if other != server]
        raise NoAnswer(", ".join(reasons.values()) or "no name server is set", failed="SERVFAIL" in reasons.values())

    async def _ask_one(self, server: NameServer, query: QueryMessage, seconds: float) -> dns.message.Message:
        async with asyncio.timeout(seconds):
            if self._trust and server.tls_name:
                return await _over_tls(server, query, self._trust)
            try:
                return await dns.asyncquery.udp(
                    query,
                    server.host,
                    port=server.port,
                    raise_on_truncation=True,
                    # What somebody else sends in between, to be taken for the answer, is not even an error.
                    ignore_unexpected=True,
                    ignore_errors=True,
                )
            except dns.message.Truncated:
                return await dns.asyncquery.tcp(query, server.host, port=server.port)

    def _in_order(self) -> list[NameServer]:
        """As they were set; those that lately said nothing while others answered come last."""
        now = time.monotonic()
        return sorted(self._servers, key=lambda server: self._silent_until.get(server, 0.0) > now)

    def _note_silence(self, reasons: Mapping[NameServer, str]) -> None:
        """Only where somebody else had the answer: a zone that says nothing is not the fault of who asks it."""
        until = time.monotonic() + SILENT_SECONDS
        self._silent_until |= {server: until for server, why in reasons.items() if why not in RCODES}


def _query(name: dns.name.Name, kind: RdataType, *, checked: bool) -> QueryMessage:
    flags = dns.flags.RD | dns.flags.AD | (0 if checked else dns.flags.CD)
    return dns.message.make_query(name, kind, use_edns=0, want_dnssec=True, payload=PAYLOAD, flags=flags)


async def _over_tls(server: NameServer, query: QueryMessage, trust: ssl.SSLContext) -> dns.message.Message:
    """RFC 7858: as over TCP, each message with its length in two bytes before it."""
    reader, writer = await asyncio.open_connection(server.host, server.port, ssl=trust, server_hostname=server.tls_name)
    try:
        wire = query.to_wire()
        writer.write(len(wire).to_bytes(2) + wire)
        length = int.from_bytes(await reader.readexactly(2))
        answer = dns.message.from_wire(await reader.readexactly(length))
    finally:
        # To wait until the other side says goodbye would take as long as it likes.
        writer.transport.abort()
    if not query.is_response(answer):
        raise dns.query.BadResponse
    return answer
