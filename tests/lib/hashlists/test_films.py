"""Films by their frames: each frame is a row that says of which film it is."""

import io
import json

import pytest

from lykta.core.refusals import NotUnderstood
from lykta.lib.hashlists import opening
from lykta.lib.hashlists.cells import Field, Form
from lykta.lib.hashlists.checks import checked
from lykta.lib.hashlists.films import film_of

PDQ = ["0f" * 32, "3c" * 32]
FRAMES = [f"{PDQ[0]},100,0.000", f"{PDQ[1]},49,1.001"]


def read(text: str) -> tuple[list[str], list[str], list[str]]:
    """References, PDQ hashes, and what is wrong."""
    [raw] = opening.read(io.BytesIO(text.encode()), mapping={})
    rows, wrong = checked(raw)
    references = [bytes(one).rstrip(b"\0").decode() for one in rows.texts[Field.REFERENCE]]
    return references, [bytes(one).hex() for one in rows.digests[Field.PDQ]], [one.reason for one in wrong]


def test_one_film_as_threatexchange_writes_it_is_named_by_its_frames() -> None:
    text = json.dumps(FRAMES)
    assert opening.form_of(text.encode()) == Form.VPDQ
    references, hashes, wrong = read(text)
    film = film_of(references[0])
    assert (references, hashes, wrong) == ([f"vpdq:{film}:0", f"vpdq:{film}:1"], PDQ, [])
    assert len(film) == 16
    assert read(text)[0] == references
    assert film_of(read(json.dumps(FRAMES[:1]))[0][0]) != film


def test_many_films_say_their_category_and_their_file() -> None:
    films = [{"id": "A 1", "category": 7, "md5": "ab" * 16, "frames": FRAMES}, {"id": "B", "frames": FRAMES[:1]}]
    [raw] = opening.read(io.BytesIO(json.dumps({"films": films}).encode()), mapping={})
    rows, _ = checked(raw)
    references = [bytes(one).rstrip(b"\0").decode() for one in rows.texts[Field.REFERENCE]]
    assert references == ["A 1", "vpdq:A 1:0", "vpdq:A 1:1", "vpdq:B:0"]
    assert bytes(rows.digests[Field.MD5][0]).hex() == "ab" * 16
    assert [bytes(one).rstrip(b"\0") for one in rows.texts[Field.CATEGORY]] == [b"7", b"7", b"7", b""]
    assert rows.quality.tolist() == [255, 100, 49, 100]


def test_what_is_no_film_is_refused_and_the_others_are_read() -> None:
    films = [7, {"id": "x" * 65, "frames": FRAMES}, {"id": "C", "frames": ["short,1", f"{PDQ[0]},101"]}, {"id": "D"}]
    references, hashes, wrong = read(json.dumps({"films": films}))
    assert (references, hashes) == (["vpdq:C:1"], [PDQ[0]])
    assert wrong == [
        "This is no record.",
        "The name of a film is longer than 64 bytes.",
        "pdq has 64 hexadecimal digits, and this has 5.",
        "quality is a number from 0 to 100.",
    ]


def test_a_file_that_breaks_off_is_not_understood() -> None:
    for text in (json.dumps({"films": [{"id": "A", "frames": FRAMES}]})[:-3], json.dumps(FRAMES)[:-3]):
        with pytest.raises(NotUnderstood, match="broken off"):
            list(opening.read(io.BytesIO(text.encode()), mapping={}))


@pytest.mark.parametrize("reference", ["", "7", "vpdq:", "vpdq::1", "vpdq:A:x", "xvpdq:A:1"])
def test_other_rows_are_of_no_film(reference: str) -> None:
    assert film_of(reference) == ""
