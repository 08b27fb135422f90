"""The process in whose memory alone a reported body exists: `python -I -m lykta.connectors.web.fetcher SETTINGS`.

It speaks as `serving` says. It can write to no file, dump no core and gain no privilege. It ends with its input.
"""

import asyncio
import json
import sys
from dataclasses import dataclass, field, replace
from typing import Any

from lykta.connectors.contract import Hop, Look
from lykta.connectors.web import serving
from lykta.connectors.web.facts import Facts, clean
from lykta.connectors.web.films import Projector
from lykta.connectors.web.gathering import Gatherer
from lykta.connectors.web.handover import Handover
from lykta.connectors.web.probing import Prober
from lykta.connectors.web.verdicts import judge
from lykta.core.vocabulary import Outcome
from lykta.lib import outbound, sandbox
from lykta.lib.exits import Exit
from lykta.lib.guard import GuardPolicy

MEMORY = 3 * 1024**3
OPEN_FILES = 512
AT_ONCE = 32
"""Looks at the same time; each may hold `max_bytes` twice."""

SOFT_404 = "the host answers the same for an address that cannot be there"

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
    "x-iinfo",
    "x-served-by",
    "x-sucuri-id",
    "retry-after",
)
"""Headers that say who answered and of what age it is. Others could carry content."""


@dataclass(slots=True)
class Fetcher:
    """Looks at addresses under one policy, through one exit."""

    policy: GuardPolicy
    names: outbound.Names
    through: Exit
    user_agent: str
    timeout: float
    max_bytes: int
    handover: Handover
    projector: Projector
    gatherer: Gatherer = field(init=False)
    prober: Prober = field(init=False)

    def __post_init__(self) -> None:
        self.gatherer = Gatherer(
            fetch=self._get,
            handover=self.handover,
            projector=self.projector,
            max_bytes=self.max_bytes,
            seconds=self.timeout,
        )
        self.prober = Prober(fetch=self._probe)

    async def look(self, address: str) -> Look:
        """One look; what the far side does is in the answer, never an exception."""
        try:
            response = await self._get(address, "", self.max_bytes)
        except outbound.OutboundError as error:
            return Look(outcome=outcome_of(error), hops=hops_of(error.hops), reason=error.reason)
        facts = await self.gatherer.read(response)
        look = described(response, facts)
        if look.outcome is not Outcome.PRESENT:
            return look
        if await self.prober.is_for_everything(response.address, facts):
            return replace(look, outcome=Outcome.MISSING, reason=SOFT_404)
        media = await self.gatherer.itself(response, facts) or await self.gatherer.named(response.address, facts.named)
        return replace(look, fingerprints=media)

    async def fetch(self, address: str, *, page: str) -> outbound.Response:
        """One body, whatever it is, for a look by a person. Raises OutboundError."""
        return await self._get(address, page, self.max_bytes)

    async def _get(self, address: str, page: str, max_bytes: int) -> outbound.Response:
        """`page` is the page that names the address, which some hosts want to hear. Raises OutboundError."""
        return await outbound.get(
            address,
            policy=self.policy,
            resolver=self.names,
            timeout=self.timeout,
            max_bytes=max_bytes,
            headers={"User-Agent": self.user_agent, **({"Referer": page} if page else {})},
            through=self.through,
            # A bad certificate does not make the material go away, and nothing secret is sent.
            verify_tls=False,
        )

    async def _probe(self, address: str) -> tuple[outbound.Response, Facts] | None:
        try:
            response = await self._get(address, "", self.max_bytes)
        except outbound.OutboundError:
            return None
        return response, await self.gatherer.read(response)


def described(response: outbound.Response, facts: Facts) -> Look:
    outcome, reason = judge(response.status, facts)
    length: int | None = facts.length
    if facts.hostile or not response.complete:
        length = None
    kept = {name: clean(response.headers[name]) for name in KEPT_HEADERS if name in response.headers}
    return Look(
        outcome=outcome,
        hops=hops_of(response.hops),
        status=response.status,
        media_type=clean(response.media_type)[:100],
        title=facts.title,
        length=length,
        sha256=facts.sha256,
        media=facts.media,
        pictures=facts.pictures,
        films=facts.films,
        language=facts.language,
        reason=reason,
        headers=kept,
        needs_browser=facts.scripted,
    )


def outcome_of(error: outbound.OutboundError) -> Outcome:
    if isinstance(error, outbound.Refused):
        return Outcome.REFUSED
    return Outcome.NO_NAME if isinstance(error, outbound.NoName) else Outcome.NO_ANSWER


def hops_of(hops: tuple[outbound.Hop, ...]) -> tuple[Hop, ...]:
    return tuple(Hop(address=hop.address, ip=hop.ip, status=hop.status) for hop in hops)


def make(settings: dict[str, Any], handover: Handover, projector: Projector) -> Fetcher:
    """The fetcher of the settings that `WebLooker` writes."""
    return Fetcher(
        policy=GuardPolicy.read(only=settings["only"], ports=settings["ports"]),
        names=outbound.Names(settings["resolvers"], timeout=settings["timeout"] / 2),
        through=Exit.read(settings["usual"], settings["onion"]),
        user_agent=settings["user_agent"],
        timeout=settings["timeout"],
        max_bytes=settings["max_bytes"],
        handover=handover,
        projector=projector,
    )


async def serve(settings: dict[str, Any], projector: Projector) -> None:
    """Answer questions until standard input ends."""
    handover = Handover()
    await serving.serve(make(settings, handover, projector).look, at_once=AT_ONCE)
    await handover.stop()


def main() -> None:
    settings = json.loads(sys.argv[1])
    # Its memory files are the last that this process may make.
    projector = Projector(longest=settings["max_bytes"])
    sandbox.drop_powers(memory=MEMORY, open_files=OPEN_FILES, may_start_processes=True)
    asyncio.run(serve(settings, projector))


if __name__ == "__main__":
    main()
