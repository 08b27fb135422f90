"""A list of known hashes to practise with: patterns of this world's own pictures, as if somebody had judged them.

One that it has exactly, one that only looks like what it has, and an album that it knows as harmless.
"""

from hashlib import md5, sha256

import numpy as np

from lykta.lib import fingerprints
from lykta.practice import pictures
from lykta.practice.contents import CONTENTS
from lykta.practice.settings import PracticeSettings

KNOWN = "pictures.example/single.png"
ALIKE = "pictures.example/evening/1.png"
HARMLESS = "mirrors.example/set"
APART = 10
"""Bits of 256 in which what looks alike differs from what is listed."""


def known_list(settings: PracticeSettings) -> str:
    """The list as CSV: SHA-256, MD5, PDQ, and category 1 for illegal, 2 for harmless."""
    harmless = [place for place in CONTENTS if place.startswith(f"{HARMLESS}/")]
    rows = [_row(settings, KNOWN, "1"), f",,{_alike(settings)},1", *(_row(settings, one, "2") for one in harmless)]
    return "\n".join(["sha256,md5,pdq,category", *rows]) + "\n"


def _row(settings: PracticeSettings, place: str, category: str) -> str:
    drawn = pictures.draw(_seed(settings, place))
    digests = sha256(drawn).hexdigest(), md5(drawn, usedforsecurity=False).hexdigest(), _pdq(settings, place)
    return ",".join([*digests, category])


def _alike(settings: PracticeSettings) -> str:
    return f"{int(_pdq(settings, ALIKE), 16) ^ ((1 << APART) - 1):064x}"


def _pdq(settings: PracticeSettings, place: str) -> str:
    pixels = np.frombuffer(b"".join(pictures.rows(_seed(settings, place))), np.uint8)
    side = int((len(pixels) // 3) ** 0.5)
    made = fingerprints.pdq(fingerprints.luma(pixels.reshape(side, side, 3)))
    return made.hashes[0] if made else ""


def _seed(settings: PracticeSettings, place: str) -> str:
    return f"{settings.seed}/{place}"
