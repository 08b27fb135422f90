"""One question to one WHOIS server (RFC 3912): a line out, text back, within bounds and past the guard."""

import asyncio
from dataclasses import dataclass, replace

from lykta.lib.exits import DIRECT, Exit
from lykta.lib.guard import GuardPolicy
from lykta.lib.outbound import Names, NoAnswer, dial
from lykta.lib.resolvers import Resolvers

MAX_BYTES = 65_536
"""No registration is longer; what is behind is not read."""


@dataclass(frozen=True, slots=True)
class Client:
    """Asks on one port only, and only where the policy lets it; names are resolved by the hotline's own servers."""

    policy: GuardPolicy
    resolvers: Resolvers
    port: int = 43
    timeout: float = 10.0
    through: Exit = DIRECT

    def ask(self, server: str, question: str) -> str:
        """The whole answer as text. Raises Refused or NoAnswer."""
        try:
            return asyncio.run(self._ask(server, question))
        except TimeoutError as error:
            raise NoAnswer(f"no answer within {self.timeout:g} seconds") from error
        except OSError as error:
            raise NoAnswer(f"no connection: {error.strerror or type(error).__name__}") from error

    async def _ask(self, server: str, question: str) -> str:
        policy = replace(self.policy, ports=frozenset({self.port}))
        names = Names(self.resolvers, timeout=self.timeout / 2)
        async with asyncio.timeout(self.timeout):
            opened, _ = await dial(server, self.port, policy=policy, resolver=names, through=self.through)
            reader, writer = await asyncio.open_connection(sock=opened)
            try:
                writer.write(f"{question}\r\n".encode("ascii"))
                await writer.drain()
                return _text(await _read(reader))
            finally:
                writer.transport.abort()


async def _read(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while len(body) < MAX_BYTES and (chunk := await reader.read(MAX_BYTES - len(body))):
        body += chunk
    return bytes(body)


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("latin-1")
