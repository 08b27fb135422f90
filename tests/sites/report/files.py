"""What tests send along, and what of it lies in the letterbox afterwards."""

from uuid import UUID

from pytest_django.fixtures import Settings

from lykta.config.environment import secret
from lykta.core.attaching import PIECE_BYTES
from lykta.lib import sealing
from lykta.records.letterbox import queries
from lykta.records.letterbox.models import Chunk

MIB = 2**20
PATTERN = bytes(range(256)) * 8
NOT_ALLOWED = {
    "png": b"\x89PNG\r\n\x1a\n" + PATTERN,
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF" + PATTERN,
    "gif": b"GIF89a\x02\x00\x02\x00" + PATTERN,
    "webp": b"RIFF\x24\x00\x00\x00WEBPVP8 " + PATTERN,
    "mp4": b"\x00\x00\x00\x18ftypmp42" + PATTERN,
    "zip": b"PK\x03\x04\x14\x00" + PATTERN,
}
"""Patterns with a few bytes of a header before them: no picture, no film, nothing to unpack."""


def text(size: int) -> bytes:
    return (b"12:01 anna: hi\n" * (size // 15 + 1))[:size]


def document(size: int) -> bytes:
    return (b"%PDF-1.7\n" + bytes(range(256)) * (size // 256 + 1))[:size]


def switch_on(settings: Settings, *, limit: int = 30_000_000) -> None:
    """The hotline takes files with one topic, each of at most so many bytes."""
    update = {"attachments": "contact", "attachment_bytes": limit}
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update=update)


def opened(upload: UUID) -> tuple[dict[str, object], bytes, dict[str, object]]:
    """Header, bytes and end of a file in the letterbox; each of its pieces as long as it may be."""
    key = secret("hotline.key")
    first, *middle, last = queries.chunks_of(upload)
    pieces = [sealing.unseal_bytes(piece, private_key=key) for piece in middle]
    assert all(len(piece) == PIECE_BYTES for piece in pieces[:-1])
    return sealing.unseal(first, private_key=key), b"".join(pieces), sealing.unseal(last, private_key=key)


def stored() -> list[UUID]:
    """The files of which anything is in the letterbox."""
    return sorted(set(Chunk.objects.using("letterbox").values_list("upload", flat=True)))
