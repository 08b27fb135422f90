"""The process that shows one picture or film and ends: `python -I -m lykta.connectors.web.viewer SETTINGS`.

Standard input: one line, a `contract.View` as JSON. Standard output: one line, {"problem", "length", "facts"}, then a
PNG of so many bytes; the facts are those that tell the file from others. Like the fetcher it has the network, through
the guard, and can write no file; a decoder reads what came.
What it held goes back to the kernel when it ends, a moment after the look. Started by `viewing.Porter`.
"""

import asyncio
import json
import sys
from dataclasses import asdict
from typing import Any

from lykta.connectors.contract import View
from lykta.connectors.web import fetcher
from lykta.connectors.web.facts import LONGEST_LINE, Facts, clean, telling
from lykta.connectors.web.fetcher import Fetcher
from lykta.connectors.web.films import Projector
from lykta.connectors.web.handover import Handover
from lykta.connectors.web.kinds import is_film
from lykta.connectors.web.reduced import Form, Reduced, png
from lykta.lib import outbound, sandbox

MEMORY = 1024**3
OPEN_FILES = 64
CHANGED = "It is another file than when it was traced. Trace it again first, so that it is compared with what is known."


async def show(view: View, by: Fetcher) -> tuple[Reduced, Facts]:
    """Fetch it, and have a decoder make it small; what the far side does is in the answer, never an exception."""
    try:
        response = await by.fetch(view.address, page=view.page)
    except outbound.OutboundError as error:
        return Reduced(problem=error.reason), Facts()
    if not 200 <= response.status < 300:
        return Reduced(problem=f"The server answers {response.status}."), Facts()
    facts = await by.gatherer.read(response)
    if facts.hostile:
        return Reduced(problem=facts.hostile), facts
    if view.sha256 and facts.sha256 != view.sha256:
        return Reduced(problem=CHANGED), facts
    return await _reduce(response, facts, view, by), facts


async def _reduce(response: outbound.Response, facts: Facts, view: View, by: Fetcher) -> Reduced:
    form = asdict(Form(side=view.side, gray=view.gray, blur=view.blur))
    if not is_film(facts.kind):
        encoding = response.headers.get("content-encoding", "")[:200]
        return await by.handover.reduce(response.body, reduce=form, encoding=encoding, limit=by.max_bytes)
    stills, problem = await by.projector.stills(response.body, side=view.side)
    if problem:
        return Reduced(problem=problem)
    sizes = [(one.width, one.height) for one in stills]
    return await by.handover.reduce(b"".join(one.brightness for one in stills), reduce=form, stills=sizes)


async def answer(view: View, settings: dict[str, Any], projector: Projector) -> bytes:
    """One line, then the picture."""
    handover = Handover()
    try:
        reduced, facts = await show(view, fetcher.make(settings, handover, projector))
    finally:
        await handover.stop()
    picture = b"" if reduced.problem else png(reduced)
    about = {"problem": clean(reduced.problem), "length": len(picture), "facts": telling(facts)}
    return json.dumps(about).encode() + b"\n" + picture


def main() -> None:
    settings = json.loads(sys.argv[1])
    view = View(**json.loads(sys.stdin.buffer.readline(LONGEST_LINE)))
    # Its memory files are the last that this process may make.
    projector = Projector(longest=settings["max_bytes"])
    sandbox.drop_powers(memory=MEMORY, open_files=OPEN_FILES, may_start_processes=True)
    sys.stdout.buffer.write(asyncio.run(answer(view, settings, projector)))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
