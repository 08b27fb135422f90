"""Documents and chat logs pass, in every encoding that people have; pictures, films and archives do not."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core.attaching import PIECE_BYTES, FileKind, goes_on, kind_of, pieces, read

PATTERN = bytes(range(256)) * 4

NOT_ALLOWED = {
    "png": b"\x89PNG\r\n\x1a\n" + PATTERN,
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF" + PATTERN,
    "gif": b"GIF89a" + PATTERN,
    "gif of printable bytes": b"GIF89a" + b"AAAA",
    "old gif": b"GIF87a" + b"AAAA",
    "webp": b"RIFF\x24\x00\x00\x00WEBPVP8 " + PATTERN,
    "mp4": b"\x00\x00\x00\x18ftypmp42" + PATTERN,
    "heic": b"\x00\x00\x00\x18ftypheic" + PATTERN,
    "zip": b"PK\x03\x04\x14\x00" + PATTERN,
    "gzip": b"\x1f\x8b\x08\x00" + PATTERN,
    "bitmap": b"BM\x46\x00\x00\x00\x00\x00" + PATTERN,
    "tiff": b"II*\x00\x08\x00" + PATTERN,
    "plain bitmap": b"P1\n2 2\n0 1 1 0\n",
    "x pixmap": b"/* XPM */\nstatic char",
    "drawing": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    "picture in a page": b'<p>Hi</p><img src="data:image/png;base64,iVBORw0KGgo=">',
    "program": b"\x7fELF\x02\x01\x01\x00" + PATTERN,
    "nothing": b"",
}
TEXTS = {
    "ascii": b"12:01 anna: hi\r\n12:02 bo:\thello\n",
    "utf-8": "12:01 anna: räksmörgås 🏮 မြန်မာ".encode(),
    "utf-8 with a mark": codecs.BOM_UTF8 + b"hej",
    "latin-1": "räksmörgås".encode("latin-1"),
    "windows": "“quoted” – €".encode("cp1252"),
    "utf-16": codecs.BOM_UTF16_LE + "anna: räksmörgås 🏮".encode("utf-16-le"),
    "utf-16, the other way round": codecs.BOM_UTF16_BE + "anna: räksmörgås 🏮".encode("utf-16-be"),
    "page": b"<!doctype html><p>anna: hi</p>",
    "form feed": b"one page\x0cand another\n",
}


@pytest.mark.parametrize("data", NOT_ALLOWED.values(), ids=NOT_ALLOWED)
def test_pictures_films_and_archives_are_known_at_once(data: bytes) -> None:
    assert kind_of(data) is None


@pytest.mark.parametrize("data", TEXTS.values(), ids=TEXTS)
def test_text_passes_in_the_encodings_that_people_have(data: bytes) -> None:
    assert kind_of(data) is FileKind.TEXT


def test_a_pdf_is_known_by_its_first_bytes_whatever_follows() -> None:
    assert kind_of(b"%PDF-1.7\n" + PATTERN) is FileKind.PDF
    assert goes_on(FileKind.PDF, PATTERN)
    assert kind_of(b"about %PDF-1.7\x00") is None


@pytest.mark.parametrize("name", [name for name, data in NOT_ALLOWED.items() if PATTERN in data])
def test_a_text_does_not_go_on_as_a_picture(name: str) -> None:
    assert not goes_on(FileKind.TEXT, NOT_ALLOWED[name])
    assert not goes_on(FileKind.TEXT, PATTERN)


@given(st.text(st.characters(blacklist_categories=["Cc", "Cs"], blacklist_characters="\ufffe\uffff"), min_size=1))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_text_that_was_cut_anywhere_goes_on(encoding: str, text: str) -> None:
    data = text.encode(encoding)
    step = 1 if encoding == "utf-8" else 2
    assert all(
        goes_on(FileKind.TEXT, data[at:]) and goes_on(FileKind.TEXT, data[:at]) for at in range(0, len(data), step)
    )


@given(st.binary(min_size=400, max_size=600))
def test_bytes_that_mean_nothing_are_no_text(data: bytes) -> None:
    assert not goes_on(FileKind.TEXT, b"\x00\x01" + data + b"\x1a\x00\xd8\x00\xd8")


@pytest.mark.parametrize("name", [name for name in TEXTS if name not in {"latin-1", "form feed"}])
def test_text_is_read_in_its_own_encoding(name: str) -> None:
    said = read(TEXTS[name])
    assert any(word in said for word in ("anna", "hej", "räksmörgås", "“quoted” – €"))
    assert "\ufffd" not in said
    assert "\ufeff" not in said


def test_text_in_no_encoding_is_shown_as_far_as_it_goes() -> None:
    assert read("räka".encode("latin-1")) == "räka"
    assert read(codecs.BOM_UTF16_LE + b"a\x00b") == "a\ufffd"


@pytest.mark.parametrize(
    ("size", "count"), [(1, 1), (PIECE_BYTES - 1, 1), (PIECE_BYTES, 1), (PIECE_BYTES + 1, 2), (30_000_000, 115)]
)
def test_a_file_makes_as_many_pieces_as_it_needs(size: int, count: int) -> None:
    assert pieces(size) == count
