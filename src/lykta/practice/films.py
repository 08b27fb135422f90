"""Harmless films: coloured rings that change every second, as AVI without compression, with no library."""

import struct
from collections.abc import Sequence

from lykta.practice.pictures import rows

_SECONDS = 3


def draw_film(seed: str) -> bytes:
    """A film of three seconds that depends only on the seed, with the world's marker in its pixels."""
    return raw_film([rows(f"{seed}/{second}") for second in range(_SECONDS)])


def raw_film(stills: Sequence[Sequence[bytes]]) -> bytes:
    """A film of one still a second, each a list of rows of blue, green and red: their bytes stand in it as they are.

    The layout is Microsoft's “AVI RIFF File Reference”: lists of chunks, rows from the bottom up, each padded to four.
    """
    width, height = len(stills[0][0]) // 3, len(stills[0])
    frames = [b"".join(row.ljust((len(row) + 3) // 4 * 4, b"\0") for row in reversed(still)) for still in stills]
    count, size = len(frames), len(frames[0])
    main = struct.pack("<14I", 1_000_000, size, 0, 0x10, count, 0, 1, size, width, height, 0, 0, 0, 0)
    stream = b"vidsDIB " + struct.pack("<10I4H", 0, 0, 0, 1, 1, 0, count, size, 0, 0, 0, 0, width, height)
    pixels = struct.pack("<3I2H6I", 40, width, height, 1, 24, 0, size, 0, 0, 0, 0)
    headers = _list(b"hdrl", _chunk(b"avih", main) + _list(b"strl", _chunk(b"strh", stream) + _chunk(b"strf", pixels)))
    movie = _list(b"movi", b"".join(_chunk(b"00db", frame) for frame in frames))
    return _chunk(b"RIFF", b"AVI " + headers + movie)


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _list(name: bytes, data: bytes) -> bytes:
    return _chunk(b"LIST", name + data)
