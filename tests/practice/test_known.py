"""The list to practise with says what the world's hosts serve."""

import csv
import hashlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from lykta.lib import fingerprints
from lykta.practice import pictures
from lykta.practice.contents import CONTENTS
from lykta.practice.known import ALIKE, APART, HARMLESS, KNOWN, known_list
from lykta.practice.settings import PracticeSettings


@pytest.fixture
def listed(settings: PracticeSettings) -> list[dict[str, str]]:
    return list(csv.DictReader(known_list(settings).splitlines()))


def served(settings: PracticeSettings, place: str) -> bytes:
    return pictures.draw(f"{settings.seed}/{place}")


def pdq(body: bytes) -> str:
    made = fingerprints.pdq(fingerprints.luma(np.asarray(Image.open(BytesIO(body)))))
    assert made is not None
    assert made.quality >= 50
    return made.hashes[0]


def test_one_picture_is_listed_exactly(settings: PracticeSettings, listed: list[dict[str, str]]) -> None:
    body = served(settings, KNOWN)
    assert listed[0]["sha256"] == hashlib.sha256(body).hexdigest()
    assert listed[0]["md5"] == hashlib.md5(body, usedforsecurity=False).hexdigest()
    assert (listed[0]["pdq"], listed[0]["category"]) == (pdq(body), "1")


def test_one_picture_only_looks_like_a_listed_one(settings: PracticeSettings, listed: list[dict[str, str]]) -> None:
    assert listed[1]["sha256"] == ""
    assert fingerprints.distance(listed[1]["pdq"], pdq(served(settings, ALIKE))) == APART
    assert all(fingerprints.distance(listed[1]["pdq"], pdq(served(settings, place))) > 31 for place in (KNOWN,))


def test_an_album_is_listed_as_harmless(settings: PracticeSettings, listed: list[dict[str, str]]) -> None:
    pictures_of = [place for place in CONTENTS if place.startswith(f"{HARMLESS}/")]
    assert len(pictures_of) == CONTENTS[HARMLESS].pictures
    digests = {hashlib.sha256(served(settings, place)).hexdigest() for place in pictures_of}
    assert {row["sha256"] for row in listed if row["category"] == "2"} == digests
