"""What a file looks like before it is read: its form, its columns or fields, the first rows, and what each may be."""

import csv
import io
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lykta.core.refusals import NotUnderstood
from lykta.lib.hashlists import opening, tables
from lykta.lib.hashlists.cells import Field, Form, Raw
from lykta.lib.hashlists.checks import printable

ROWS = 5
_TABLES = {Form.TABLE, Form.HASHES}


@dataclass(frozen=True, slots=True)
class Column:
    """A column with the first cells in it, fit to be shown. `unique`: no other has its name, so it can be chosen."""

    name: str
    cells: tuple[str, ...]
    guess: Field | None
    unique: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """`mapped`: which column is what has to be said; in the other forms each is what it is called."""

    form: Form
    columns: tuple[Column, ...]

    @property
    def mapped(self) -> bool:
        return self.form in _TABLES

    @property
    def guessed(self) -> Mapping[Field, str]:
        """A mapping out of the guesses, whole: "" for what is in no column."""
        found = {column.guess: column.name for column in self.columns if column.guess}
        return {field: found.get(field, "") for field in Field} if self.mapped else {}


def preview(path: Path) -> Preview:
    """How a file begins. Raises NotUnderstood, with what to do, and OSError."""
    with path.open("rb") as file:
        head = file.read(opening.HEAD)
    if not head.strip():
        raise NotUnderstood("The file is empty.")
    form = opening.form_of(head)
    return Preview(form, _of_table(head) if form in _TABLES else _of_entries(head))


def _of_table(head: bytes) -> tuple[Column, ...]:
    delimiter, first = tables.header_of(head)
    text = head.rpartition(b"\n")[0] or head
    lines = io.StringIO(text.decode("utf-8-sig", "replace").replace("\0", "?"), newline="")
    rows = []
    with suppress(csv.Error):
        for row in csv.reader(lines, delimiter=delimiter.decode()):
            rows.append([cell.strip() for cell in row])
            if len(rows) > ROWS:
                break
    names = tables.names_of(first)
    below = [row for row in (rows if names != first else rows[1:]) if row][:ROWS]
    guessed = {place: field for field, place in tables.guesses(names, below).items()}
    return tuple(
        Column(
            name,
            tuple(printable(row[place]) if place < len(row) else "" for row in below),
            guessed.get(place),
            bool(name) and names.count(name) == 1,
        )
        for place, name in enumerate(names)
    )


def _of_entries(head: bytes) -> tuple[Column, ...]:
    """The fields of the first entries; that the file goes on behind its head is no fault."""
    raw: Raw | None = None
    with suppress(NotUnderstood):
        raw = next(opening.read(io.BytesIO(head), mapping={}), None)
    if raw is None:
        raise NotUnderstood("No entry was found at the beginning of the file.")
    return tuple(
        Column(str(field), tuple(_texts(raw, field)), field, unique=True)
        for field in Field
        if field in raw.cells and raw.cells[field].lengths.any()
    )


def _texts(raw: Raw, field: Field) -> list[str]:
    matrix, lengths = raw.cells[field]
    rows = zip(matrix[:ROWS], lengths[:ROWS].tolist(), strict=True)
    return [printable(row[:length].tobytes().decode("utf-8", "replace")) for row, length in rows]
