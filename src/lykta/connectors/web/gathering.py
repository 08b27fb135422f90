"""Fetches the pictures and films that a page names, and has them fingerprinted. Runs in the fetcher.

How many and how much is bounded: what a page is known by stands among its first pictures, and a page that names
thousands must not keep others waiting.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from lykta.connectors.contract import Frame, Medium
from lykta.connectors.web.facts import Facts
from lykta.connectors.web.films import Projector
from lykta.connectors.web.handover import Handover
from lykta.connectors.web.kinds import is_film
from lykta.lib import outbound

MOST = 24
"""Pictures and films of one page that are fetched."""
AT_ONCE = 4
"""Of one page."""
AT_ONCE_IN_ALL = 16
PAGE_SHARE = 4
"""Bytes of all media of one page, as a multiple of the bound for one body."""

Fetch = Callable[[str, str, int], Awaitable[outbound.Response]]
"""Address, the page that names it, the most bytes → what came. Raises OutboundError."""


@dataclass(slots=True)
class Gatherer:
    """Looks at media. `max_bytes` bounds each body, `seconds` all of one page."""

    fetch: Fetch
    handover: Handover
    projector: Projector
    max_bytes: int
    seconds: float
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE_IN_ALL))

    async def read(self, response: outbound.Response) -> Facts:
        """The facts of one body."""
        return await self.handover.read(
            response.body,
            content_type=response.headers.get("content-type", "")[:200],
            encoding=response.headers.get("content-encoding", "")[:200],
            complete=response.complete,
            limit=self.max_bytes,
            address=response.address,
        )

    async def itself(self, response: outbound.Response, facts: Facts) -> tuple[Medium, ...]:
        """The body of a look where it is a picture or a film, else nothing."""
        if facts.picture is None and not is_film(facts.kind):
            return ()
        return (await self._medium(response.address, response, facts),)

    async def named(self, page: str, addresses: Sequence[str]) -> tuple[Medium, ...]:
        """The first of the media that a page names, in its order; of those that did not come, why."""
        wanted = [address for address in addresses if address != page][:MOST]
        budget = _Budget(PAGE_SHARE * self.max_bytes)
        turns = asyncio.Semaphore(AT_ONCE)
        tasks = [asyncio.create_task(self._one(address, page, budget, turns)) for address in wanted]
        if not tasks:
            return ()
        _, late = await asyncio.wait(tasks, timeout=self.seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return tuple(
            Medium(address=address, problem=f"not fetched within {self.seconds:g} seconds for the page")
            if task in late
            else task.result()
            for address, task in zip(wanted, tasks, strict=True)
        )

    async def _one(self, address: str, page: str, budget: "_Budget", turns: asyncio.Semaphore) -> Medium:
        async with turns, self.places:
            room = min(self.max_bytes, budget.left)
            if room <= 0:
                return Medium(address=address, problem="not fetched: the page names more bytes than one look may take")
            try:
                response = await self.fetch(address, page, room)
            except outbound.OutboundError as error:
                return Medium(address=address, problem=error.reason[:300])
            budget.left -= len(response.body)
            if not 200 <= response.status < 300:
                return Medium(address=address, problem=f"the server answers {response.status}")
            return await self._medium(address, response, await self.read(response))

    async def _medium(self, address: str, response: outbound.Response, facts: Facts) -> Medium:
        packed = response.headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}
        made = await fingerprinted(
            response.body,
            facts,
            handover=self.handover,
            projector=None if packed else self.projector,
            complete=response.complete,
        )
        return replace(made, address=address)


async def fingerprinted(
    body: bytes, facts: Facts, *, handover: Handover, projector: Projector | None, complete: bool = True
) -> Medium:
    """The fingerprints of a body of which these are the facts; without a projector a film gets no frames."""
    picture = facts.picture
    problem = facts.hostile or (picture.problem if picture else _not_decoded(facts.kind))
    frames, why = await _frames(body, facts, handover, projector)
    if not facts.hostile and not complete:
        problem = f"longer than {len(body)} bytes: no digest"
    return Medium(
        address="",
        media_type=facts.kind,
        length=facts.length if complete and not facts.hostile else None,
        sha256=facts.sha256,
        sha1=facts.sha1,
        md5=facts.md5,
        width=picture.width if picture else 0,
        height=picture.height if picture else 0,
        frame_count=picture.frames if picture else 0,
        pdq=picture.hashes if picture else (),
        quality=picture.quality if picture else 0,
        frames=frames,
        problem="; ".join(words for words in (problem, why) if words),
    )


async def _frames(
    body: bytes, facts: Facts, handover: Handover, projector: Projector | None
) -> tuple[tuple[Frame, ...], str]:
    if not is_film(facts.kind):
        return (), ""
    if projector is None:
        return (), "no frames: the film is compressed on the way"
    return await projector.show(body, handover)


def _not_decoded(kind: str) -> str:
    return f"no hash: {kind} is not decoded" if kind.startswith("image/") else ""


@dataclass(slots=True)
class _Budget:
    left: int
