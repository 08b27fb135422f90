"""The one way out: an HTTP client that connects only where the guard lets it.

The guard sits at the very address that is about to be connected to: after the name was resolved, for every redirect,
before any proxy (`exits`), and with no second look-up in between that could answer differently. Names are resolved
by the hotline's own resolvers, never by the system's, since those tell third parties what was reported.

    OutboundError
    ├── Refused       the guard, or an answer that is hostile: too many redirects, headers without end
    └── NoAnswer      time-out, reset, half an answer
        └── NoName    the name does not exist
"""

import asyncio
import os
import re
import socket
import ssl
import threading
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import aiohttp
import can_ada
import dns.asyncresolver
import dns.exception
import dns.resolver
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler
from yarl import URL

from lykta.lib.exits import DIRECT, Exit, Guard, is_onion, onion_place
from lykta.lib.guard import GuardPolicy
from lykta.lib.resolvers import Resolvers, nameservers

USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
"""A common browser: a host that is asked by a hotline by name could answer it something else."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_ADDRESSES = 8
"""Addresses of one name that are tried; a name with more is not worth the wait."""
MOST_OVERHEAD = 1_000_000
"""Bytes of an answer beside its body: heads, interim answers, the wrapping of chunks."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One request on the way: the address asked for, the IP that answered, the HTTP status."""

    address: str
    ip: str
    status: int


class OutboundError(Exception):
    """No response; `reason` in words, `hops` the redirects that were followed before."""

    def __init__(self, reason: str, hops: tuple[Hop, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hops = hops


class Refused(OutboundError):
    """The guard did not connect, or the other side is hostile."""


class NoAnswer(OutboundError):
    """The other side did not answer, or only in part."""


class NoName(NoAnswer):
    """The name does not exist (NXDOMAIN)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """The last answer. `headers` have lower-case names; `body` is as sent, still compressed where it was.

    `complete` is False where the body was longer than the bound and was cut there.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    complete: bool
    hops: tuple[Hop, ...]

    @property
    def address(self) -> str:
        return self.hops[-1].address

    @property
    def media_type(self) -> str:
        """The type without its parameters, in lower case; "" where none was named."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


REMEMBERED_NAMES = 2_000
"""Answers in memory, each for as long as its zone lets it be believed."""


class Names(AbstractResolver):
    """Resolves names through the given name servers and nobody else."""

    def __init__(self, resolvers: Resolvers, *, timeout: float = 5.0) -> None:
        self._resolver = dns.asyncresolver.Resolver(configure=False)
        self._resolver.nameservers = nameservers(resolvers)
        self._resolver.lifetime = timeout
        # A page and its pictures are many connections to one name; each is judged by the guard all the same.
        self._resolver.cache = dns.resolver.LRUCache(REMEMBERED_NAMES)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """IPv4 and IPv6 addresses. Raises NoName, NoAnswer or Refused."""
        if is_onion(host):
            raise Refused("onion names are never asked for (RFC 7686)")
        try:
            answers = await self._resolver.resolve_name(host, family)
        except dns.resolver.NXDOMAIN as error:
            raise NoName(f"the name {host} does not exist") from error
        except dns.resolver.NoAnswer as error:
            raise NoAnswer(f"the name {host} has no address") from error
        except (dns.exception.DNSException, UnicodeError) as error:
            raise NoAnswer(f"the name {host} cannot be resolved: {type(error).__name__}") from error
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=0)
            for address, kind in list(answers.addresses_and_families())[:MAX_ADDRESSES]
        ]

    async def close(self) -> None:
        """Nothing is held open between questions."""


class _Connector(aiohttp.TCPConnector):
    """Connects through the guard, and ends a connection over which more than `most` bytes have come.

    A kept connection or a cached name would be used again without passing the guard.
    """

    def __init__(self, guard: Guard, resolver: AbstractResolver, *, verify_tls: bool, most: int) -> None:
        super().__init__(resolver=resolver, use_dns_cache=False, force_close=True, ssl=verify_tls)
        self._most = most
        self.guard = guard

    async def _resolve_host(self, host: str, port: int, traces: Any = None) -> list[ResolveResult]:
        if is_onion(host) and self.guard.through.onion:
            return onion_place(host, port)
        return await super()._resolve_host(host, port, traces)

    async def places(self, host: str, port: int) -> list[aiohttp.AddrInfoType]:
        """Where to connect to. Raises OutboundError, or aiohttp's for an address in a spelling of its own."""
        return self._convert_hosts_to_addr_infos(await self._resolve_host(host, port))

    async def _wrap_create_connection(
        self,
        *_factory: Any,
        addr_infos: list[aiohttp.AddrInfoType],
        req: aiohttp.ClientRequest,
        **options: Any,
    ) -> tuple[asyncio.Transport, ResponseHandler]:
        # aiohttp has no public place for a tunnel; its own packages for proxies replace this method, too.
        loop = asyncio.get_running_loop()
        secure = {name: options[name] for name in ("ssl", "server_hostname")}
        try:
            opened = await self.guard.connect(addr_infos)
            return await loop.create_connection(lambda: _Bounded(loop, self._most), sock=opened, **secure)
        except ssl.CertificateError as error:
            raise aiohttp.ClientConnectorCertificateError(req.connection_key, error) from error
        except ssl.SSLError as error:
            raise aiohttp.ClientConnectorSSLError(req.connection_key, error) from error
        except OSError as error:
            # All addresses were tried; aiohttp would go through the rest of them again.
            addr_infos.clear()
            raise aiohttp.ClientConnectorError(req.connection_key, error) from error


class _Bounded(ResponseHandler):
    """What a body's bound does not see has one here: interim answers and wrapping without end."""

    def __init__(self, loop: asyncio.AbstractEventLoop, most: int) -> None:
        super().__init__(loop)
        self._left = most

    def data_received(self, data: bytes) -> None:
        self._left -= len(data)
        if self._left < 0 and self.transport is not None:
            self.transport.abort()
            return
        super().data_received(data)


class _Answer(aiohttp.ClientResponse):
    """Remembers which IP answered; the connection is gone once a short body has arrived."""

    ip = ""

    async def start(self, connection: aiohttp.connector.Connection) -> aiohttp.ClientResponse:
        connector, transport = connection._connector, connection.transport  # noqa: SLF001
        told = connector.guard.told if isinstance(connector, _Connector) else None
        if told is not None:
            self.ip = told
        elif transport is not None:
            self.ip = str(transport.get_extra_info("peername")[0])
        return await super().start(connection)


async def get(
    address: str,
    *,
    policy: GuardPolicy,
    resolver: AbstractResolver,
    timeout: float,  # noqa: ASYNC109 — one bound for all hops, kept here so that no caller forgets it
    max_bytes: int,
    max_redirects: int = 5,
    headers: Mapping[str, str] | None = None,
    verify_tls: bool = True,
    through: Exit = DIRECT,
) -> Response:
    """GET an address, following redirects by hand. Raises OutboundError.

    `timeout` bounds the whole of it in seconds, `max_bytes` the body as sent. No cookies, no proxy from the
    environment, no credentials that stand in the address, nothing decompressed.
    """
    guard = Guard(policy, through)
    hops: list[Hop] = []
    connector = _Connector(guard, resolver, verify_tls=verify_tls, most=max_bytes + MOST_OVERHEAD)
    with _faults(guard, hops, timeout):
        async with asyncio.timeout(timeout), _session(connector, headers) as session:
            return await _follow(session, address, hops, max_bytes=max_bytes, max_redirects=max_redirects)


async def post(
    address: str,
    *,
    body: bytes,
    policy: GuardPolicy,
    resolver: AbstractResolver,
    timeout: float,  # noqa: ASYNC109 — as in `get`
    headers: Mapping[str, str],
    max_bytes: int = 0,
    verify_tls: bool = True,
    through: Exit = DIRECT,
) -> Response:
    """POST to an address. A redirect is an answer and is not followed. Raises OutboundError.

    `max_bytes` bounds what is read of the answer's body: nothing unless it is given.
    """
    guard = Guard(policy, through)
    hops: list[Hop] = []
    connector = _Connector(guard, resolver, verify_tls=verify_tls, most=max_bytes + MOST_OVERHEAD)
    with _faults(guard, hops, timeout):
        address = normal(address)
        async with (
            asyncio.timeout(timeout),
            _session(connector, headers) as session,
            session.post(URL(address, encoded=True), data=body, allow_redirects=False) as answer,
        ):
            hops.append(_hop(address, answer))
            body, complete = await _read(answer, max_bytes) if max_bytes else (b"", False)
            return _response(answer, body, tuple(hops), complete=complete)


async def dial(
    host: str, port: int, *, policy: GuardPolicy, resolver: AbstractResolver, through: Exit = DIRECT
) -> tuple[socket.socket, str]:
    """A connection for a browser's bytes, and the IP that it leads to ("" for an onion name). Raises OutboundError."""
    guard = Guard(policy, through)
    connector = _Connector(guard, resolver, verify_tls=False, most=0)
    try:
        opened = await guard.connect(await connector.places(host, port))
    except OSError as error:
        if guard.refusals:
            raise Refused(guard.refusals[-1]) from error
        raise NoAnswer(f"no connection: {os.strerror(error.errno) if error.errno else 'failed'}") from error
    except aiohttp.ClientError as error:
        raise Refused("not a web address") from error
    finally:
        await connector.close()
    return opened, opened.getpeername()[0] if guard.told is None else guard.told


@contextmanager
def _faults(guard: Guard, hops: list[Hop], timeout: float) -> Iterator[None]:
    """What goes wrong inside becomes an OutboundError, with the way as far as it was gone."""
    try:
        yield
    except OutboundError as error:
        raise type(error)(error.reason, tuple(hops)) from error
    except TimeoutError as error:
        raise NoAnswer(f"no answer within {timeout:g} seconds", tuple(hops)) from error
    except aiohttp.ClientConnectorError as error:
        if guard.refusals:
            raise Refused(guard.refusals[-1], tuple(hops)) from error
        raise NoAnswer(_connection_fault(error), tuple(hops)) from error
    except aiohttp.ClientResponseError as error:
        raise Refused("an answer that breaks the rules of HTTP", tuple(hops)) from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise NoAnswer(f"the answer broke off: {type(error).__name__}", tuple(hops)) from error


def _session(connector: _Connector, headers: Mapping[str, str] | None) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=connector,
        headers={"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip, deflate", **(headers or {})},
        cookie_jar=aiohttp.DummyCookieJar(),
        response_class=_Answer,
        auto_decompress=False,
        trust_env=False,
        timeout=aiohttp.ClientTimeout(total=None),
    )


async def _follow(
    session: aiohttp.ClientSession, address: str, hops: list[Hop], *, max_bytes: int, max_redirects: int
) -> Response:
    while True:
        address = normal(address)
        if any(hop.address == address for hop in hops):
            raise Refused("a redirect without end")
        if len(hops) > max_redirects:
            raise Refused(f"more than {max_redirects} redirects")
        async with session.get(URL(address, encoded=True), allow_redirects=False) as answer:
            # Written down before the next hop is judged: a chain that ends in a refusal is evidence, too.
            hops.append(_hop(address, answer))
            location = _location(answer)
            if answer.status not in REDIRECTS or not location:
                body, complete = await _read(answer, max_bytes)
                return _response(answer, body, tuple(hops), complete=complete)
        address = _joined(address, location)


def _hop(address: str, answer: aiohttp.ClientResponse) -> Hop:
    return Hop(address, answer.ip if isinstance(answer, _Answer) else "", answer.status)


def _response(answer: aiohttp.ClientResponse, body: bytes, hops: tuple[Hop, ...], *, complete: bool) -> Response:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Response(status=answer.status, headers=headers, body=body, complete=complete, hops=hops)


def normal(address: str) -> str:
    """As a browser understands it (WHATWG), so that `0x7f.1` is the 127.0.0.1 that it would open. Raises Refused.

    Without credentials and without what stands behind `#`, which are not sent.
    """
    try:
        parsed = can_ada.parse(address)
    except ValueError as error:
        raise Refused("not a web address") from error
    if parsed.protocol not in {"http:", "https:"}:
        raise Refused(f"only web addresses are asked, not {parsed.protocol[:20]}")
    parsed.username = parsed.password = parsed.hash = ""
    return str(parsed.href)


def _location(answer: aiohttp.ClientResponse) -> str:
    """Where a redirect leads, "" if nowhere. Raises Refused where it leads to two places, as browsers do."""
    places = set(answer.headers.getall("Location", []))
    if len(places) > 1:
        raise Refused("a redirect to several places")
    # Bytes that are no UTF-8 arrive as surrogates, which nothing that reads addresses takes.
    return re.sub("[\udc80-\udcff]", lambda found: f"%{ord(found[0]) - 0xDC00:02X}", places.pop() if places else "")


def _joined(base: str, location: str) -> str:
    # Browsers read a backslash before the query as a slash (WHATWG); urljoin would take it for part of a path.
    place = location.partition("?")[0].partition("#")[0]
    try:
        return urljoin(base, place.replace("\\", "/") + location[len(place) :])
    except ValueError as error:
        raise Refused("a redirect to what is not a web address") from error


async def _read(answer: aiohttp.ClientResponse, max_bytes: int) -> tuple[bytes, bool]:
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > max_bytes:
            return bytes(body[:max_bytes]), False
    return bytes(body), True


def _connection_fault(error: aiohttp.ClientConnectorError) -> str:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return "the certificate is not valid"
    if isinstance(error.os_error, ssl.SSLError):
        return "no secure connection could be made"
    number = error.os_error.errno
    return f"no connection: {os.strerror(number) if number else 'failed'}"


class Client:
    """`get` and `post` for threads: one event loop in one daemon thread, shared by all who ask. Close it after use."""

    def __init__(
        self,
        *,
        policy: GuardPolicy,
        resolvers: Resolvers,
        timeout: float = 20.0,
        max_bytes: int = 1_000_000,
        through: Exit = DIRECT,
        user_agent: str = USER_AGENT,
    ) -> None:
        self._policy = policy
        self._through = through
        self._user_agent = user_agent
        self._resolver = Names(resolvers, timeout=timeout / 2)
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="outbound", daemon=True)
        self._thread.start()

    def get(self, address: str, *, headers: Mapping[str, str] | None = None) -> Response:
        """Raises OutboundError."""
        return self._wait(
            get(
                address,
                policy=self._policy,
                resolver=self._resolver,
                timeout=self._timeout,
                max_bytes=self._max_bytes,
                headers={"User-Agent": self._user_agent, **(headers or {})},
                through=self._through,
            )
        )

    def post(
        self, address: str, *, body: bytes, headers: Mapping[str, str], timeout: float, max_bytes: int = 0
    ) -> Response:
        """`timeout` in seconds; `max_bytes` of the answer are read. Raises OutboundError."""
        return self._wait(
            post(
                address,
                body=body,
                policy=self._policy,
                resolver=self._resolver,
                timeout=timeout,
                max_bytes=max_bytes,
                headers={"User-Agent": self._user_agent, **headers},
                through=self._through,
            )
        )

    def _wait(self, asked: Coroutine[None, None, Response]) -> Response:
        return asyncio.run_coroutine_threadsafe(asked, self._loop).result()

    def close(self) -> None:
        """End the loop and its thread; safe to do twice."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
