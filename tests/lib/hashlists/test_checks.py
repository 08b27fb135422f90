"""Every row is checked by itself; nothing in a file makes the reading fail."""

import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lykta.core.refusals import NotUnderstood
from lykta.lib.hashlists import opening
from lykta.lib.hashlists.cells import Field, Wrong
from lykta.lib.hashlists.checks import NO_QUALITY, Rows, checked

MD5, PDQ = "ef" * 16, "0123456789abcdef" * 4
HEAD = "md5,pdq,quality,category,reference\n"


def check(text: str | bytes) -> tuple[Rows, list[Wrong]]:
    data = text if isinstance(text, bytes) else text.encode()
    [raw] = opening.read(io.BytesIO(data), mapping={})
    return checked(raw)


def test_digits_of_both_cases_become_bytes() -> None:
    rows, wrong = check(f"md5\n{MD5}\n{MD5.upper()}\n")
    assert [row.tobytes() for row in rows.digests[Field.MD5]] == [bytes.fromhex(MD5)] * 2
    assert wrong == []


@pytest.mark.parametrize("broken", [PDQ[:32], PDQ + "0", PDQ[:-1] + "g", "0" * 64, "x", "é" * 32])
def test_a_broken_pdq_is_told_and_the_md5_beside_it_is_used(broken: str) -> None:
    rows, [wrong] = check(f"{HEAD}{MD5},{broken},50,1,\n")
    assert rows.digests[Field.MD5][0].tobytes().hex() == MD5
    assert not rows.digests[Field.PDQ].any()
    assert (wrong.line, wrong.cell) == (2, broken[:80])
    assert wrong.reason.startswith("pdq")


@pytest.mark.parametrize("broken", [",,50,1,", f"{MD5[:-1]},,,,", "d41d8cd98f00b204e9800998ecf8427e,,,,"])
def test_a_row_without_any_hash_of_use_is_refused_once(broken: str) -> None:
    rows, wrong = check(f"{HEAD}{MD5},,,,\n{broken}\n")
    assert rows.lines.tolist() == [2]
    assert [one.line for one in wrong] == [3]


@pytest.mark.parametrize(("typed", "quality"), [("0", 0), ("100", 100), ("7", 7), ("", NO_QUALITY)])
def test_quality_is_a_number_from_0_to_100(typed: str, quality: int) -> None:
    rows, wrong = check(f"{HEAD}{MD5},,{typed},,\n")
    assert (rows.quality.tolist(), wrong) == ([quality], [])


@pytest.mark.parametrize("typed", ["101", "-1", "1.5", "1000", "good"])
def test_another_quality_is_told_and_the_hash_is_used(typed: str) -> None:
    rows, [wrong] = check(f"{HEAD}{MD5},,{typed},,\n")
    assert rows.quality.tolist() == [NO_QUALITY]
    assert wrong == Wrong(2, "quality is a number from 0 to 100.", typed)


@pytest.mark.parametrize(("category", "reference"), [("x" * 41, ""), ("", "x" * 81), ("", "x" * 5000)])
def test_words_that_are_too_long_refuse_the_row_since_they_may_name_it(category: str, reference: str) -> None:
    rows, [wrong] = check(f"{HEAD}{MD5},,,{category},{reference}\n")
    assert len(rows) == 0
    assert "is longer than" in wrong.reason
    assert len(wrong.cell) <= 80


def test_words_keep_their_letters_and_lose_what_a_terminal_obeys() -> None:
    data = HEAD.encode() + f"{MD5},,,Å 1,\n{MD5},,,".encode() + b"\x1b[2J\xff,\n"
    rows, wrong = check(data)
    assert wrong == []
    said = [row.tobytes().rstrip(b"\0").decode() for row in rows.texts[Field.CATEGORY]]
    assert said == ["Å 1", "?[2J\N{REPLACEMENT CHARACTER}"[: len(said[1])]]


_LINE = st.one_of(
    st.binary(max_size=60),
    st.sampled_from([MD5.encode(), PDQ.encode(), b'"', b",", b"\n", b"\r\n", b"\0", MD5.encode() + b",,,,"]),
)


@given(
    st.sampled_from(
        [
            b"",
            HEAD.encode(),
            b"{",
            b'{"value":[',
            b'{"hashRecords":[{',
            b"<a>",
            b"<image><id>",
            b'[{"sha256_hex":',
            MD5.encode(),
        ]
    ),
    st.lists(_LINE, max_size=12),
)
@settings(max_examples=150)
def test_any_bytes_are_read_or_refused(start: bytes, lines: list[bytes]) -> None:
    with suppress(NotUnderstood):
        for raw in opening.read(io.BytesIO(start + b"".join(lines)), mapping={}):
            rows, wrong = checked(raw)
            assert set(rows.lines.tolist()) | {one.line for one in wrong} >= set(raw.lines.tolist())
            assert all(len(one.cell) <= 80 and len(one.reason) <= 120 and one.cell.isprintable() for one in wrong)
