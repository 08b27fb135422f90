"""Tables as spreadsheets really write them, and advice for those that cannot be read."""

import codecs
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core.refusals import NotUnderstood
from lykta.lib import tables
from lykta.lib.tables import Row, read


def rows(text: str, *columns: str) -> list[Row]:
    return list(read(text.encode(), columns=columns).rows())


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_sign_between_the_cells_is_found_by_the_columns_that_are_looked_for(sign: str) -> None:
    table = read(f"Link{sign}Note\nhttp://a.example/{sign}one\n".encode(), columns=["Note"])
    assert table.delimiter == sign
    assert [row.cells for row in table.rows()] == [{"Link": "http://a.example/", "Note": "one"}]


def test_a_comma_in_a_table_with_semicolons_is_a_comma() -> None:
    assert rows("Link;Note\nhttp://a.example/?a=1,2;one, two\n", "Link")[0].cells["Note"] == "one, two"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_and_the_byte_order_mark_of_a_spreadsheet(ending: str) -> None:
    data = codecs.BOM_UTF8 + ending.join(["Länk,Not", "http://a.example/,åäö", ""]).encode()
    assert [row.cells for row in read(data, columns=["Länk"]).rows()] == [{"Länk": "http://a.example/", "Not": "åäö"}]


def test_a_row_is_named_by_the_line_on_which_it_begins() -> None:
    found = rows('Link,Note\na,"two\nlines"\n\n ,\nb,one\n', "Link")
    assert [(row.line, row.cells["Link"]) for row in found] == [(2, "a"), (6, "b")]
    assert found[0].cells["Note"] == "two\nlines"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("a,b,c", "It has 3 cells, and the header has 2."),
        ("a", "It has 1 cells, and the header has 2."),
        ('"a"b,c', "The quotation marks do not fit"),
    ],
)
def test_a_bad_row_is_said_and_the_next_one_is_read(line: str, why: str) -> None:
    bad, good = rows(f"Link,Note\n{line}\nb,one\n", "Link")
    assert (bad.line, bad.cells) == (2, {})
    assert bad.wrong.startswith(why)
    assert (good.line, good.cells, good.wrong) == (3, {"Link": "b", "Note": "one"}, "")


def test_a_quotation_mark_that_never_ends_says_which_lines_went_with_it() -> None:
    good, bad = rows('Link,Note\nx,y\n"a,b\nc,d\ne,f\n', "Link")
    assert (good.cells["Link"], bad.line) == ("x", 3)
    assert "quotation marks" in bad.wrong
    assert "Lines 3 to 5 were read as one row" in bad.wrong


def test_rows_that_a_quotation_mark_has_joined_are_named_together() -> None:
    bad, good = rows('Link,Note\n"a,b\nc",d,e\nf,g\n', "Link")
    assert bad.wrong.endswith("Lines 2 to 3 were read as one row: none of them counts.")
    assert (good.line, good.cells["Link"]) == (4, "f")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_line_that_names_the_sign_between_the_cells_is_no_header(ending: str) -> None:
    found = rows(ending.join(["sep=;", "Link;Note", "http://a.example/;one"]), "Link")
    assert [(row.line, row.cells["Link"]) for row in found] == [(3, "http://a.example/")]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "＝1"])
def test_no_cell_that_we_write_is_a_formula(cell: str) -> None:
    file = io.StringIO(newline="")
    tables.write(file, [(cell, f"x{cell}")])
    assert next(csv.reader(io.StringIO(file.getvalue(), newline=""))) == [f"'{cell}", f"x{cell}"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("Länk\nåäö".encode("windows-1252"), "Line 1 is not UTF-8.*iconv"),
        (b"Link\na\n\xe5", "Line 3 is not UTF-8"),
        ("Link\na".encode("utf-16"), "UTF-16.*CSV UTF-8"),
        (b"PK\x03\x04\x00\x00Link", "NUL"),
        (b"Links,Note\n", "There is no column “Link”. The first line has: Links, Note."),
        (b"", "There is no column “Link”"),
        (b"Link,Link\n", "“Link” is there twice"),
        (b'"Link\n', "There is no column “Link”"),
    ],
)
def test_a_file_that_cannot_be_read_comes_with_advice(data: bytes, said: str) -> None:
    with pytest.raises(NotUnderstood, match=f"(?s){said}"):
        read(data, columns=["Link"])


def test_a_file_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LONGEST_FILE", 9)
    assert read(b"Link\na\nb\n", columns=["Link"])
    with pytest.raises(NotUnderstood, match="please split it"):
        read(b"Link\na\nbc\n", columns=["Link"])


_CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=30)


@given(st.lists(st.tuples(_CELL, _CELL), max_size=8), st.sampled_from(tables.DELIMITERS))
def test_what_was_written_is_read(lines: list[tuple[str, str]], sign: str) -> None:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=sign)
    writer.writerows([("Link", "Note"), *lines])
    found = list(read(file.getvalue().encode(), columns=["Link", "Note"]).rows())
    wanted = [(one.strip(), other.strip()) for one, other in lines]
    assert [tuple(row.cells.values()) for row in found] == [pair for pair in wanted if any(pair)]


@given(st.lists(st.tuples(_CELL, _CELL), max_size=8))
def test_what_we_wrote_is_read_and_no_cell_of_it_is_a_formula(lines: list[tuple[str, str]]) -> None:
    file = io.StringIO()
    tables.write(file, [("Link", "Note"), *lines])
    found = [tuple(row) for row in csv.reader(io.StringIO(file.getvalue(), newline=""))][1:]
    assert not [cell for row in found for cell in row if cell.startswith(tables.FORMULAS)]
    assert [tuple(cell.removeprefix("'") for cell in row) for row in found] == [
        tuple(cell.removeprefix("'") for cell in row) for row in lines
    ]


def test_numbers_that_we_write_stay_numbers() -> None:
    file = io.StringIO()
    tables.write(file, [("-1", -1, 2.5, None, "")], ending="\n")
    assert file.getvalue() == "'-1,-1,2.5,,\n"


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_refusal(data: bytes) -> None:
    try:
        found = list(read(b"Link\n" + data, columns=["Link"]).rows())
    except NotUnderstood:
        return
    assert all(bool(row.cells) != bool(row.wrong) for row in found)
