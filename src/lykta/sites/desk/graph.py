"""Related cases as a small drawing: this case in the middle, the others around it, the nearest link the thickest.

Made on the server of nothing but numbers; the list beside it says the same in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from lykta.records.cases.relating import RelatedCase

WIDTH, HEIGHT = 420, 260
_REACH = (150, 90)
_THICKEST = 8.0


@dataclass(frozen=True, slots=True)
class Node:
    """One case of the drawing: where it is, and how thick the line to the middle is (in units of the drawing)."""

    found: RelatedCase
    x: float
    y: float
    thick: float


def nodes(found: Sequence[RelatedCase]) -> list[Node]:
    """The cases around the middle, clockwise from the top, as many as there are."""
    most = max((one.weight for one in found), default=1)
    return [
        Node(
            found=one,
            x=round(WIDTH / 2 + _REACH[0] * sin(2 * pi * place / len(found)), 1),
            y=round(HEIGHT / 2 - _REACH[1] * cos(2 * pi * place / len(found)), 1),
            thick=round(max(1.0, _THICKEST * one.weight / most), 1),
        )
        for place, one in enumerate(found)
    ]
