"""Films by the rule of vPDQ: enough of one's frames are near to frames of the other.

ThreatExchange, vpdq/README.md: a PDQ hash for each second, those of low quality left out, and a match if 80 % of the
query's frames have a near one in the film.
"""

from collections.abc import Hashable, Iterable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lykta.core.matching import GOOD
from lykta.lib.matching.journal import Digests

ENOUGH = 80
"""Of 100 frames."""

Film = TypeVar("Film", bound=Hashable)
Frame = TypeVar("Frame", bound=Hashable)


def telling(frames: Digests, qualities: NDArray[np.integer]) -> Digests:
    """The frames (n × 32 bytes) that say something of a film, each once: what to add to an index, and to ask for."""
    return np.unique(frames[qualities >= GOOD], axis=0)


def shared_by(near: Iterable[tuple[Film, Frame]], frames: int) -> dict[Film, int]:
    """The films that have something near to `ENOUGH` of 100 of all the `frames` of a query, and to how many of them.

    `near` has a film with a frame of the query for each frame of the film that is near to it; a frame that is near to
    several of one film counts once.
    """
    shared: dict[Film, set[Frame]] = {}
    for film, frame in near:
        shared.setdefault(film, set()).add(frame)
    return {film: len(some) for film, some in shared.items() if 100 * len(some) >= ENOUGH * frames}
