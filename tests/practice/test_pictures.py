import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lykta.practice import pictures


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """The chunks of a PNG, each with its checksum tested."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    found, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack(">I", png[at + 8 + length : at + 12 + length])
        assert checksum == zlib.crc32(kind + data)
        found.append((kind, data))
        at += 12 + length
    return found


def pixels(png: bytes) -> bytes:
    return zlib.decompress(dict(chunks(png))[b"IDAT"])


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=30))
def test_any_seed_gives_a_well_formed_square_picture(seed: str) -> None:
    png = pictures.draw(seed)
    kinds = [kind for kind, _ in chunks(png)]
    assert kinds == [b"IHDR", b"tEXt", b"IDAT", b"IEND"]
    width, height, depth, colour = struct.unpack(">IIBB", dict(chunks(png))[b"IHDR"][:10])
    assert (width, height, depth, colour) == (96, 96, 8, 2)
    assert len(pixels(png)) == height * (1 + 3 * width)


def test_the_same_seed_draws_the_same_picture() -> None:
    assert pictures.draw("7/a") == pictures.draw("7/a")


def test_another_seed_draws_another_picture() -> None:
    assert pixels(pictures.draw("7/a")) != pixels(pictures.draw("8/a"))


def test_a_picture_is_not_one_flat_colour() -> None:
    data = pixels(pictures.draw("rings"))
    assert len({data[at : at + 3] for at in range(1000, 2000, 3)}) > 1


@settings(max_examples=20, deadline=None)
@given(st.binary(min_size=1, max_size=96 * 3))
def test_a_marker_is_found_in_the_text_chunk_and_in_the_pixels(marker: bytes) -> None:
    png = pictures.draw("seed", marker=marker)
    assert marker in dict(chunks(png))[b"tEXt"]
    assert marker in pixels(png)


def test_every_picture_carries_the_worlds_marker() -> None:
    assert pictures.MARKER in pictures.draw("seed")
    assert pictures.MARKER in pixels(pictures.draw("seed"))


def test_a_marker_longer_than_a_row_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        pictures.draw("seed", marker=b"x" * (96 * 3 + 1))
