"""Finds out whether a host answers the same for an address that cannot be there: a soft 404. Runs in the fetcher.

A server that says “gone” in words that nobody has listed, or sends everybody to a start page, answers 200. Asked for a
made-up name beside the real one it answers the same page. One such question a host and day.
"""

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from lykta.connectors.web.facts import Facts
from lykta.lib import outbound

DAY = 86_400.0
"""Seconds for which an answer is believed."""
MOST_HOSTS = 2_000
NEAR = 3
"""Of 64 bits: the same page with a fortieth of its words changed differs in two or three, another page in about 28."""
FEW_MEDIA = 2
"""A page that shows more than a logo is not a message, even if the host shows it under every name."""

Fetch = Callable[[str], Coroutine[None, None, tuple[outbound.Response, Facts] | None]]
"""Address → what came and what it says, None where nothing came."""


@dataclass(frozen=True, slots=True)
class _Probe:
    """When a host was asked, and what it answers, perhaps not yet."""

    asked: float
    answer: asyncio.Future[tuple[outbound.Response, Facts] | None]


@dataclass(slots=True)
class Prober:
    """Remembers what hosts answer to made-up names; forgets the oldest."""

    fetch: Fetch
    now: Callable[[], float] = time.monotonic
    _known: OrderedDict[str, _Probe] = field(default_factory=OrderedDict)

    async def is_for_everything(self, address: str, facts: Facts) -> bool:
        """Whether the page at an address, of a 200, is what its host answers to any name."""
        parts = urlsplit(address)
        if not facts.likeness or facts.media > FEW_MEDIA or parts.path.rstrip("/") == "":
            # Nothing to compare; or a page with content; or the start page itself.
            return False
        # Looks at the same host wait for one answer; a look that is given up does not take it from the others.
        came = await asyncio.shield(self._probe(f"{parts.scheme}://{parts.netloc}", address).answer)
        if came is None or not 200 <= came[0].status < 300:
            return False
        made_up = came[1]
        return (
            made_up.title == facts.title
            and made_up.likeness != ""
            and (int(made_up.likeness, 16) ^ int(facts.likeness, 16)).bit_count() <= NEAR
        )

    def _probe(self, host: str, address: str) -> _Probe:
        known = self._known.get(host)
        if known is None or self.now() - known.asked >= DAY:
            known = self._known[host] = _Probe(self.now(), asyncio.ensure_future(self.fetch(sibling(address))))
            self._known.move_to_end(host)
        while len(self._known) > MOST_HOSTS:
            self._known.popitem(last=False)
        return known


def sibling(address: str) -> str:
    """An address beside this one that cannot be there: in the same folder, with the same ending, a random name."""
    parts = urlsplit(address)
    folder, _, name = parts.path.rstrip("/").rpartition("/")
    dot, ending = name.rpartition(".")[1:] if "." in name else ("", "")
    path = f"{folder}/{secrets.token_hex(8)}{dot}{ending}"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))
