"""Tables: CSV, TSV, ICSE's semicolons, and files with one hash on each line and nothing else.

Most rows have no quotation mark, and are taken apart all at once by looking for the signs between them; where there
are any, the standard library reads that part of the file, which takes a few times as long.
"""

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from lykta.core.refusals import NotUnderstood
from lykta.lib.hashlists.cells import DIGESTS, LONGEST, Cells, Field, Raw, Wrong, from_texts

PART = 8 << 20
"""Bytes that are read together, and about the longest that a row with quotation marks can be."""
MOST_COLUMNS = 500
DELIMITERS = b",;\t|"

_NAMES = {
    Field.SHA256: {"sha256"},
    Field.SHA1: {"sha1"},
    Field.MD5: {"md5"},
    Field.PDQ: {"pdq", "pdqhash"},
    Field.QUALITY: {"quality", "pdqquality"},
    Field.CATEGORY: {"category", "classification", "baseline"},
    Field.REFERENCE: {"reference", "imageid"},
}
"""What columns are called that nobody mapped, in small letters and digits; the last two as ICSE calls them."""
_BARE = {32: Field.MD5, 40: Field.SHA1, 64: Field.SHA256}
"""What a hash on a line of its own is, by its digits, where nobody says otherwise."""


Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Table:
    """How to read a table: what separates its cells, how many there are, which of them is which field; and from where.

    `start` is the first byte below the header, `line` the line that begins there.
    """

    delimiter: bytes
    width: int
    columns: Mapping[Field, int]
    start: int
    line: int


def header_of(head: bytes) -> tuple[bytes, list[str]]:
    """What separates the cells, and what the first line says; a file without a separator has one column.

    Raises NotUnderstood, with what to do.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotUnderstood("The file is UTF-16. Please save it as “CSV UTF-8”.")
    line = head.removeprefix(BOM_UTF8).split(b"\n", 1)[0].rstrip(b"\r")
    sign = max(DELIMITERS, key=line.count)
    delimiter = bytes([sign])
    text = line.decode("utf-8", "replace").replace("\0", "?")
    try:
        cells = next(csv.reader([text], delimiter=delimiter.decode()), [])
    except csv.Error as error:
        raise NotUnderstood(f"The first line cannot be read: {error}.") from error
    if len(cells) > MOST_COLUMNS:
        raise NotUnderstood(f"The first line has {len(cells)} columns, and {MOST_COLUMNS} can be read.")
    return delimiter, [cell.strip() for cell in cells]


def table_of(head: bytes, mapping: Mapping[Field, str]) -> Table:
    """How to read the file that begins so.

    `mapping` names columns, "" for what is in none; what it leaves out is guessed by their names. The columns of a file
    whose first line is a row already are called 1, 2 and so on. Raises NotUnderstood, with what to do.
    """
    delimiter, first = header_of(head)
    named = not any(map(kind_of, first))
    if len(first) == 1 and not named:
        said = [field for field in mapping if 2 * DIGESTS.get(field, 0) == len(first[0])]
        columns = {[*said, _BARE[len(first[0])]][0]: 0}
    else:
        header = names_of(first)
        columns = {field: _place(header, column) for field, column in mapping.items() if column}
        guessed = guesses(header, [] if named else [first])
        taken = set(columns.values())
        columns |= {field: place for field, place in guessed.items() if field not in mapping and place not in taken}
        if not columns.keys() & DIGESTS.keys():
            told = ", ".join(header)[:300]
            raise NotUnderstood(f"No column is known to hold hashes. Say which: --map COLUMN=sha256. There are: {told}")
    if not named:
        return Table(delimiter, len(first), columns, head.startswith(BOM_UTF8) * len(BOM_UTF8), 1)
    end = head.find(b"\n")
    return Table(delimiter, len(first), columns, len(head) if end < 0 else end + 1, 2)


def kind_of(cell: str) -> Field | None:
    """Which hash a cell is, by its digits; None for what is none. 64 of them are taken for SHA-256."""
    return None if re.search("[^0-9a-fA-F]", cell) else _BARE.get(len(cell))


def names_of(first: Sequence[str]) -> list[str]:
    """What the columns are called, by the first line."""
    if any(map(kind_of, first)):
        return [str(place) for place in range(1, len(first) + 1)]
    return list(first)


def guesses(header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[Field, int]:
    """Which column is which field: by their names, else by what stands in all of these rows."""
    found: dict[Field, int] = {}
    for field, names in _NAMES.items():
        places = [place for place, name in enumerate(header) if re.sub("[^a-z0-9]", "", name.lower()) in names]
        if len(places) == 1:
            found[field] = places[0]
    for place, name in enumerate(header):
        kinds = {kind_of(row[place]) for row in rows if place < len(row) and row[place]}
        kind = kinds.pop() if len(kinds) == 1 else None
        if kind is Field.SHA256 and "pdq" in name.lower():
            kind = Field.PDQ
        if kind is not None and kind not in found and place not in found.values():
            found[kind] = place
    return found


def _place(header: Sequence[str], column: str) -> int:
    if header.count(column) != 1:
        told = ", ".join(header)[:300]
        raise NotUnderstood(f"There has to be one column “{column}”. There are: {told}")
    return header.index(column)


def read(file: BinaryIO, table: Table) -> Iterator[Raw]:
    """All rows below the header."""
    position, line = table.start, table.line
    file.seek(position)
    rest = b""
    while True:
        new = file.read(PART)
        data = rest + new
        if not data:
            return
        cut = _cut(data, ended=len(new) < PART)
        part, rest = data[:cut], data[cut:]
        position += len(part)
        if part:
            raw, ends = _parted(part, table, line, position)
            yield raw
            line += ends


def _cut(data: bytes, *, ended: bool) -> int:
    """Where the last whole row ends: behind an end of line that stands between no quotation marks."""
    if ended:
        return len(data)
    cut = data.rfind(b"\n") + 1
    if b'"' in data:
        quotes = np.frombuffer(data, np.uint8) == ord('"')
        ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
        outside = ends[np.cumsum(quotes, dtype=np.int32)[ends] % 2 == 0]
        cut = int(outside[-1]) + 1 if len(outside) else 0
    # A quotation mark that nobody closes must not make a part grow for ever.
    return cut or (len(data) if len(data) > 2 * PART else 0)


def _parted(part: bytes, table: Table, line: int, position: int) -> tuple[Raw, int]:
    """The rows of a part, and how many lines it has."""
    if b'"' in part:
        return _quoted(part, table, line, position), part.count(b"\n")
    buffer = np.frombuffer(part + (b"" if part.endswith(b"\n") else b"\n") + bytes(LONGEST), np.uint8)
    body = buffer[:-LONGEST]
    ends = np.flatnonzero(body == ord("\n"))
    starts = np.concatenate(([0], ends[:-1] + 1))
    lines = np.arange(line, line + len(ends))
    ends = ends - ((ends > starts) & (body[ends - 1] == ord("\r")))
    separators = np.flatnonzero(body == table.delimiter[0])
    between, fitting, wrong = _between(separators, starts, ends, lines, table.width)
    starts, ends = starts[fitting], ends[fitting]
    cells = {}
    for field, place in table.columns.items():
        begin = starts if place == 0 else between[:, place - 1] + 1
        end = ends if place == table.width - 1 else between[:, place]
        cells[field] = _cells(buffer, begin, end)
    return Raw(lines[fitting], cells, np.zeros(len(starts), np.bool_), position, wrong), len(lines)


def _between(
    separators: Places, starts: Places, ends: Places, lines: Places, width: int
) -> tuple[Places, NDArray[np.bool_], list[Wrong]]:
    """The separators of each row that has as many as the header, which rows these are, and what the others have."""
    if len(separators) == len(starts) * (width - 1):
        between = separators.reshape(len(starts), width - 1)
        if width == 1 or ((between[:, 0] >= starts) & (between[:, -1] < ends)).all():
            filled = ends > starts
            return between[filled], filled, []
    first = np.searchsorted(separators, starts)
    counts = np.searchsorted(separators, ends) - first + 1
    fitting = (counts == width) & (ends > starts)
    wrong = (ends > starts) & ~fitting
    told = zip(lines[wrong].tolist(), counts[wrong].tolist(), strict=True)
    places = first[fitting, None] + np.arange(width - 1)
    return separators[places], fitting, [_wrong_width(line, count, width) for line, count in told]


def _cells(buffer: NDArray[np.uint8], begin: NDArray[np.int64], end: NDArray[np.int64]) -> Cells:
    lengths = end - begin
    width = int(min(lengths.max(initial=0), LONGEST))
    if not width:
        return Cells(np.zeros((len(begin), 0), np.uint8), lengths)
    matrix = sliding_window_view(buffer, width)[begin]
    if lengths.min(initial=width) < width:
        matrix[np.arange(width) >= lengths[:, None]] = 0
    return _trimmed(Cells(matrix, lengths))


def _trimmed(cells: Cells) -> Cells:
    """Without the spaces around them."""
    matrix, lengths = cells
    last = np.take_along_axis(matrix, np.clip(lengths - 1, 0, matrix.shape[1] - 1)[:, None], axis=1)[:, 0]
    loose = np.flatnonzero((lengths > 0) & (lengths <= LONGEST) & ((matrix[:, 0] == ord(" ")) | (last == ord(" "))))
    for place in loose.tolist():
        text = matrix[place, : lengths[place]].tobytes().strip(b" ")
        matrix[place] = np.frombuffer(text.ljust(matrix.shape[1], b"\0"), np.uint8)
        lengths[place] = len(text)
    return Cells(matrix, lengths)


def _quoted(part: bytes, table: Table, line: int, position: int) -> Raw:
    text = part.decode("utf-8", "replace").replace("\0", "?")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=table.delimiter.decode())
    lines, found, wrong = [], [], []
    while True:
        at = line + rows.line_num
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            wrong.append(Wrong(at, f"The quotation marks do not fit: {error}."[:120]))
            continue
        if len(row) == table.width:
            lines.append(at)
            found.append(row)
        elif row:
            wrong.append(_wrong_width(at, len(row), table.width))
    cells = {field: from_texts([row[place] for row in found]) for field, place in table.columns.items()}
    return Raw(np.array(lines, np.int64), cells, np.zeros(len(found), np.bool_), position, wrong)


def _wrong_width(line: int, count: int, width: int) -> Wrong:
    return Wrong(line, f"It has {count} cells, and the header has {width}.")
