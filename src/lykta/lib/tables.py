"""Tables of spreadsheets (CSV, RFC 4180): reads what they write, one row at a time, and says what is wrong with a row.

What we write for them goes through `write`.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from lykta.core.refusals import NotUnderstood

DELIMITERS = ",;\t|"
"""In this order: a spreadsheet of a country that writes 1,5 separates with a semicolon."""

LONGEST_FILE = 50_000_000
"""Bytes: the file is read whole. A million addresses fit; more come in several files."""

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes the rest of a cell for a formula after (OWASP, “CSV Injection”), wide forms too."""
_NAMED_DELIMITER = re.compile(r"sep=[^\r\n](?:\r\n|\r|\n)", re.IGNORECASE)
"""What spreadsheets write above the header for one another."""
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class File(Protocol):
    """What can be written into: an open file, an answer to a browser."""

    def write(self, text: str, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file on which it begins, its cells by column, or what is `wrong` with it."""

    line: int
    cells: dict[str, str]
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header is known; the rows are read as one goes through them."""

    header: tuple[str, ...]
    delimiter: str
    text: str
    above: int = 0
    """Lines of the file before the header."""

    def rows(self) -> Iterator[Row]:
        """Every row below the header; empty lines are none."""
        lines = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True)
        next(lines)
        while True:
            first = self.above + lines.line_num + 1
            try:
                cells = next(lines)
            except StopIteration:
                return
            except csv.Error as error:
                together = _together(first, self.above + lines.line_num)
                yield Row(first, {}, f"The quotation marks do not fit: {error}.{together}")
                continue
            if any(cell.strip() for cell in cells):
                yield self._row(first, cells, _together(first, self.above + lines.line_num))

    def _row(self, line: int, cells: Sequence[str], together: str) -> Row:
        if len(cells) != len(self.header):
            return Row(line, {}, f"It has {len(cells)} cells, and the header has {len(self.header)}.{together}")
        return Row(line, {name: cell.strip() for name, cell in zip(self.header, cells, strict=True)})


def read(data: bytes, *, columns: Sequence[str]) -> Table:
    """The table in a file, which has to have these columns; they also tell which sign separates the cells.

    Raises NotUnderstood, with what to do.
    """
    if len(data) > LONGEST_FILE:
        raise NotUnderstood(f"The file has {len(data):,} bytes, and {LONGEST_FILE:,} fit: please split it.")
    text = _text(data)
    named = _NAMED_DELIMITER.match(text)
    if named:
        text = text[named.end() :]
    headers = {sign: _header(text, sign) for sign in DELIMITERS}
    for sign, header in headers.items():
        if set(columns) <= set(header):
            twice = [name for name in columns if header.count(name) > 1]
            if twice:
                raise NotUnderstood(f"The column “{twice[0]}” is there twice: please rename one of them.")
            return Table(header, sign, text, above=1 if named else 0)
    likely = max(headers.values(), key=len)
    missing = ", ".join(f"“{name}”" for name in columns if name not in likely)
    raise NotUnderstood(f"There is no column {missing}. The first line has: {', '.join(likely)[:500]}.")


def write(file: File, rows: Iterable[Iterable[object]], *, ending: str = "\r\n") -> None:
    """Rows as CSV, each with this ending. Text that would be a formula gets an apostrophe before it; numbers stay."""
    lines = csv.writer(file, lineterminator=ending)
    lines.writerows([_harmless(cell) for cell in row] for row in rows)


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell


def _together(first: int, last: int) -> str:
    """Said of a row that does not count: a quotation mark that nothing closes takes the lines below along."""
    return f" Lines {first} to {last} were read as one row: none of them counts." if last > first else ""


def _text(data: bytes) -> str:
    if data.startswith(_UTF_16):
        raise NotUnderstood("The file is UTF-16. Please save it as “CSV UTF-8”.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        advice = "Please save it as “CSV UTF-8”, or convert it: iconv -f WINDOWS-1252 -t UTF-8 OLD.csv > NEW.csv"
        raise NotUnderstood(f"Line {line} is not UTF-8. {advice}") from None
    if "\0" in text:
        raise NotUnderstood("The file is no text: it has NUL bytes in it.")
    return text


def _header(text: str, delimiter: str) -> tuple[str, ...]:
    try:
        cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return ()
    return tuple(cell.strip() for cell in cells)
