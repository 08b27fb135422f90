"""Fingerprints a file of this machine as a look does those of others: decoded in the sandbox, and kept nowhere."""

import asyncio

from lykta.connectors.contract import Medium
from lykta.connectors.web.films import Projector
from lykta.connectors.web.gathering import fingerprinted
from lykta.connectors.web.handover import Handover

LONGEST = 256_000_000
"""Bytes; the decoder has to hold all of it."""


def fingerprint(body: bytes) -> Medium:
    """Digests of anything, and the looks of a picture or a film; `problem` says what could not be learnt.

    Raises ValueError for more than `LONGEST` bytes, OSError where the machine has no memory files.
    """
    if len(body) > LONGEST:
        raise ValueError(f"The file has more than {LONGEST:,} bytes.")
    return asyncio.run(_fingerprint(body))


async def _fingerprint(body: bytes) -> Medium:
    handover, projector = Handover(), Projector(longest=max(1, len(body)))
    try:
        facts = await handover.read(body, content_type="", encoding="", complete=True, limit=len(body))
        return await fingerprinted(body, facts, handover=handover, projector=projector)
    finally:
        await handover.stop()
        projector.close()
