"""The browser's only way out: a proxy that connects through the guard, and only to hosts that the page has asked for.

The browser calls its maker on its own account as well. Such calls name hosts that no request of the page named before;
they are closed unanswered and counted, so no list of the maker's names has to be kept.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lykta.lib.outbound import OutboundError

Place = tuple[str, int]
Dial = Callable[[str, int], Awaitable[tuple[socket.socket, str]]]

LONGEST_HEAD = 64 * 1024
PIECE = 64 * 1024
HOP_BY_HOP = (b"connection:", b"proxy-", b"keep-alive:")


def place_of(address: str) -> Place | None:
    """Host and port of a web address; None for any other."""
    try:
        parts = urlsplit(address)
        usual = {"http": 80, "https": 443}[parts.scheme]
        port = parts.port or usual
    except (ValueError, KeyError):
        return None
    return ((parts.hostname or "").lower(), port) if parts.hostname else None


@dataclass(slots=True)
class FilteringProxy:
    """`left` bytes may still come, for all connections together; then they are cut."""

    dial: Dial
    left: int
    allowed: set[tuple[Place, bool]] = field(default_factory=set)
    reached: dict[Place, str] = field(default_factory=dict)
    faults: dict[Place, OutboundError] = field(default_factory=dict)
    calls_refused: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def listen(self, listening: socket.socket) -> asyncio.Server:
        """Serve a socket of the jail's."""
        return await asyncio.start_server(self._serve, sock=listening, limit=LONGEST_HEAD)

    async def close(self) -> None:
        """End every connection."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            await self._answer(reader, writer)
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError, asyncio.CancelledError):
            # An answer of ours would look like the page's own; a closed connection does not.
            return
        finally:
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n", 1)[0].decode("ascii").split(" ")
        tunnel = method == "CONNECT"
        place = place_of(f"http://{target}" if tunnel else target)
        plain = target.startswith("http://")
        if place is None or plain == tunnel or (place, tunnel) not in self.allowed:
            self.calls_refused += 1
            return
        length = _length(head)
        opened = await self._open(place)
        if opened is None:
            return
        far, to_far = await asyncio.open_connection(sock=opened, limit=LONGEST_HEAD)
        try:
            if tunnel:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                sending = asyncio.create_task(_pour(reader, to_far))
            else:
                to_far.write(_rewritten(head, method, target))
                sending = asyncio.create_task(_send(reader, to_far, length))
            try:
                await self._bring(far, writer)
            finally:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
        finally:
            to_far.transport.abort()

    async def _open(self, place: Place) -> socket.socket | None:
        try:
            opened, self.reached[place] = await self.dial(*place)
        except OutboundError as error:
            self.faults[place] = error
            return None
        return opened

    async def _bring(self, far: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await far.read(PIECE):
            self.left -= len(piece)
            if self.left < 0:
                raise EOFError
            writer.write(piece)
            await writer.drain()
        # Not ended at once, which would drop what the browser has not taken yet.
        writer.close()
        await writer.wait_closed()

    def allow(self, address: str, place: Place) -> None:
        """Let the host of an address be connected to: by a tunnel if and only if the address is https.

        Web sockets come in tunnels as well. So those without encryption lead nowhere; the others lead to hosts only
        that the page has asked for something else.
        """
        self.allowed.add((place, address.startswith("https:")))

    def fault(self, address: str) -> OutboundError | None:
        """Why the host of an address was not connected to."""
        place = place_of(address)
        return self.faults.get(place) if place else None


def _rewritten(head: bytes, method: str, target: str) -> bytes:
    """The request as the host expects it: without the host in its first line, for one answer only."""
    parts = urlsplit(target)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [line for line in head.split(b"\r\n")[1:-2] if not line.lower().startswith(HOP_BY_HOP)]
    return b"\r\n".join([f"{method} {path} HTTP/1.1".encode("ascii"), *lines, b"Connection: close", b"", b""])


def _length(head: bytes) -> int:
    """Bytes of the request's body. Raises ValueError for one that does not say."""
    found = [line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    if b"\r\ntransfer-encoding:" in head.lower():
        raise ValueError("a body of unknown length")
    return int(found[0]) if found else 0


async def _send(reader: asyncio.StreamReader, to_far: asyncio.StreamWriter, length: int) -> None:
    """The body of one request. What follows on the same connection may be meant for another host."""
    while length > 0 and (piece := await reader.read(min(PIECE, length))):
        length -= len(piece)
        to_far.write(piece)
        await to_far.drain()


async def _pour(reader: asyncio.StreamReader, to_far: asyncio.StreamWriter) -> None:
    while piece := await reader.read(PIECE):
        to_far.write(piece)
        await to_far.drain()
