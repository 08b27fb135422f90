"""PDQ: a picture's look in 256 bits, so that a resized or recompressed copy is found again.

The same bits as PyPI's `pdqhash`, which wraps Meta's reference (ThreatExchange, pdq/cpp; described in "The TMK+PDQF
Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019). Every sum is made in single precision and in the
reference's order, since a flat picture's bits are decided by rounding. Pure: numbers in, numbers out.
"""

from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

LEAST_SIDE = 5
"""Pixels; of less the reference makes no hash."""
GRID = 64
FREQUENCIES = 16
BLOCK = 64
"""Rows that are worked on at a time where more would not stay in the processor's cache."""

DCT: Floats = (
    np.float32(np.sqrt(2.0 / GRID))
    * np.cos(
        (np.pi / 2.0 / GRID) * np.arange(1, FREQUENCIES + 1)[:, None] * (2 * np.arange(GRID)[None, :] + 1.0),
    )
).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Pdq:
    """`hashes`: as it is, turned by 90, 180, 270 degrees, flipped over x, y, and both diagonals; 64 hexadecimal digits.

    `quality` is 0 to 100; list makers drop what is below 50, since flat pictures resemble each other.
    """

    hashes: tuple[str, ...]
    quality: int


def luma(pixels: NDArray[np.uint8]) -> NDArray[np.uint8] | Floats:
    """Brightness of rows × columns × (red, green, blue); rows × columns are grey already and stay what they are."""
    if pixels.ndim == 2:
        return pixels
    grey = np.empty(pixels.shape[:2], np.float32)
    for start in range(0, len(pixels), BLOCK):
        rows = pixels[start : start + BLOCK]
        # Double precision, and only then single: as pdqhash does.
        grey[start : start + BLOCK] = rows[:, :, 0] * 0.299 + rows[:, :, 1] * 0.587 + rows[:, :, 2] * 0.114
    return grey


def pdq(brightness: NDArray[np.uint8] | Floats) -> Pdq | None:
    """The hashes of rows × columns of brightness, 0 to 255; None for a picture that is too small to have one."""
    if min(brightness.shape) < LEAST_SIDE:
        return None
    small = brightness.astype(np.float32) if brightness.shape == (GRID, GRID) else shrink(brightness)
    waves = frequencies(small)
    return Pdq(tuple(_bits(turned) for turned in _dihedral(waves)), quality(small))


def distance(one: str, other: str) -> int:
    """In how many of the 256 bits two hashes differ; 31 or fewer is taken for the same picture."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def shrink(brightness: NDArray[np.uint8] | Floats) -> Floats:
    """To 64 × 64 by the reference's tent filter, and a point from the middle of each field.

    Everything runs down the first axis, where one step adds a whole row at once; of the last pass along each axis only
    the points that are kept are computed. Two buffers serve all passes: fresh memory costs as much as the sums.
    """
    rows, columns = brightness.shape
    room = max(rows, GRID) * max(columns, GRID)
    one, other = np.empty(room, np.float32), np.empty(room, np.float32)
    across, down = _window(columns), _window(rows)
    turned = _box(_turn(brightness, one), other, across)
    upright = _box(_turn(turned, one), other, down)
    narrow = _box(_turn(upright, one), other, across, _centres(columns))
    return _box(_turn(narrow, one), other, down, _centres(rows)).copy()


def quality(small: Floats) -> int:
    """How much there is to tell apart in the 64 × 64, 0 to 100: the sum of its larger steps."""
    hundred, white = np.float32(100), np.float32(255)
    down = ((small[:-1] - small[1:]) * hundred / white).astype(np.int32)
    across = ((small[:, :-1] - small[:, 1:]) * hundred / white).astype(np.int32)
    return min(int(np.abs(down).sum() + np.abs(across).sum()) // 90, 100)


def frequencies(small: Floats) -> Floats:
    """The 16 × 16 lowest frequencies of the cosine transform without the constant ones."""
    half = np.zeros((FREQUENCIES, GRID), np.float32)
    for step in range(GRID):
        half += DCT[:, step, None] * small[None, step, :]
    whole = np.zeros((FREQUENCIES, FREQUENCIES), np.float32)
    for step in range(GRID):
        whole += half[:, step, None] * DCT[None, :, step]
    return whole


def _dihedral(waves: Floats) -> list[Floats]:
    """What the transform would be of the picture turned and flipped: signs change, and rows with columns."""
    row, column = np.ogrid[:FREQUENCIES, :FREQUENCIES]
    odd_column, odd_row, odd_sum = column % 2 == 1, row % 2 == 1, (row + column) % 2 == 1
    by_column, by_row, by_sum = (
        np.where(odd_column, waves, -waves),
        np.where(odd_row, waves, -waves),
        np.where(odd_sum, -waves, waves),
    )
    return [waves, by_column.T, by_sum, by_row.T, by_row, by_column, waves.T, by_sum.T]


def _bits(waves: Floats) -> str:
    # The reference's median of an even number of values is the lower of the two in the middle.
    middle = np.partition(waves, FREQUENCIES * FREQUENCIES // 2 - 1, axis=None)[FREQUENCIES * FREQUENCIES // 2 - 1]
    return np.packbits((waves > middle).ravel()[::-1]).tobytes().hex()


def _window(length: int) -> int:
    return (length + 2 * GRID - 1) // (2 * GRID)


def _centres(length: int) -> list[int]:
    return [int((place + 0.5) * length / GRID) for place in range(GRID)]


def _turn(values: NDArray[np.uint8] | Floats, buffer: Floats) -> Floats:
    """Rows to columns, block by block: all at once, every number would be fetched from far memory."""
    turned = buffer[: values.size].reshape(values.shape[::-1])
    for start in range(0, len(values), BLOCK):
        turned[:, start : start + BLOCK] = values[start : start + BLOCK].T
    return turned


def _box(values: Floats, buffer: Floats, window: int, kept: list[int] | None = None) -> Floats:
    """The mean of up to `window` rows around each row, by one running sum as in the reference; only the rows in `kept`.

    The sum takes a row in and leaves one out, in this order; its rounding is part of the hash. Beyond the edges lie
    rows of zeros, which change no sum.
    """
    length, width = values.shape
    wanted = range(length) if kept is None else kept
    out = buffer[: len(wanted) * width].reshape(len(wanted), width)
    ahead = (window + 2) // 2 - 1
    beyond = [np.zeros(width, np.float32)] * window
    rows = [*beyond, *values, *beyond]
    steps = zip(rows[window:], rows, strict=False)
    between, total, taken = np.empty(width, np.float32), beyond[0], 0
    for place, row in zip(wanted, out, strict=True):
        for entering, leaving in islice(steps, place + ahead + 1 - taken):
            np.add(total, entering, out=between)
            total = np.subtract(between, leaving, out=row)
        if total is not row:
            # Fewer than 64 rows are kept more than once.
            row[:] = total
        taken = place + ahead + 1
    last = np.asarray(wanted) + ahead
    sizes = np.minimum(last, length - 1) - np.maximum(last - window, -1)
    out /= sizes[:, None].astype(np.float32)
    return out
