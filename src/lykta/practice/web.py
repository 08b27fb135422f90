"""The hosts: one HTTP application on all their addresses, told apart by local address and Host header."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from lykta.practice import atlas
from lykta.practice.answers import answer, error_page
from lykta.practice.contents import CONTENTS
from lykta.practice.servers import listening
from lykta.practice.settings import HOME, PracticeSettings
from lykta.practice.state import State


@dataclass(frozen=True, slots=True)
class Visit:
    """One request that reached a host: the server's address, the site asked for, the path."""

    address: str
    host: str
    path: str


class Hosts:
    """All web servers of the world. `visits` holds the latest 10,000 requests, in order.

    127.0.0.1 listens too: it stands for the inside of somebody's network, which no client may be lured into.
    """

    def __init__(self, settings: PracticeSettings, state: State) -> None:
        self._settings = settings
        self._state = state
        self.visits: deque[Visit] = deque(maxlen=10_000)

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[None]:
        """Answer on every address that has a site until left."""
        app = web.Application()
        app.router.add_get("/{path:.*}", self._handle)
        async with listening(app, [HOME, *_server_addresses()], self._settings.web_port):
            yield

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        local = _local_address(request)
        host = request.host.partition(":")[0].lower()
        self.visits.append(Visit(local, host, request.path))
        await asyncio.sleep(self._settings.latency_seconds)
        if local == HOME:
            return web.Response(text="The inside of a network. No visitor should be here.")
        if host == local:
            host = self._first_site_at(local)
        content = CONTENTS.get(host + request.path)
        if content is None or not self._state.serves(local, host) or self._state.is_removed(content.place):
            return error_page(404)
        return await answer(request, content, self._settings)

    def _first_site_at(self, address: str) -> str:
        """As servers do when they are asked by their bare address."""
        hosts = (content.host for content in CONTENTS.values())
        return next((host for host in hosts if self._state.serves(address, host)), "")


def _local_address(request: web.Request) -> str:
    if request.transport is None:
        raise ConnectionResetError("The visitor has left.")
    address: str = request.transport.get_extra_info("sockname")[0]
    return address


def _server_addresses() -> list[str]:
    """The addresses in the networks of the world under which some site is, was or will be."""
    found = (atlas.follow(content.host) for content in CONTENTS.values())
    names = [name for _, name in filter(None, found)]
    addresses = {place for name in names for place in (*name.addresses, name.origin, name.moves_to) if place}
    return sorted(addresses - {HOME})
