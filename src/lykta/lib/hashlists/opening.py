"""Which form a file has, told by how it begins, and its rows."""

import hashlib
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from lykta.lib.hashlists import films, ncmec, records, tables
from lykta.lib.hashlists.cells import Field, Form, Raw

HEAD = 1 << 16
"""Bytes of a file among which its first line has to end."""


def read(file: BinaryIO, *, mapping: Mapping[Field, str]) -> Iterator[Raw]:
    """All rows, in the same batches each time; `mapping` names a table's columns.

    Raises NotUnderstood, with what to do: at once for a form that nobody knows, and later where a file breaks off.
    """
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    match form_of(head):
        case Form.TABLE | Form.HASHES:
            return tables.read(file, tables.table_of(head, mapping))
        case Form.NCMEC:
            return ncmec.read(file)
        case Form.VPDQ:
            return films.read(file)
        case _:
            return records.read(file)


def form_of(head: bytes) -> Form:
    """What a file is that begins so. Raises NotUnderstood for JSON that nobody knows."""
    first = head.removeprefix(BOM_UTF8).lstrip()[:1]
    if films.is_one(head):
        return Form.VPDQ
    if first in (b"{", b"["):
        return records.form_of(head)
    if first == b"<":
        return Form.NCMEC
    _, cells = tables.header_of(head)
    return Form.HASHES if len(cells) == 1 and tables.kind_of(cells[0]) else Form.TABLE


def digest_of(path: Path) -> str:
    """The SHA-256 of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
