"""How the world's servers start and stop."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiohttp import web

_LAST_SECONDS = 0.1
_TURNS = 6


async def settle() -> None:
    """Let the loop turn a few times.

    asyncio takes some turns from accepting a connection to telling the server of it, and some to close one: a server
    that stops in between would leave that connection open.
    """
    for _ in range(_TURNS):
        await asyncio.sleep(0)


@asynccontextmanager
async def listening(app: web.Application, addresses: Iterable[str], port: int) -> AsyncIterator[None]:
    """One application on the same port of several addresses. Requests that still run when it ends are cut off."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_LAST_SECONDS)
    await runner.setup()
    try:
        for address in addresses:
            await web.TCPSite(runner, address, port).start()
        yield
    finally:
        for site in list(runner.sites):
            await site.stop()
        await settle()
        await runner.cleanup()
        await settle()
