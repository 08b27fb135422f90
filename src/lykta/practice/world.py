"""The whole practice world: start it, stop it, change it.

    async with World(settings) as world:
        world.remove("pictures.example/gallery")

`run` serves one until the process is told to end; `beside` serves one in a thread of its own, for code without asyncio.
"""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from functools import partial
from threading import Thread
from typing import Self

from lykta.practice.contents import place_of
from lykta.practice.dns import serve_names
from lykta.practice.mail import serve_mail
from lykta.practice.mailboxes import Mail, mails_in
from lykta.practice.notices import heed
from lykta.practice.page import serve_page
from lykta.practice.rdap import serve_registry
from lykta.practice.servers import settle
from lykta.practice.settings import PracticeSettings
from lykta.practice.state import State
from lykta.practice.web import Hosts, Visit


class World:
    """A practice world. Its verbs may be called from any thread; addresses with or without scheme and port."""

    def __init__(self, settings: PracticeSettings) -> None:
        settings.folder.mkdir(parents=True, exist_ok=True)
        self.settings = settings
        self._state = State(settings.folder)
        self._hosts = Hosts(settings, self._state)
        self._servers = AsyncExitStack()

    async def start(self) -> None:
        """Open every server, or none: OSError when a port is taken."""
        state, settings = self._state, self.settings
        async with AsyncExitStack() as servers:
            await servers.enter_async_context(serve_names(settings, state))
            await servers.enter_async_context(self._hosts.serve())
            await servers.enter_async_context(serve_registry(settings))
            await servers.enter_async_context(serve_mail(settings, partial(heed, settings=settings, state=state)))
            await servers.enter_async_context(serve_page(settings, state))
            self._servers = servers.pop_all()

    async def stop(self) -> None:
        """Close every server and connection."""
        await settle()
        await self._servers.aclose()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def remove(self, address: str, *, after_seconds: float = 0.0) -> None:
        """The host takes a content down. Raises LookupError where nothing ever was."""
        self._state.remove(place_of(address), after_seconds=after_seconds)

    def bring_back(self, address: str) -> None:
        """A removed content is there again; a moved name leads where it led at first."""
        self._state.bring_back(place_of(address))

    def move(self, name: str, *, after_seconds: float = 0.0) -> None:
        """A name leads to another country. Raises LookupError for names that cannot move."""
        self._state.move(name, after_seconds=after_seconds)

    def mails(self, mailbox: str) -> list[Mail]:
        """What lies in a mailbox, the newest first. Raises LookupError."""
        return mails_in(self.settings, mailbox)

    @property
    def visits(self) -> list[Visit]:
        """The requests that reached any host, in order."""
        return list(self._hosts.visits)


def run(settings: PracticeSettings) -> None:
    """Serve a world until SIGTERM or SIGINT, then close everything."""
    asyncio.run(_serve_until_told(settings))


async def _serve_until_told(settings: PracticeSettings) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with World(settings):
        await told.wait()


@contextmanager
def beside(settings: PracticeSettings) -> Iterator[World]:
    """A running world in a thread of its own."""
    world = World(settings)
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        thread = Thread(target=loop.run_forever, name="practice-world")
        thread.start()
        try:
            asyncio.run_coroutine_threadsafe(world.start(), loop).result()
            yield world
        finally:
            asyncio.run_coroutine_threadsafe(world.stop(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
