"""Films by the rule of vPDQ: enough of one's frames are near to frames of the other.

ThreatExchange, vpdq/README.md: a PDQ hash for each second, those of low quality left out, and a match if 80 % of the
query's frames have a near one in the film. In the index each frame is a hash of its film's row.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lykta.lib.matching.journal import Digests
from lykta.lib.matching.near import FAR, NearIndex

GOOD = 50
"""Quality, 0 to 100, below which a frame resembles too many others: fades, title cards."""
ENOUGH = 80
"""Of 100 frames."""


class Match(NamedTuple):
    """A film of the index, and how many of 100 frames of the query it has something near to."""

    row: int
    share: float


def telling(frames: Digests, qualities: NDArray[np.integer]) -> Digests:
    """The frames (n × 32 bytes) that say something of a film, each once: what to add to an index, and to ask for."""
    return np.unique(frames[qualities >= GOOD], axis=0)


def find_films(index: NearIndex, frames: Digests, *, enough: float = ENOUGH, distance: int = FAR) -> list[Match]:
    """Films that have something near to `enough` of 100 `telling` frames, the most similar first.

    Each of the frames is looked for in full, so none of the films is missed. Raises ValueError.
    """
    if not len(frames):
        return []
    rows, counts = np.unique(index.find_many(frames, distance).rows, return_counts=True)
    shares = counts * 100 / len(frames)
    found = [Match(row, share) for row, share in zip(rows.tolist(), shares.tolist(), strict=True) if share >= enough]
    return sorted(found, key=lambda match: (-match.share, match.row))
