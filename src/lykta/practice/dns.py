"""The name server: answers for every zone of the practice world, over UDP and TCP (RFC 1034, 1035, 2308)."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdatatype import RdataType

from lykta.practice import atlas
from lykta.practice.atlas import Name, Quirk
from lykta.practice.servers import settle
from lykta.practice.settings import HOME, PracticeSettings
from lykta.practice.state import State

_TTL = 60
_PLAIN_UDP_BYTES = 512


@asynccontextmanager
async def serve_names(settings: PracticeSettings, state: State) -> AsyncIterator[None]:
    """Answer on UDP and TCP until left."""
    server = NameServer(settings, state)
    loop = asyncio.get_running_loop()
    stream = await asyncio.start_server(server.converse, HOME, settings.dns_port)
    try:
        datagrams, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(server), local_addr=(HOME, settings.dns_port)
        )
        try:
            yield
        finally:
            datagrams.close()
    finally:
        stream.close()
        await settle()
        await server.stop()
        await settle()


class NameServer:
    """Turns queries into answers."""

    def __init__(self, settings: PracticeSettings, state: State) -> None:
        self._settings = settings
        self._state = state
        self._turn = count()
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One TCP connection: messages with their length in two bytes before them."""
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            # Cancelled only when the server stops; asyncio before 3.12 complains of tasks that end cancelled.
            with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                while True:
                    length = int.from_bytes(await reader.readexactly(2))
                    answer = await self.answer(await reader.readexactly(length), over_udp=False)
                    if answer is None:
                        return
                    writer.write(len(answer).to_bytes(2) + answer)
                    await writer.drain()
        finally:
            writer.close()

    async def answer(self, wire: bytes, *, over_udp: bool) -> bytes | None:
        """The answer to a query in wire format, or None for silence."""
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return None
        response = dns.message.make_response(query)
        if query.edns >= 0:
            response.use_edns(0, query.ednsflags & dns.flags.DO)
        if len(query.question) != 1:
            response.set_rcode(dns.rcode.FORMERR)
            return response.to_wire()
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        quirk = atlas.NAMES.get(name, Name()).quirk
        if quirk is Quirk.SILENT:
            return None
        await asyncio.sleep(self._settings.latency_seconds + (atlas.SLOW_SECONDS if quirk is Quirk.SLOW else 0))
        if quirk is Quirk.BOGUS and not query.flags & dns.flags.CD:
            response.set_rcode(dns.rcode.SERVFAIL)
        else:
            self._fill(response, name, question.rdtype)
        limit = max(query.payload, _PLAIN_UDP_BYTES) if over_udp else 65_535
        return response.to_wire(max_size=limit, prefer_truncation=True)

    def _fill(self, response: dns.message.Message, asked: str, wanted: RdataType) -> None:
        """Put down the aliases and what is at their end; RFC 6604 for a chain that ends nowhere."""
        name = _follow(response, asked, wanted)
        if name is None:
            return
        here = atlas.NAMES.get(name, Name())
        if here.quirk is Quirk.SERVFAIL:
            response.set_rcode(dns.rcode.SERVFAIL)
            return
        response.flags |= dns.flags.AA
        if here.signed:
            response.flags |= dns.flags.AD
        values = self._values(name, wanted)
        if values:
            ttl = 0 if here.quirk is Quirk.ALTERNATES else _TTL
            response.answer.append(_records(name, wanted, *values, ttl=ttl))
            return
        if not _exists(name):
            response.set_rcode(dns.rcode.NXDOMAIN)
        zone = _zone_of(name)
        response.authority.append(_records(zone, RdataType.SOA, _start_of_authority(zone)))

    def _values(self, name: str, wanted: RdataType) -> tuple[str, ...]:
        match wanted:
            case RdataType.SOA | RdataType.NS if name == _zone_of(name):
                is_soa = wanted is RdataType.SOA
                return (_start_of_authority(name) if is_soa else _name_server_of(name),)
            case RdataType.MX if name in atlas.DOMAINS:
                return (f"10 mail.{name}.",)
            case RdataType.AAAA:
                return atlas.NAMES.get(name, Name()).version_six
            case RdataType.A if name in atlas.NAMES:
                return self._addresses(name)
        return ()

    def _addresses(self, name: str) -> tuple[str, ...]:
        addresses = self._state.addresses(name)
        if atlas.NAMES[name].quirk is Quirk.ALTERNATES:
            return (addresses[next(self._turn) % len(addresses)],)
        return addresses


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer) -> None:
        self._server = server
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # asyncio hands a datagram transport to this class

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self._server.spawn(self._reply(data, addr))

    async def _reply(self, data: bytes, sender: tuple[str | Any, int]) -> None:
        answer = await self._server.answer(data, over_udp=True)
        if answer is not None and self._transport is not None:
            self._transport.sendto(answer, sender)


def _follow(response: dns.message.Message, name: str, wanted: RdataType) -> str | None:
    """Add the chain of aliases to the answer; the name at its end, None where the aliases are the whole answer."""
    seen: set[str] = set()
    while (here := atlas.NAMES.get(name)) is not None and here.alias:
        if name in seen:
            return None
        seen.add(name)
        response.flags |= dns.flags.AA
        response.answer.append(_records(name, RdataType.CNAME, f"{here.alias}."))
        if wanted is RdataType.CNAME:
            return None
        name = here.alias
    return name


def _records(name: str, kind: RdataType, *values: str, ttl: int = _TTL) -> dns.rrset.RRset:
    return dns.rrset.from_text(f"{name}.", ttl, dns.rdataclass.IN, kind, *values)


def _exists(name: str) -> bool:
    """Also names that only have names below them exist (RFC 8020)."""
    known = (*atlas.NAMES, *atlas.DOMAINS)
    return not name or any(other == name or other.endswith(f".{name}") for other in known)


def _zone_of(name: str) -> str:
    """The zone that answers for a name: its registered domain, else `test` or `example`, else the root."""
    top = name.rsplit(".", maxsplit=1)[-1]
    return atlas.domain_of(name) or (top if top in {"test", "example"} else "")


def _name_server_of(zone: str) -> str:
    """The name server of the provider where the zone's own address is."""
    found = atlas.follow(zone)
    network = atlas.network_of(found[1].addresses[0]) if found and found[1].addresses else None
    return f"ns1.{(network or atlas.NETWORKS[0]).domain}."


def _start_of_authority(zone: str) -> str:
    return f"{_name_server_of(zone)} hostmaster.names.test. 1 3600 600 86400 {_TTL}"
