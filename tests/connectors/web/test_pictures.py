"""Pictures, whole and hostile, as the decoder reads them; everything here is drawn."""

import io
import random
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.support.drawings import draw, encoded, photo

from lykta.connectors.web.facts import Picture
from lykta.connectors.web.kinds import HEAD, PICTURES, sniff
from lykta.connectors.web.pictures import SHORT_SIDE, read_frame, read_picture, samples
from lykta.lib.fingerprints import distance, luma, pdq

PATTERN = photo(5, height=130, width=190)
FILES = {name: encoded(PATTERN, name) for name in PICTURES.values()}


@pytest.mark.parametrize("name", FILES)
def test_every_format_shows_the_same_picture(name: str) -> None:
    picture, plain = read_picture(FILES[name], name), pdq(luma(PATTERN))
    assert plain
    assert (picture.width, picture.height, picture.frames, picture.problem) == (190, 130, 1, "")
    assert distance(picture.hashes[0], plain.hashes[0]) <= 31
    assert abs(picture.quality - plain.quality) <= 5


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_pixel_is_turned_to_colour_or_grey(mode: str) -> None:
    made = io.BytesIO()
    Image.fromarray(PATTERN).convert("I" if mode == "I;16" else mode).convert(mode).save(made, "TIFF")
    assert len(read_picture(made.getvalue(), "TIFF").hashes) == 8


def test_of_an_animated_picture_the_first_frame_is_hashed_and_all_are_counted() -> None:
    first, *more = (Image.fromarray(draw("rings", seed=seed, height=60, width=60)) for seed in range(4))
    made, alone = io.BytesIO(), io.BytesIO()
    first.save(made, "GIF", save_all=True, append_images=more)
    first.save(alone, "GIF")
    picture = read_picture(made.getvalue(), "GIF")
    assert picture.frames == 4
    assert picture.hashes == read_picture(alone.getvalue(), "GIF").hashes


@pytest.mark.parametrize("seed", range(3))
def test_decoding_a_large_jpeg_small_changes_two_bits_at_most(seed: int) -> None:
    body = encoded(photo(seed, height=2 * SHORT_SIDE + 40, width=2800), "JPEG", quality=88)
    with Image.open(io.BytesIO(body)) as whole:
        plain = pdq(luma(np.asarray(whole.convert("RGB"))))
    assert plain
    picture = read_picture(body, "JPEG")
    assert distance(picture.hashes[0], plain.hashes[0]) <= 2
    assert (picture.width, picture.height) == (2800, 2 * SHORT_SIDE + 40)


def test_a_large_picture_that_is_no_jpeg_is_halved_as_well() -> None:
    grey = photo(1, height=2 * SHORT_SIDE, width=2 * SHORT_SIDE)[:, :, 0]
    plain = pdq(grey)
    assert plain
    assert distance(read_picture(encoded(grey, "BMP"), "BMP").hashes[0], plain.hashes[0]) <= 6


def png(width: int, height: int) -> bytes:
    """A PNG that claims a size and has no pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("body", "name", "problem"),
    [
        (png(40_000, 40_000), "PNG", "more than 50000000 pixels"),
        (png(7_500, 7_500), "PNG", "more than 50000000 pixels"),
        (png(60_000, 60_000), "PNG", "more than 50000000 pixels"),
        (png(0, 9), "PNG", "cannot be decoded"),
        (FILES["PNG"][:-80], "PNG", "cannot be decoded"),
        (FILES["JPEG"][: len(FILES["JPEG"]) // 2], "JPEG", "cannot be decoded"),
        (FILES["PNG"], "JPEG", "cannot be decoded"),
        (b"GIF89a<script>", "GIF", "cannot be decoded"),
        (b"", "PNG", "cannot be decoded"),
    ],
)
def test_a_hostile_picture_is_refused_in_words(body: bytes, name: str, problem: str) -> None:
    picture = read_picture(body, name)
    assert problem in picture.problem
    assert picture.hashes == ()


def test_no_format_but_the_listed_ones_is_decoded() -> None:
    made = io.BytesIO()
    Image.fromarray(PATTERN).save(made, "PPM")
    assert sniff(made.getvalue()[:HEAD]) == ""
    assert "cannot be decoded" in read_picture(made.getvalue(), "JPEG").problem


def test_memory_that_does_not_suffice_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def starve(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("lykta.connectors.web.pictures.fingerprints.pdq", starve)
    assert read_picture(FILES["PNG"], "PNG").problem == "needs more memory than it is given"


def mutated(body: bytes, seed: int, changes: int) -> bytes:
    chance = random.Random(seed)
    changed = bytearray(body)
    for _ in range(changes):
        place = chance.randrange(len(changed))
        match chance.randrange(4):
            case 0:
                changed[place] = chance.randrange(256)
            case 1:
                changed[place : place + 4] = chance.choice([b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff"])
            case 2:
                del changed[place : place + chance.randrange(1, 40)]
            case _:
                changed[place:place] = changed[chance.randrange(len(changed)) :][: chance.randrange(1, 200)]
    return bytes(changed)


@settings(deadline=None)
@given(st.sampled_from(sorted(FILES)), st.integers(0, 2**32), st.integers(1, 20))
def test_no_mutated_picture_makes_the_reader_fail(name: str, seed: int, changes: int) -> None:
    picture = read_picture(mutated(FILES[name], seed, changes), name)
    assert isinstance(picture, Picture)
    assert len(picture.hashes) in {0, 8}
    assert bool(picture.problem) <= (picture.hashes == ())


def test_a_frame_of_a_film_is_as_large_as_it_says() -> None:
    assert len(read_frame(bytes(60 * 40), 60, 40).hashes) == 8
    with pytest.raises(ValueError, match="reshape"):
        read_frame(bytes(60 * 40 - 1), 60, 40)


def test_the_samples_that_the_decoder_rehearses_with_are_of_every_format() -> None:
    assert {sniff(sample[:HEAD]) for sample in samples()} == set(PICTURES)
