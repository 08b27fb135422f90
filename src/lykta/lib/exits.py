"""By which door something leaves: directly, through a SOCKS proxy such as Tor's, or through an HTTP proxy abroad.

The guard's policy is enforced here, before any proxy: a name is resolved by our own resolvers, each address is judged,
and only the judged address is handed on, so that a proxy resolves nothing and reaches nothing that we would refuse.
The one exception are onion names. They have no address, and only a SOCKS proxy knows the way.

The settings' proxies are the operator's word and are not judged: Tor's own door is on loopback.
"""

import asyncio
import re
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal, Self, get_args
from urllib.parse import urlsplit

import aiohappyeyeballs
from aiohttp.abc import ResolveResult

from lykta.lib.guard import GuardPolicy

Purpose = Literal["look", "registry", "webhooks", "timestamps", "onion"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

NEXT_ADDRESS_SECONDS = 0.25
"""How long one address has for itself before the next is tried beside it (RFC 8305, 5)."""
PROXY_SECONDS = 8.0
"""How long a proxy may take for one address, where the name has others."""
LONGEST_GREETING = 8_192
"""Bytes of a proxy's answer to CONNECT."""

AddressInfo = tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]


class Stopped(OSError):
    """The guard said no to one address; the other addresses of the name may still be tried."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy of the operator's, at an IP address."""

    kind: Literal["socks5", "http"]
    host: str
    port: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        """From `socks5://127.0.0.1:9050` or `http://192.0.2.7:3128`; None for `direct`. Raises ValueError."""
        if text == "direct":
            return None
        parts = urlsplit(text)
        if parts.scheme not in {"socks5", "http"} or parts.username or parts.path not in {"", "/"} or not parts.port:
            raise ValueError(f"“{text}” is no exit: write direct, socks5://address:port or http://address:port.")
        # A name would have to be asked for outside the guard.
        ip_address(parts.hostname or "")
        return cls("socks5" if parts.scheme == "socks5" else "http", parts.hostname or "", parts.port)

    def __str__(self) -> str:
        return f"{self.kind}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Exit:
    """The doors of one purpose: None for directly; onion names have a door of their own, None where there is none."""

    usual: Proxy | None = None
    onion: Proxy | None = None

    @classmethod
    def read(cls, usual: str, onion: str) -> Self:
        """As `written` wrote them. Raises ValueError."""
        return cls(Proxy.read(usual), Proxy.read(onion))

    def written(self) -> dict[str, str]:
        """Words for `read`."""
        return {"usual": str(self.usual or "direct"), "onion": str(self.onion or "direct")}

    def door(self, host: str) -> Proxy | None:
        return self.onion if is_onion(host) else self.usual


DIRECT = Exit()


def read_exits(setting: str) -> Mapping[Purpose, Exit]:
    """`look=socks5://127.0.0.1:9050, onion=…` as an exit for each purpose. Raises ValueError."""
    named: dict[str, Proxy | None] = {}
    for word in filter(None, (word.strip() for word in setting.split(","))):
        purpose, _, text = word.partition("=")
        if purpose not in PURPOSES:
            raise ValueError(f"exits: {purpose} is no purpose; there are {', '.join(PURPOSES)}.")
        named[purpose] = Proxy.read(text)
    onion = named.get("onion")
    if onion and onion.kind != "socks5":
        raise ValueError("exits: onion names need a SOCKS proxy, as onion=socks5://127.0.0.1:9050.")
    return {purpose: Exit(named.get(purpose), onion) for purpose in PURPOSES}


def is_onion(host: str) -> bool:
    return host.rstrip(".").lower().endswith(".onion")


def onion_place(host: str, port: int) -> list[ResolveResult]:
    """What stands in for the address of an onion name, which has none."""
    return [ResolveResult(hostname=host, host=host.rstrip("."), port=port, family=socket.AF_INET, proto=0, flags=0)]


@dataclass(slots=True)
class Guard:
    """Opens sockets where the policy lets it; remembers what it refused, and which address a proxy was told last."""

    policy: GuardPolicy
    through: Exit = DIRECT
    refusals: list[str] = field(default_factory=list)
    told: str | None = None

    def __call__(self, address: AddressInfo) -> socket.socket:
        """A socket for this very address. Raises Stopped."""
        family, kind, protocol, _, place = address
        self._judge(str(place[0]), int(place[1]))
        return socket.socket(family, kind, protocol)

    async def connect(self, addresses: Sequence[AddressInfo]) -> socket.socket:
        """A connection to the first address that passes and answers. Raises OSError, or TimeoutError for a proxy."""
        door = self.through.door(str(addresses[0][4][0]))
        if door is None:
            return await aiohappyeyeballs.start_connection(
                list(addresses), happy_eyeballs_delay=NEXT_ADDRESS_SECONDS, socket_factory=self
            )
        fault: OSError = Stopped("no address")
        for *_, place in addresses:
            host, port = str(place[0]), int(place[1])
            try:
                self._judge(host, port)
                async with asyncio.timeout(PROXY_SECONDS if len(addresses) > 1 else None):
                    opened = await _through(door, host, port)
            except OSError as error:  # a TimeoutError is one, too
                fault = error
            else:
                self.told = "" if is_onion(host) else host
                return opened
        raise fault

    def _judge(self, host: str, port: int) -> None:
        reason = self.policy.refuses_port(port) if is_onion(host) else self.policy.refuses(host, port)
        if reason:
            self.refusals.append(reason)
            raise Stopped(reason)


async def _through(door: Proxy, host: str, port: int) -> socket.socket:
    """A socket behind which the proxy has connected to the host. Raises OSError."""
    loop = asyncio.get_running_loop()
    opened = socket.socket(socket.AF_INET6 if ":" in door.host else socket.AF_INET)
    opened.setblocking(False)
    try:
        await loop.sock_connect(opened, (door.host, door.port))
        await (_socks5 if door.kind == "socks5" else _http_connect)(opened, host, port)
    except BaseException:
        opened.close()
        raise
    return opened


async def _socks5(opened: socket.socket, host: str, port: int) -> None:
    """RFC 1928, without authentication. Raises ConnectionError."""
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(opened, b"\x05\x01\x00")
    if await _read(opened, 2) != b"\x05\x00":
        raise ConnectionError("the exit is no SOCKS proxy, or asks for a password")
    await loop.sock_sendall(opened, b"\x05\x01\x00" + _socks_name(host) + port.to_bytes(2))
    version, reply, _, kind = await _read(opened, 4)
    if version != 5 or reply != 0:
        raise ConnectionError(f"the exit did not connect (SOCKS reply {reply})")
    # The address that the proxy left from: it says nothing to us, and is of one of three lengths.
    length = {1: 4, 4: 16}.get(kind) or (await _read(opened, 1))[0]
    await _read(opened, length + 2)


def _socks_name(host: str) -> bytes:
    if is_onion(host):
        name = host.encode("ascii")
        return b"\x03" + len(name).to_bytes(1) + name
    address = ip_address(host)
    return (b"\x01" if address.version == 4 else b"\x04") + address.packed


async def _http_connect(opened: socket.socket, host: str, port: int) -> None:
    """CONNECT (RFC 9110, 9.3.6). Raises ConnectionError."""
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    await asyncio.get_running_loop().sock_sendall(
        opened, f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode("ascii")
    )
    head = b""
    # Byte by byte: whatever comes after the head belongs to the host, not to the proxy.
    while not head.endswith(b"\r\n\r\n"):
        if len(head) >= LONGEST_GREETING:
            raise ConnectionError("the exit answers without end")
        head += await _read(opened, 1)
    if not re.match(rb"HTTP/1\.[01] 2\d\d[ \r]", head):
        raise ConnectionError("the exit did not connect")


async def _read(opened: socket.socket, length: int) -> bytes:
    got = b""
    while len(got) < length:
        more = await asyncio.get_running_loop().sock_recv(opened, length - len(got))
        if not more:
            raise ConnectionError("the exit closed the connection")
        got += more
    return got
