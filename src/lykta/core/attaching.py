"""What may be attached to a report: chat logs and documents. Pictures, films and archives may not.

A file is known by its bytes, never by its name. It goes its way in pieces, and every piece is looked at before it is
kept: a picture is refused at its first piece. A PDF document can hold pictures, which nobody here looks for: that is
why attachments are off unless a hotline asks for them (`docs/threat-model.md`).
"""

import codecs
import re

from lykta.core.vocabulary import Word

PIECE_BYTES = 256 * 1024
"""Bytes of each piece but the last: what is at most lost when a line breaks."""
MOST_FILES = 5
"""Files of one report."""


class FileKind(Word):
    """What a file is, as its media type."""

    PDF = "application/pdf", "A PDF document."
    TEXT = "text/plain", "Plain text, such as a chat log."


class OpeningReason(Word):
    """Why somebody on the staff opens a file."""

    ASSESS = "assess", "To assess what was reported."
    REFER = "refer", "To hand it to the police or to a partner hotline."
    ASKED = "asked", "The reporter asked about it."


_MARKS_OF_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_NEVER_IN_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
"""Control characters that no text has, in every encoding that extends ASCII; all that is compressed has them."""
_NEVER_IN_WIDE_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_PICTURES_AT_THE_START = (b"GIF87a", b"GIF89a", b"P1\n", b"P2\n", b"P3\n", b"/* XPM")
"""Kinds of pictures whose first bytes could be text."""
_PICTURES_WITHIN = re.compile(rb"<svg\b|\bdata:(?:image|video)/", re.IGNORECASE)
"""Pictures that are written as text, as a saved page holds them."""


def kind_of(start: bytes) -> FileKind | None:
    """What a file is, by its first piece; None for what may not be attached, and for nothing at all."""
    if start.startswith(b"%PDF-"):
        return FileKind.PDF
    if not start or start.startswith(_PICTURES_AT_THE_START):
        return None
    wide = _MARKS_OF_UTF_16.get(start[:2])
    return FileKind.TEXT if (_is_wide_text(start, wide) if wide else _is_text(start)) else None


def goes_on(kind: FileKind, piece: bytes) -> bool:
    """Whether a later piece can belong to a file of this kind; which encoding the first one had is not known here."""
    if kind is FileKind.PDF:
        return True
    return _is_text(piece) or any(_is_wide_text(piece, encoding) for encoding in _MARKS_OF_UTF_16.values())


def read(data: bytes) -> str:
    """Text as a person reads it: UTF-16 where a mark says so, else UTF-8, else Windows' Western letters."""
    if data[:2] in _MARKS_OF_UTF_16:
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def pieces(size: int) -> int:
    """How many pieces so many bytes make."""
    return -(-size // PIECE_BYTES)


def _is_text(data: bytes) -> bool:
    return _NEVER_IN_TEXT.search(data) is None and _PICTURES_WITHIN.search(data) is None


def _is_wide_text(data: bytes, encoding: str) -> bool:
    """Whether it is UTF-16. A letter of two halves may have been cut at either end."""
    halves = codecs.getincrementaldecoder(encoding)()
    high = data[1:2] if encoding == "utf-16-le" else data[:1]
    try:
        text = halves.decode(data[2:] if b"\xdc" <= high <= b"\xdf" else data)
    except UnicodeDecodeError:
        return False
    return _NEVER_IN_WIDE_TEXT.search(text) is None
