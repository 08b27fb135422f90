"""What of a picture leaves the decoder to be looked at: a few thousand pixels and nothing else.

The decoder reads hostile bytes, so its answer is read as if it had been taken over: pixels have no format that could
attack whoever shows them, and their number is bounded and exact. Outside, `png` makes a file of them anew.
"""

import asyncio
import io
import json
from dataclasses import asdict, dataclass, field

from PIL import Image

from lykta.connectors.web.facts import clean

LARGEST = 160
"""Pixels of the longer side of one picture."""
SHEET = 3
"""Stills of a film in a row, and rows."""
GAP = 4
LONGEST_SIDE = SHEET * LARGEST + (SHEET - 1) * GAP


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a picture is made small: pixels of its longer side, grey or not, and the radius of the blur in pixels."""

    side: int
    gray: bool
    blur: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduced:
    """A small picture: rows of one byte a pixel if `gray`, else three. `problem` says why there is none, or ""."""

    width: int = 0
    height: int = 0
    gray: bool = True
    problem: str = ""
    pixels: bytes = field(default=b"", repr=False)


def write_reduced(reduced: Reduced) -> bytes:
    """A line that describes it, then its pixels."""
    about = asdict(reduced)
    del about["pixels"]
    return json.dumps(about).encode() + b"\n" + reduced.pixels


async def read_reduced(answers: asyncio.StreamReader) -> Reduced:
    """Read what `write_reduced` wrote. Raises ValueError, IncompleteReadError."""
    given = json.loads(await answers.readline())
    if not isinstance(given, dict) or set(given) != {"width", "height", "gray", "problem"}:
        raise ValueError("not a small picture")
    width, height, problem = given["width"], given["height"], given["problem"]
    if not isinstance(problem, str) or type(width) is not int or type(height) is not int:
        raise ValueError("not a small picture")
    if problem:
        return Reduced(problem=clean(problem))
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
        raise ValueError("not a small picture")
    gray = given["gray"] is True
    pixels = await answers.readexactly(width * height * (1 if gray else 3))
    return Reduced(width=width, height=height, gray=gray, pixels=pixels)


def png(reduced: Reduced) -> bytes:
    """The pixels as a PNG file with nothing else in it."""
    made = io.BytesIO()
    size = (reduced.width, reduced.height)
    Image.frombytes("L" if reduced.gray else "RGB", size, reduced.pixels).save(made, "PNG")
    return made.getvalue()
