"""The world's films are read back by ffmpeg."""

import subprocess

import pytest

from lykta.practice.films import draw_film, raw_film
from lykta.practice.pictures import MARKER, rows


def played(film: bytes) -> bytes:
    """The pixels of all frames, as blue, green and red."""
    command = ["ffmpeg", "-v", "error", "-i", "pipe:0", "-pix_fmt", "bgr24", "-f", "rawvideo", "pipe:1"]
    return subprocess.run(command, input=film, capture_output=True, check=True).stdout


@pytest.mark.parametrize("width", [6, 7, 8, 9])
def test_a_film_plays_as_it_was_drawn_whatever_its_width(width: int) -> None:
    stills = [[bytes(range(at, at + 3 * width)) for at in range(start, start + 4)] for start in (0, 90)]
    assert played(raw_film(stills)) == b"".join(row for still in stills for row in still)


def test_a_film_of_the_world_has_three_pictures_and_its_marker() -> None:
    film = draw_film("seed")
    assert played(film) == b"".join(row for second in range(3) for row in rows(f"seed/{second}"))
    assert film.count(MARKER) == 3


def test_a_film_depends_on_its_seed_alone() -> None:
    assert draw_film("a") == draw_film("a") != draw_film("b")
