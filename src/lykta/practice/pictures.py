"""Harmless pictures: coloured rings drawn from a seed, as PNG (ISO/IEC 15948), with the standard library alone."""

import random
import struct
import zlib
from math import hypot

MARKER = b"lykta-practice-picture"
"""Every picture of the world carries this, so that a test can search for where a picture went."""

_SIDE = 96


def draw(seed: str, *, marker: bytes = MARKER) -> bytes:
    """A square PNG that depends only on the seed, with the marker in a tEXt chunk and in the first pixels."""
    drawn = rows(seed, marker=marker)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)),
            _chunk(b"tEXt", b"Comment\0" + marker),
            _chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in drawn))),
            _chunk(b"IEND", b""),
        )
    )


def rows(seed: str, *, marker: bytes = MARKER) -> list[bytes]:
    """The rows of pixels of a picture, three bytes each, with the marker in the first of them."""
    chance = random.Random(seed)
    colours = [bytes(chance.randrange(256) for _ in range(3)) for _ in range(chance.randint(3, 6))]
    across, down, width = chance.randrange(_SIDE), chance.randrange(_SIDE), chance.uniform(5, 15)
    drawn = [
        b"".join(colours[int(hypot(column - across, row - down) / width) % len(colours)] for column in range(_SIDE))
        for row in range(_SIDE)
    ]
    if len(marker) > len(drawn[0]):
        raise ValueError("The marker does not fit into a row of pixels.")
    drawn[0] = marker + drawn[0][len(marker) :]
    return drawn


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
