"""The loop of a sandboxed process: questions come in as lines, looks go out as lines.

A question is `{"id": 1, "address": "https://…"}`, an answer `{"id": 1, "look": {…}}`, in the order in which they are
ready.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable

from lykta.connectors.contract import Look
from lykta.connectors.web.facts import LONGEST_LINE, write_look
from lykta.core.vocabulary import Outcome

Looking = Callable[[str], Awaitable[Look]]

_LOG = logging.getLogger("lykta.fetcher")


async def serve(look: Looking, *, at_once: int) -> None:
    """Answer questions, so many at a time, until standard input ends."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: _LOG.error("%s", type(context.get("exception")).__name__))
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    places = asyncio.Semaphore(at_once)
    tasks: set[asyncio.Task[None]] = set()
    while line := await reader.readline():
        question = json.loads(line)
        task = asyncio.create_task(_answer(look, places, question["id"], question["address"]))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    # Nobody is left to read the answers.
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _answer(look: Looking, places: asyncio.Semaphore, number: int, address: str) -> None:
    async with places:
        try:
            found = await look(address)
        except Exception as error:  # noqa: BLE001 — whatever fails, somebody waits for this answer
            # The message could quote content; the name of the error cannot.
            _LOG.error("a look failed: %s", type(error).__name__)
            found = Look(outcome=Outcome.NO_ANSWER, reason=f"fault in the fetcher: {type(error).__name__}")
    sys.stdout.buffer.write(write_look(number, found))
    sys.stdout.buffer.flush()
