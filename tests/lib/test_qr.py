"""A QR code is a square with its white edge, the same on a page, in a file and on paper."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.lib import qr
from lykta.lib.qr import QUIET

ADDRESS = "https://report.hotline.example/r/ARN-T5"
ROWS = st.integers(1, 12).flatmap(
    lambda side: st.lists(st.lists(st.booleans(), min_size=side, max_size=side), min_size=side, max_size=side)
)


@given(ROWS)
def test_the_runs_are_the_dark_modules_and_no_others(rows: list[list[bool | None]]) -> None:
    square = qr.square(rows)
    drawn = {(x + step, y) for x, y, length in square.runs() for step in range(length)}
    assert drawn == {(x + QUIET, y + QUIET) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}


def test_an_address_becomes_a_picture_with_white_around_it() -> None:
    square = qr.of(ADDRESS)
    places = [place for x, y, length in square.runs() for place in (x, x + length - 1, y)]
    assert (min(places), max(places)) == (QUIET, square.side - QUIET - 1)
    size = re.search(r'viewBox="0 0 (\d+) (\d+)"', square.svg())
    assert size is not None
    assert size[1] == size[2] == str(square.side)
    assert "style" not in square.svg()


@pytest.mark.parametrize(("alone", "named"), [(True, "{http://www.w3.org/2000/svg}svg"), (False, "svg")])
def test_a_picture_alone_is_a_file_that_other_programs_read(alone: bool, named: str) -> None:  # noqa: FBT001
    assert ET.fromstring(qr.of(ADDRESS).svg(alone=alone)).tag == named  # noqa: S314 - drawn by ourselves


def test_what_the_library_has_not_decided_is_light() -> None:
    assert qr.square([[True, None], [False, True]]).rows == ("10", "01")
