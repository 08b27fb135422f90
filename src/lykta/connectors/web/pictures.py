"""Decodes a picture as far as its fingerprint needs it. Runs in the decoder, on hostile bytes."""

import io
import warnings
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lykta.connectors.web.facts import Picture
from lykta.connectors.web.kinds import PICTURES
from lykta.lib import fingerprints

MOST_PIXELS = 50_000_000
"""A phone's largest picture has about as many; a file of 200 kB can claim a thousand million."""
SHORT_SIDE = 1024
"""Pixels below which no picture is made smaller before it is hashed: at 1024, 2 of 256 bits change, at 512, 6."""
MOST_FRAMES = 100_000


def samples() -> Iterator[bytes]:
    """A small picture in every format, one of them not whole."""
    for name in PICTURES.values():
        made = io.BytesIO()
        Image.new("RGB", (130, 70)).save(made, name)
        yield made.getvalue()
        yield made.getvalue()[:-60]


def read_picture(body: bytes, name: str) -> Picture:
    """What a picture in Pillow's format `name` looks like; of an animated one its first frame. Never raises for a file.

    Every way in which a hostile file can fail ends as `problem`: Pillow raises nearly any kind of exception for some.
    """
    try:
        Image.MAX_IMAGE_PIXELS = MOST_PIXELS
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _read(body, name)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Picture(problem=f"has more than {MOST_PIXELS} pixels")
    except MemoryError:
        return Picture(problem="needs more memory than it is given")
    except Exception as error:  # noqa: BLE001 — see above; the message could quote content, the name cannot
        return Picture(problem=f"cannot be decoded: {type(error).__name__}"[:200])


def read_frame(body: bytes, width: int, height: int) -> Picture:
    """One frame of a film, as bytes of brightness. Raises ValueError where they are too few or too many."""
    return _hashed(np.frombuffer(body, np.uint8).reshape(height, width), width=width, height=height)


def _read(body: bytes, name: str) -> Picture:
    with Image.open(io.BytesIO(body), formats=[name]) as image:
        width, height = image.size
        frames = min(int(getattr(image, "n_frames", 1)), MOST_FRAMES)
        image.seek(0)
        return _hashed(_pixels(image), width=width, height=height, frames=frames)


def _hashed(pixels: NDArray[np.uint8], *, width: int, height: int, frames: int = 1) -> Picture:
    made = fingerprints.pdq(fingerprints.luma(pixels))
    if made is None:
        return Picture(width=width, height=height, frames=frames)
    return Picture(width=width, height=height, frames=frames, hashes=made.hashes, quality=made.quality)


def _pixels(image: Image.Image) -> NDArray[np.uint8]:
    """Rows × columns of grey, or of red, green and blue; halved as often as `SHORT_SIDE` allows.

    A JPEG is decoded small and without its colour, which takes a quarter of the time; transparency is dropped, as
    `threatexchange` does.
    """
    if image.format == "JPEG" and image.mode in {"RGB", "L"}:
        image.draft("L", (SHORT_SIDE, SHORT_SIDE))
        return np.asarray(image)
    plain = image if image.mode in {"RGB", "L"} else image.convert("RGB")
    times = min(plain.size) // SHORT_SIDE
    return np.asarray(plain.reduce(times) if times > 1 else plain)
