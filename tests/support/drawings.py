"""Drawn patterns as rows × columns × (red, green, blue), the same on every machine: whole numbers only, from a seed."""

import io
import random

import numpy as np
from numpy.typing import NDArray
from PIL import Image

KINDS = ("noise", "rings", "ramp", "flat", "blocks", "waves")


def draw(kind: str, *, seed: int, height: int, width: int) -> NDArray[np.uint8]:
    """One pattern; `flat` and `ramp` have almost nothing to tell apart, so that rounding decides their hashes."""
    chance = random.Random(f"{kind}/{seed}")
    row, column = np.ogrid[:height, :width]
    planes = []
    for _ in range(3):
        a, b, c = chance.randrange(1, 60), chance.randrange(1, 60), chance.randrange(256)
        down, across = chance.randrange(height), chance.randrange(width)
        match kind:
            case "rings":
                plane = ((row - down) ** 2 + (column - across) ** 2) // (40 * a) * (b + 9)
            case "ramp":
                plane = column * 255 // width + 0 * row + c // 16
            case "flat":
                plane = np.full((height, width), c)
            case "blocks":
                plane = (row // (a + 3) * 37 + column // (b + 3) * 91) * c + row // (a + 3) * (column // (b + 3)) * 53
            case "waves":
                plane = abs((row * a) % 510 - 255) // 2 + abs((column * b) % 510 - 255) // 2
            case _:
                plane = (
                    np.frombuffer(chance.randbytes(height * width), np.uint8).reshape(height, width).astype(np.int64)
                )
        planes.append((plane % 256).astype(np.uint8))
    return np.stack(planes, axis=2)


def encoded(pixels: NDArray[np.uint8], name: str = "PNG", **how: object) -> bytes:
    """The pattern as a file of one of Pillow's formats."""
    made = io.BytesIO()
    Image.fromarray(pixels).save(made, name, **how)
    return made.getvalue()


def photo(seed: int, *, height: int, width: int) -> NDArray[np.uint8]:
    """Something with large and small shapes as in a photograph, and a little noise."""
    chance = np.random.default_rng(seed)
    total = np.zeros((height, width, 3), np.float32)
    for power in range(2, 9):
        points = (chance.random((3 * 2**power // 4, 2**power, 3)) * 255).astype(np.uint8)
        layer = Image.fromarray(points).resize((width, height), Image.Resampling.BICUBIC)
        total += np.asarray(layer, dtype=np.float32) * 2 ** (-0.6 * power)
    total -= total.min()
    levels: NDArray[np.uint8] = (total * (255 / total.max())).astype(np.uint8)
    return levels
