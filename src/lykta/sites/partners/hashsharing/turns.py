"""What one subscriber may ask in a row, so that none of them keeps the others, or the rest of this face, waiting."""

from lykta.lib import clock
from lykta.sites.common.floods import Buckets
from lykta.sites.partners.hashsharing.answers import Failed

REQUESTS = Buckets(burst=600, every=1.0, most=1_000)
"""Of each partner to one process: 600,000 entries at once, then a page a second."""
LATER = 30
"""Seconds after which a client is told to come back; common clients do so by themselves."""


def spend(slug: str) -> None:
    """Count one request of a partner. Raises Failed where it asks too often."""
    if REQUESTS.spend(slug.encode(), clock.now().timestamp()) > REQUESTS.burst:
        raise Failed(429, f"That was too much at once. Wait {LATER} seconds, and ask again.", wait=LATER)
