"""PDQ beside PyPI's pdqhash 0.2.8: `pdq_hashes.json` holds what `compute_dihedral` of it makes of drawn patterns.

Of 64 × 64 points it holds only what `compute` makes: there the reference's two functions differ by a rounding.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from tests.support.drawings import draw, photo

from lykta.lib.fingerprints import GRID, distance, luma, pdq, shrink

KNOWN: list[dict[str, Any]] = json.loads((Path(__file__).parent / "pdq_hashes.json").read_text())
TURNS = (
    lambda pixels: pixels,
    lambda pixels: np.rot90(pixels, 1),
    lambda pixels: np.rot90(pixels, 2),
    lambda pixels: np.rot90(pixels, 3),
    np.flipud,
    np.fliplr,
    lambda pixels: np.swapaxes(pixels, 0, 1),
    lambda pixels: np.swapaxes(np.rot90(pixels, 2), 0, 1),
)


def hashes(pixels: NDArray[np.uint8]) -> tuple[str, ...]:
    made = pdq(luma(pixels))
    assert made is not None
    return made.hashes


@pytest.mark.parametrize("known", KNOWN, ids=lambda row: f"{row['kind']} {row['height']}x{row['width']}")
def test_every_bit_is_that_of_the_reference(known: dict[str, Any]) -> None:
    made = pdq(luma(draw(known["kind"], seed=known["seed"], height=known["height"], width=known["width"])))
    assert made is not None
    assert list(made.hashes[: len(known["pdq"])]) == known["pdq"]
    assert made.quality == known["quality"]


@pytest.mark.parametrize(("number", "turn"), list(enumerate(TURNS)))
def test_a_turned_picture_is_found_by_the_hash_for_that_turn(number: int, turn: Any) -> None:
    pixels = photo(1, height=300, width=400)
    assert distance(hashes(np.ascontiguousarray(turn(pixels)))[0], hashes(pixels)[number]) <= 16
    assert {other for other in range(8) if distance(hashes(pixels)[other], hashes(pixels)[number]) <= 31} == {number}


def test_a_smaller_copy_has_nearly_the_same_hash_and_another_picture_has_not() -> None:
    pixels = photo(2, height=600, width=800)
    assert distance(hashes(pixels)[0], hashes(np.ascontiguousarray(pixels[::2, ::2]))[0]) <= 16
    assert distance(hashes(pixels)[0], hashes(photo(3, height=600, width=800))[0]) > 80


def test_grey_is_the_brightness_of_equal_colours() -> None:
    grey = draw("waves", seed=1, height=90, width=120)[:, :, 0]
    assert hashes(grey) == hashes(np.stack([grey] * 3, axis=2))


@pytest.mark.parametrize(("height", "width", "hashed"), [(4, 300, False), (300, 4, False), (5, 5, True), (1, 1, False)])
def test_what_is_smaller_than_five_points_has_no_hash(height: int, width: int, *, hashed: bool) -> None:
    assert (pdq(np.zeros((height, width), np.uint8)) is not None) is hashed


def test_quality_is_none_for_a_flat_picture_and_full_for_a_busy_one() -> None:
    flat, busy = pdq(np.full((100, 100), 77, np.uint8)), pdq(luma(photo(4, height=300, width=300)))
    assert flat is not None
    assert busy is not None
    assert (flat.quality, busy.quality) == (0, 100)


@settings(deadline=None)
@given(arrays.arrays(np.uint8, st.tuples(st.integers(5, 90), st.integers(5, 90))))
def test_the_filter_stays_within_what_it_was_given(grey: NDArray[np.uint8]) -> None:
    small = shrink(grey)
    assert small.shape == (GRID, GRID)
    assert small.min() >= int(grey.min()) - 0.01
    assert small.max() <= int(grey.max()) + 0.01


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_distance_counts_the_bits_that_differ(one: bytes, other: bytes) -> None:
    bits = np.unpackbits(np.frombuffer(one, np.uint8)) != np.unpackbits(np.frombuffer(other, np.uint8))
    assert distance(one.hex(), other.hex()) == distance(other.hex(), one.hex()) == bits.sum()
