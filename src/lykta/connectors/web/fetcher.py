"""The process in whose memory alone a reported body exists: `python -I -m lykta.connectors.web.fetcher SETTINGS`.

Standard input: lines of `{"id": 1, "address": "https://…"}`. Standard output: lines of `{"id": 1, "look": {…}}`, in the
order in which they are ready. It can write to no file, dump no core and gain no privilege. It ends with its input.
"""

import asyncio
import json
import logging
import sys
from dataclasses import dataclass
from typing import Any

from lykta.connectors.contract import Hop, Look
from lykta.connectors.web.facts import LONGEST_LINE, Facts, write_look
from lykta.connectors.web.handover import Handover
from lykta.connectors.web.reading import clean
from lykta.connectors.web.verdicts import judge
from lykta.core.vocabulary import Outcome
from lykta.lib import outbound, sandbox
from lykta.lib.guard import GuardPolicy

MEMORY = 3 * 1024**3
OPEN_FILES = 512
AT_ONCE = 32
"""Looks at the same time; each may hold `max_bytes` twice."""

KEPT_HEADERS = (
    "server",
    "date",
    "last-modified",
    "etag",
    "location",
    "via",
    "content-type",
    "content-length",
    "cf-ray",
    "retry-after",
)
"""Headers that say who answered and of what age it is. Others could carry content."""

_LOG = logging.getLogger("lykta.fetcher")


@dataclass(slots=True)
class Fetcher:
    """Looks at addresses under one policy."""

    policy: GuardPolicy
    names: outbound.Names
    timeout: float
    max_bytes: int
    handover: Handover

    async def look(self, address: str) -> Look:
        """One look; what the far side does is in the answer, never an exception."""
        try:
            response = await outbound.get(
                address,
                policy=self.policy,
                resolver=self.names,
                timeout=self.timeout,
                max_bytes=self.max_bytes,
                # A bad certificate does not make the material go away, and nothing secret is sent.
                verify_tls=False,
            )
        except outbound.OutboundError as error:
            return Look(outcome=_failed(error), hops=_hops(error.hops), reason=error.reason)
        facts = await self.handover.read(
            response.body,
            content_type=response.headers.get("content-type", "")[:200],
            encoding=response.headers.get("content-encoding", ""),
            complete=response.complete,
            limit=self.max_bytes,
        )
        return self._described(response, facts)

    def _described(self, response: outbound.Response, facts: Facts) -> Look:
        outcome, reason = judge(response.status, facts)
        length: int | None = facts.length
        if facts.hostile or not response.complete:
            length = None
        kept = {name: clean(response.headers[name]) for name in KEPT_HEADERS if name in response.headers}
        return Look(
            outcome=outcome,
            hops=_hops(response.hops),
            status=response.status,
            media_type=clean(response.media_type)[:100],
            title=facts.title,
            length=length,
            sha256=facts.sha256,
            media=facts.media,
            reason=reason,
            headers=kept,
        )


def _failed(error: outbound.OutboundError) -> Outcome:
    if isinstance(error, outbound.Refused):
        return Outcome.REFUSED
    return Outcome.NO_NAME if isinstance(error, outbound.NoName) else Outcome.NO_ANSWER


def _hops(hops: tuple[outbound.Hop, ...]) -> tuple[Hop, ...]:
    return tuple(Hop(address=hop.address, ip=hop.ip, status=hop.status) for hop in hops)


async def serve(settings: dict[str, Any]) -> None:
    """Answer questions until standard input ends."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: _LOG.error("%s", type(context.get("exception")).__name__))
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    handover = Handover()
    fetcher = Fetcher(
        policy=GuardPolicy.read(only=settings["only"], ports=settings["ports"]),
        names=outbound.Names([(host, port) for host, port in settings["resolvers"]], timeout=settings["timeout"] / 2),
        timeout=settings["timeout"],
        max_bytes=settings["max_bytes"],
        handover=handover,
    )
    places = asyncio.Semaphore(AT_ONCE)
    tasks: set[asyncio.Task[None]] = set()
    while line := await reader.readline():
        question = json.loads(line)
        task = asyncio.create_task(_answer(fetcher, places, question["id"], question["address"]))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    # Nobody is left to read the answers.
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await handover.stop()


async def _answer(fetcher: Fetcher, places: asyncio.Semaphore, number: int, address: str) -> None:
    async with places:
        try:
            look = await fetcher.look(address)
        except Exception as error:  # noqa: BLE001 — whatever fails, somebody waits for this answer
            # The message could quote content; the name of the error cannot.
            _LOG.error("a look failed: %s", type(error).__name__)
            look = Look(outcome=Outcome.NO_ANSWER, reason=f"fault in the fetcher: {type(error).__name__}")
    sys.stdout.buffer.write(write_look(number, look))
    sys.stdout.buffer.flush()


def main() -> None:
    sandbox.drop_powers(memory=MEMORY, open_files=OPEN_FILES, may_start_processes=True)
    asyncio.run(serve(json.loads(sys.argv[1])))


if __name__ == "__main__":
    main()
