"""Films of drawn patterns, made with ffmpeg."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tests.support.drawings import photo

from lykta.practice import films

RATE = 5
"""Frames a second."""
HEIGHT, WIDTH = 96, 128


def film(folder: Path, ending: str = "mp4", *, seconds: int = 3, codec: str = "mpeg4") -> bytes:
    """A film that shows another pattern each second; an mp4 has its table of contents at the end."""
    path = folder / f"film.{ending}"
    still = [still_of(second) for second in range(seconds)]
    frames = b"".join(np.repeat(one[:, :, None], 3, axis=2).tobytes() * RATE for one in still)
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}"]
    command += ["-r", str(RATE), "-i", "pipe:0", "-c:v", codec, "-q:v", "2", str(path)]
    subprocess.run(command, input=frames, check=True, capture_output=True)
    return path.read_bytes()


def still_of(second: int) -> NDArray[np.uint8]:
    """What the film shows in one of its seconds, in grey."""
    return photo(second, height=HEIGHT, width=WIDTH)[:, :, 1]


def raw_film(stills: Sequence[NDArray[np.uint8]]) -> bytes:
    """A film of one still a second, whose pixels stand in it as they are, but for blue before red."""
    return films.raw_film([[row.tobytes() for row in still[:, :, ::-1]] for still in stills])
