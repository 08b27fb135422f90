import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.connectors.web.kinds import PICTURES, is_film, sniff


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"G" * 188 + b"G", "video/mp2t"),
        (b"GIF" + b"G" * 200, ""),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0AVI LIST", "video/x-msvideo"),
        (b"RIFF\0\0\0\0WAVEfmt ", ""),
        (b"BM\0\0", "image/bmp"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"\0\0\0\x18ftypisom", "video/mp4"),
        (b"\0\0\0\x18ftypavif", "image/heif"),
        (b"\0\0\0\x18ftypM4A ", "audio/mp4"),
        (b"\x1a\x45\xdf\xa3", "video/webm"),
        (b"FLV\x01", "video/x-flv"),
        (b"\0\0\x01\xba", "video/mpeg"),
        (b"0&\xb2u\x8ef\xcf\x11", "video/x-ms-asf"),
        (b"<html>", ""),
        (b"%PDF-1.7", ""),
        (b"", ""),
    ],
)
def test_bytes_are_known_by_how_they_begin(head: bytes, kind: str) -> None:
    assert sniff(head) == kind


@given(st.binary(max_size=400))
def test_whatever_the_bytes_they_have_one_kind_or_none(head: bytes) -> None:
    kind = sniff(head)
    assert kind == "" or kind in PICTURES or is_film(kind) or kind in {"image/heif", "audio/mp4"}
