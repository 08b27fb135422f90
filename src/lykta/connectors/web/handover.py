"""Hands bodies from the fetcher to decoder processes and brings back facts.

A decoder that dies, hangs or answers nonsense took its content badly: the body is hostile, and the next one gets a
fresh decoder.
"""

import asyncio
import json
from asyncio.subprocess import DEVNULL, PIPE, Process

from lykta.connectors.web.facts import LONGEST_LINE, Facts, read_facts
from lykta.lib import sandbox

DECODERS = 2
"""One hostile body that takes all its time does not keep the others waiting."""
SECONDS = 10.0
"""Wall-clock bound for one body, starting the decoder included."""
BODIES = 200
"""Bodies after which a decoder is replaced, so that none lives long enough to be worth taking over."""


class Decoder:
    """One decoder process, started when it is needed."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._bodies = 0

    async def read(self, body: bytes, *, content_type: str, encoding: str, complete: bool, limit: int) -> Facts:
        """The facts of one body; never raises for what the body does."""
        about = {
            "size": len(body),
            "content_type": content_type,
            "encoding": encoding,
            "complete": complete,
            "limit": limit,
        }
        try:
            async with asyncio.timeout(SECONDS):
                return await self._ask(json.dumps(about).encode() + b"\n" + body)
        except TimeoutError:
            reason = "the content kept the decoder busy for too long"
        except (ValueError, OSError):
            reason = "the content made the decoder fail"
        # Whatever it still has to say would be taken for the answer to the next body.
        await self.stop()
        return Facts(hostile=reason)

    async def stop(self) -> None:
        """End the process; the next body starts another."""
        process, self._process, self._bodies = self._process, None, 0
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        await process.wait()

    async def _ask(self, question: bytes) -> Facts:
        if self._bodies >= BODIES or (self._process and self._process.returncode is not None):
            await self.stop()
        self._process = self._process or await _start()
        self._bodies += 1
        questions, answers = self._process.stdin, self._process.stdout
        if questions is None or answers is None:
            raise ValueError("no pipes")
        questions.write(question)
        await questions.drain()
        return read_facts(await answers.readline())


class Handover:
    """A few decoders, shared by all looks of the fetcher."""

    def __init__(self) -> None:
        self._decoders = [Decoder() for _ in range(DECODERS)]
        self._free: asyncio.Queue[Decoder] = asyncio.Queue()
        for decoder in self._decoders:
            self._free.put_nowait(decoder)

    async def read(self, body: bytes, *, content_type: str, encoding: str, complete: bool, limit: int) -> Facts:
        """The facts of one body, from whichever decoder is free first."""
        decoder = await self._free.get()
        try:
            return await decoder.read(
                body, content_type=content_type, encoding=encoding, complete=complete, limit=limit
            )
        finally:
            self._free.put_nowait(decoder)

    async def stop(self) -> None:
        for decoder in self._decoders:
            await decoder.stop()


async def _start() -> Process:
    command = [*sandbox.jail(), *sandbox.python_command("lykta.connectors.web.decoder")]
    return await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=sandbox.bare_environment(), cwd="/", limit=LONGEST_LINE
    )
