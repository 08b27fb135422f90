"""What people type, made safe to carry and to show; and the ways to tell them what is wrong with it."""

import re
import secrets
from dataclasses import dataclass

TEXT_LIMIT = 200_000
"""Characters of one text. At 12 bytes each, percent-encoded, it still fits DATA_UPLOAD_MAX_MEMORY_SIZE."""
LINE_LIMIT = 300
"""Characters of one line: a contact, a reference."""

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_NONCE = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field (the `id` of its input), and what to do about it."""

    field: str
    message: str


def clean_text(typed: str) -> str:
    """Several lines without control characters, which no reader sees and some stores refuse; ends trimmed."""
    return _UNSEEN.sub("", typed.replace("\r\n", "\n").replace("\r", "\n")).strip()


def clean_line(typed: str) -> str:
    """One line: line ends become spaces."""
    return " ".join(clean_text(typed).split())


def new_nonce() -> str:
    """A random number for one form, by which the staff side knows a double press of *send*: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def nonce_or_new(typed: str) -> str:
    """The form's number, or a fresh one where it came back damaged."""
    return typed if _NONCE.fullmatch(typed) else new_nonce()
