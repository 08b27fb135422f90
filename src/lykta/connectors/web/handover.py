"""Hands bodies from the fetcher to decoder processes and brings back facts.

A decoder that dies, hangs or answers nonsense took its content badly: the body is hostile, and the next one gets a
fresh decoder.
"""

import asyncio
import json
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

from lykta.connectors.web.facts import LONGEST_LINE, Facts, Picture, read_facts
from lykta.connectors.web.reduced import Reduced, read_reduced
from lykta.lib import sandbox

Answer = TypeVar("Answer")
Read = Callable[[asyncio.StreamReader], Awaitable[Answer]]
"""Reads one answer of a decoder. Raises ValueError or IncompleteReadError for what is none."""

DECODERS = 2
"""One hostile body that takes all its time does not keep the others waiting."""
SECONDS = 10.0
"""Wall-clock bound for one body, starting the decoder included."""
BODIES = 200
"""Bodies after which a decoder is replaced, so that none lives long enough to be worth taking over."""


class DecoderDied(Exception):
    """The body took its decoder with it; the message says how."""


class Decoder:
    """One decoder process, started when it is needed."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._bodies = 0

    async def read(self, body: bytes, **about: Any) -> Facts:
        """The facts of one body, of which `about` says what `reading.read_body` is to know. Raises DecoderDied."""
        return await self._exchange(body, about, _read_facts)

    async def reduce(self, body: bytes, **about: Any) -> Reduced:
        """A small picture of one body or of the stills of a film: see `decoder.serve`. Raises DecoderDied."""
        return await self._exchange(body, about, read_reduced)

    async def _exchange(self, body: bytes, about: dict[str, Any], read: Read[Answer]) -> Answer:
        question = json.dumps({"size": len(body), **about}).encode() + b"\n" + body
        answered = False
        try:
            async with asyncio.timeout(SECONDS):
                answer = await self._ask(question, read)
            answered = True
        except TimeoutError as error:
            raise DecoderDied("the content kept the decoder busy for too long") from error
        except (ValueError, OSError, asyncio.IncompleteReadError) as error:
            raise DecoderDied("the content made the decoder fail") from error
        finally:
            # Whatever it still has to say would be taken for the answer to the next body; so too if nobody waits.
            if not answered:
                await self.stop()
        return answer

    async def stop(self) -> None:
        """End the process; the next body starts another."""
        process, self._process, self._bodies = self._process, None, 0
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        await process.wait()

    async def _ask(self, question: bytes, read: Read[Answer]) -> Answer:
        if self._bodies >= BODIES or (self._process and self._process.returncode is not None):
            await self.stop()
        self._process = self._process or await _start()
        self._bodies += 1
        questions, answers = self._process.stdin, self._process.stdout
        if questions is None or answers is None:
            raise ValueError("no pipes")
        questions.write(question)
        await questions.drain()
        return await read(answers)


class Handover:
    """A few decoders, shared by all looks of the fetcher."""

    def __init__(self) -> None:
        self._decoders = [Decoder() for _ in range(DECODERS)]
        self._free: asyncio.Queue[Decoder] = asyncio.Queue()
        for decoder in self._decoders:
            self._free.put_nowait(decoder)

    async def read(
        self, body: bytes, *, content_type: str, encoding: str, complete: bool, limit: int, address: str = ""
    ) -> Facts:
        """The facts of one body, from whichever decoder is free first; never raises for what the body does.

        Of a body that a decoder died of, another one makes the digests alone: they may be on a list all the same.
        """
        about = {"encoding": encoding, "complete": complete, "limit": limit, "address": address}
        try:
            return await self._ask(body, content_type=content_type, **about)
        except DecoderDied as died:
            reason = str(died)
        try:
            return replace(await self._ask(body, content_type="", opaque=True, **about), hostile=reason)
        except DecoderDied:
            return Facts(hostile=reason)

    async def read_frame(self, brightness: bytes, *, width: int, height: int) -> Picture:
        """What one frame of a film looks like."""
        try:
            facts = await self._ask(brightness, frame=[width, height])
        except DecoderDied as died:
            return Picture(problem=str(died))
        return facts.picture or Picture(problem="the decoder did not look at it")

    async def reduce(self, body: bytes, **about: Any) -> Reduced:
        """A small picture of a body, or of a film's stills, and in words why there is none."""
        decoder = await self._free.get()
        try:
            return await decoder.reduce(body, **about)
        except DecoderDied as died:
            return Reduced(problem=str(died))
        finally:
            self._free.put_nowait(decoder)

    async def _ask(self, body: bytes, **about: Any) -> Facts:
        decoder = await self._free.get()
        try:
            return await decoder.read(body, **about)
        finally:
            self._free.put_nowait(decoder)

    async def stop(self) -> None:
        for decoder in self._decoders:
            await decoder.stop()


async def _read_facts(answers: asyncio.StreamReader) -> Facts:
    return read_facts(await answers.readline())


async def _start() -> Process:
    command = [*sandbox.jail(), *sandbox.python_command("lykta.connectors.web.decoder")]
    # The mathematics library would start a thread for every processor, and may start none.
    environment = {**sandbox.bare_environment(), "OPENBLAS_NUM_THREADS": "1"}
    return await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment, cwd="/", limit=LONGEST_LINE
    )
