"""The one way out: an HTTP client that connects only where the guard lets it.

The guard sits in aiohttp's `socket_factory`, at the very address that is about to be connected to: after the name was
resolved, for every redirect, and with no second look-up in between that could answer differently. Names are resolved
by the hotline's own resolvers, never by the system's, since those tell third parties what was reported.

    OutboundError
    ├── Refused       the guard, or an answer that is hostile: too many redirects, headers without end
    └── NoAnswer      time-out, reset, half an answer
        └── NoName    the name does not exist
"""

import asyncio
import os
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

import aiohttp
import can_ada
import dns.asyncresolver
import dns.exception
import dns.nameserver
import dns.resolver
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from lykta.lib.guard import GuardPolicy

USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
"""A common browser: a host that is asked by a hotline by name could answer it something else."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_ADDRESSES = 8
"""Addresses of one name that are tried; a name with more is not worth the wait."""


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


def read_resolvers(setting: str) -> tuple[tuple[str, int], ...]:
    """Name servers from a setting: `address:port`, separated by commas, IPv6 in brackets. Raises ValueError."""
    pairs = [word.strip().rpartition(":") for word in setting.split(",") if word.strip()]
    return tuple((host.strip("[]"), int(port)) for host, _, port in pairs)


class Names(AbstractResolver):
    """Resolves names through the given name servers (address and port) and nobody else."""

    def __init__(self, resolvers: Sequence[tuple[str, int]], *, timeout: float = 5.0) -> None:
        self._resolver = dns.asyncresolver.Resolver(configure=False)
        self._resolver.nameservers = [dns.nameserver.Do53Nameserver(host, port) for host, port in resolvers]
        self._resolver.lifetime = timeout

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """IPv4 and IPv6 addresses. Raises NoName, NoAnswer or Refused."""
        if host.rstrip(".").lower().endswith(".onion"):
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


class _Stopped(OSError):
    """The guard said no to one address; the other addresses of the name may still be tried."""


@dataclass(slots=True)
class _Guard:
    policy: GuardPolicy
    refusals: list[str] = field(default_factory=list)

    def __call__(self, address: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, place = address
        reason = self.policy.refuses(str(place[0]), int(place[1]))
        if reason:
            self.refusals.append(reason)
            raise _Stopped(reason)
        return socket.socket(family, kind, protocol)


class _Answer(aiohttp.ClientResponse):
    """Remembers which IP answered; the connection is gone once a short body has arrived."""

    ip = ""

    async def start(self, connection: aiohttp.connector.Connection) -> aiohttp.ClientResponse:
        if connection.transport is not None:
            self.ip = str(connection.transport.get_extra_info("peername")[0])
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
) -> Response:
    """GET an address, following redirects by hand. Raises OutboundError.

    `timeout` bounds the whole of it in seconds, `max_bytes` the body as sent. No cookies, no proxy from the
    environment, no credentials that stand in the address, nothing decompressed.
    """
    guard = _Guard(policy)
    hops: list[Hop] = []
    try:
        async with asyncio.timeout(timeout), _session(guard, resolver, headers, verify_tls=verify_tls) as session:
            return await _follow(session, address, hops, max_bytes=max_bytes, max_redirects=max_redirects)
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


def _session(
    guard: _Guard, resolver: AbstractResolver, headers: Mapping[str, str] | None, *, verify_tls: bool
) -> aiohttp.ClientSession:
    # A kept connection or a cached name would be used again without passing the guard.
    connector = aiohttp.TCPConnector(
        resolver=resolver, socket_factory=guard, use_dns_cache=False, force_close=True, ssl=verify_tls
    )
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
        address = _normal(address)
        if any(hop.address == address for hop in hops):
            raise Refused("a redirect without end")
        if len(hops) > max_redirects:
            raise Refused(f"more than {max_redirects} redirects")
        async with session.get(URL(address, encoded=True), allow_redirects=False) as answer:
            ip = answer.ip if isinstance(answer, _Answer) else ""
            # Written down before the next hop is judged: a chain that ends in a refusal is evidence, too.
            hops.append(Hop(address, ip, answer.status))
            location = answer.headers.get("Location")
            if answer.status not in REDIRECTS or not location:
                body, complete = await _read(answer, max_bytes)
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Response(status=answer.status, headers=headers, body=body, complete=complete, hops=tuple(hops))
        address = _joined(address, location)


def _normal(address: str) -> str:
    """As a browser understands it (WHATWG), so that `0x7f.1` is the 127.0.0.1 that it would open."""
    try:
        parsed = can_ada.parse(address)
    except ValueError as error:
        raise Refused("not a web address") from error
    if parsed.protocol not in {"http:", "https:"}:
        raise Refused(f"only web addresses are asked, not {parsed.protocol[:20]}")
    parsed.username = parsed.password = parsed.hash = ""
    return str(parsed.href)


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
    """`get` for threads: one event loop in one daemon thread, shared by all who ask. Close it after use."""

    def __init__(
        self,
        *,
        policy: GuardPolicy,
        resolvers: Sequence[tuple[str, int]],
        timeout: float = 20.0,
        max_bytes: int = 1_000_000,
    ) -> None:
        self._policy = policy
        self._resolver = Names(resolvers, timeout=timeout / 2)
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="outbound", daemon=True)
        self._thread.start()

    def get(self, address: str, *, headers: Mapping[str, str] | None = None) -> Response:
        """Raises OutboundError."""
        asked = get(
            address,
            policy=self._policy,
            resolver=self._resolver,
            timeout=self._timeout,
            max_bytes=self._max_bytes,
            headers=headers,
        )
        return asyncio.run_coroutine_threadsafe(asked, self._loop).result()

    def close(self) -> None:
        """End the loop and its thread; safe to do twice."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
