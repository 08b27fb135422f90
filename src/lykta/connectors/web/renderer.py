"""The process that looks at pages with a browser: `python -I -m lykta.connectors.web.renderer SETTINGS`.

Like `fetcher`, and it speaks as `serving` says; but it may start a browser, which needs more memory than the bounds of
this process, so those can be lifted again. What the browser has built goes to the decoder like any other body.
"""

import asyncio
import functools
import json
import sys
from dataclasses import dataclass, replace
from typing import Any

from lykta.connectors.contract import Look
from lykta.connectors.web import browser, fetcher, serving
from lykta.connectors.web.fetcher import Fetcher
from lykta.connectors.web.films import Projector
from lykta.connectors.web.handover import Handover
from lykta.core.vocabulary import Outcome
from lykta.lib import outbound, sandbox

AT_ONCE = 2
"""Browsers at the same time; each may hold `browser.MEMORY`."""
MORE_SECONDS = 20.0
"""What a browser may take beyond a look without one: to start, to load, to come to rest."""
MOST_HOSTS = 100


@dataclass(slots=True)
class Renderer:
    """Looks at addresses with a browser, under the policy and through the exit of a fetcher."""

    fetcher: Fetcher
    user_agent: str

    async def look(self, address: str) -> Look:
        """One look; what the far side does is in the answer, never an exception."""
        dial = functools.partial(
            outbound.dial, policy=self.fetcher.policy, resolver=self.fetcher.names, through=self.fetcher.through
        )
        seconds = self.fetcher.timeout + MORE_SECONDS
        try:
            page = await browser.render(address, dial=dial, seconds=seconds, user_agent=self.user_agent)
        except outbound.OutboundError as error:
            hops = fetcher.hops_of(error.hops)
            return Look(outcome=fetcher.outcome_of(error), hops=hops, reason=error.reason, rendered=True)
        return await self._read(page)

    async def _read(self, page: browser.Rendered) -> Look:
        response = outbound.Response(
            status=page.hops[-1].status,
            headers={"content-type": "text/html; charset=utf-8"},
            body=page.html.encode("utf-8", "replace"),
            complete=True,
            hops=page.hops,
        )
        facts = await self.fetcher.gatherer.read(response)
        look = replace(
            fetcher.described(response, facts),
            # A digest of what a script builds is that of no file, and would be another one tomorrow.
            sha256="",
            headers={},
            needs_browser=False,
            rendered=True,
            hosts=page.hosts[:MOST_HOSTS],
            calls_refused=page.calls_refused,
        )
        if look.outcome is not Outcome.PRESENT:
            return look
        media = list(dict.fromkeys([*page.media, *facts.named]))
        return replace(look, fingerprints=await self.fetcher.gatherer.named(page.address, media))


async def serve(settings: dict[str, Any], projector: Projector) -> None:
    """Answer questions until standard input ends."""
    handover = Handover()
    renderer = Renderer(fetcher.make(settings, handover, projector), settings["browser_agent"])
    await serving.serve(renderer.look, at_once=AT_ONCE)
    await handover.stop()


def main() -> None:
    settings = json.loads(sys.argv[1])
    projector = Projector(longest=settings["max_bytes"])
    sandbox.drop_powers(
        memory=fetcher.MEMORY, open_files=fetcher.OPEN_FILES, may_start_processes=True, children_may_more=True
    )
    asyncio.run(serve(settings, projector))


if __name__ == "__main__":
    main()
