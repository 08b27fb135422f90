"""Tables of hashes as organisations really send them."""

import io
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core.refusals import NotUnderstood
from lykta.lib.hashlists import opening, tables
from lykta.lib.hashlists.cells import Field, Raw

SHA256, SHA1, MD5, PDQ = "ab" * 32, "cd" * 20, "ef" * 16, "0123456789abcdef" * 4


def read(text: str, mapping: Mapping[Field, str] | None = None) -> list[Raw]:
    return list(opening.read(io.BytesIO(text.encode()), mapping=mapping or {}))


def texts(raw: Raw, field: Field) -> list[str]:
    cells = raw.cells[field]
    return [row[:length].tobytes().decode() for row, length in zip(cells.matrix, cells.lengths, strict=True)]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_columns_are_known_by_their_names(sign: str, ending: str) -> None:
    rows = [["SHA-256", "pdq_hash", "Note", "Category"], [SHA256, PDQ, "one", "1"], ["", PDQ, "", "22"]]
    [raw] = read(ending.join(sign.join(row) for row in rows))
    assert raw.lines.tolist() == [2, 3]
    assert texts(raw, Field.SHA256) == [SHA256, ""]
    assert texts(raw, Field.PDQ) == [PDQ, PDQ]
    assert texts(raw, Field.CATEGORY) == ["1", "22"]


def test_a_mapping_says_what_names_do_not() -> None:
    [raw] = read(f"Digest,Class\n{MD5},A1\n", {Field.MD5: "Digest", Field.CATEGORY: "Class"})
    assert (texts(raw, Field.MD5), texts(raw, Field.CATEGORY)) == ([MD5], ["A1"])


def test_an_icse_export_is_read_without_a_mapping() -> None:
    head = (
        "MD5;SHA1;PhotoDNA;Image ID;Is distributed;Victim identified;Offender identified;Series name;"
        "Number of submissions;File Available;Media Type;Baseline"
    )
    [raw] = read(f"{head}\n{MD5};{SHA1};;77;true;false;false;;3;true;Image;true\n")
    assert {field: texts(raw, field) for field in raw.cells} == {
        Field.MD5: [MD5],
        Field.SHA1: [SHA1],
        Field.REFERENCE: ["77"],
        Field.CATEGORY: ["true"],
    }


@pytest.mark.parametrize(("digits", "field"), [(SHA256, Field.SHA256), (SHA1, Field.SHA1), (MD5, Field.MD5)])
def test_a_hash_on_each_line_needs_no_header(digits: str, field: Field) -> None:
    [raw] = read(f"{digits}\n\n{digits.upper()}\n")
    assert raw.lines.tolist() == [1, 3]
    assert texts(raw, field) == [digits, digits.upper()]


@pytest.mark.parametrize("text", [f"{MD5}\n{MD5}\n", f"md5\n{MD5}\n"])
def test_the_byte_order_mark_of_a_spreadsheet_is_no_part_of_the_first_cell(text: str) -> None:
    [plain], [marked] = read(text), read(f"\N{ZERO WIDTH NO-BREAK SPACE}{text}")
    assert texts(marked, Field.MD5) == texts(plain, Field.MD5)
    assert marked.lines.tolist() == plain.lines.tolist()


def test_64_digits_on_each_line_are_pdq_where_somebody_says_so() -> None:
    [raw] = read(f"{PDQ}\n", {Field.PDQ: "hash"})
    assert texts(raw, Field.PDQ) == [PDQ]


def test_a_row_of_another_width_is_said_with_its_line_and_the_others_are_read() -> None:
    [raw] = read(f"md5,category\n{MD5},1\n{MD5}\n\n{MD5},1,2\n{MD5},2\n")
    assert raw.lines.tolist() == [2, 6]
    assert [(one.line, one.reason) for one in raw.wrong] == [
        (3, "It has 1 cells, and the header has 2."),
        (5, "It has 3 cells, and the header has 2."),
    ]


def test_quotation_marks_may_hold_separators_and_ends_of_lines() -> None:
    [raw] = read(f'md5,note,category\n{MD5},"one, two\nthree",1\n"{MD5}",four,2\n')
    assert raw.lines.tolist() == [2, 4]
    assert texts(raw, Field.MD5) == [MD5, MD5]
    assert texts(raw, Field.CATEGORY) == ["1", "2"]


def test_spaces_around_a_cell_are_not_part_of_it() -> None:
    [raw] = read(f"md5, category\n{MD5} , 1 \n")
    assert (texts(raw, Field.MD5), texts(raw, Field.CATEGORY)) == ([MD5], ["1"])


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_table_of_many_parts_is_the_same_table(monkeypatch: pytest.MonkeyPatch, quote: str) -> None:
    text = "md5,note\n" + "".join(f"{number:032x},{quote}a\nb{quote}\n" for number in range(1, 50))
    [whole] = read(text)
    monkeypatch.setattr(tables, "PART", 100)
    parts = read(text)
    assert len(parts) > 10
    assert [line for raw in parts for line in raw.lines.tolist()] == whole.lines.tolist()
    assert [md5 for raw in parts for md5 in texts(raw, Field.MD5)] == texts(whole, Field.MD5)
    assert [one for raw in parts for one in raw.wrong] == list(whole.wrong)
    assert parts[-1].position == whole.position == len(text)


def test_a_quotation_mark_that_nobody_closes_does_not_take_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "PART", 100)
    parts = read('md5,note\n"' + f"{MD5},x\n" * 50)
    assert len(parts) > 5


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "No column is known to hold hashes"),
        ("Digest,Class\n", "Say which: --map"),
        ("a," * 600 + "md5\n", "601 columns"),
    ],
)
def test_a_table_that_cannot_be_begun_is_refused_with_what_to_do(text: str, why: str) -> None:
    with pytest.raises(NotUnderstood, match=why):
        read(text)


@pytest.mark.parametrize("mapping", [{Field.MD5: "Nowhere"}, {Field.MD5: "Twice"}])
def test_a_mapped_column_has_to_be_there_once(mapping: dict[Field, str]) -> None:
    with pytest.raises(NotUnderstood, match="There has to be one column"):
        read("Twice,Twice\n", mapping)


def test_a_file_in_utf_16_is_refused_with_what_to_do() -> None:
    with pytest.raises(NotUnderstood, match="CSV UTF-8"):
        opening.read(io.BytesIO("md5\n".encode("utf-16")), mapping={})


@given(
    st.lists(
        st.tuples(
            st.text("0123456789abcdef", max_size=40),
            st.text(st.characters(codec="utf-8", exclude_characters='\r\n\0"'), max_size=9),
        ),
        max_size=9,
    )
)
def test_both_ways_to_read_a_table_agree(rows: list[tuple[str, str]]) -> None:
    """A quotation mark in the first row sends the whole part to the standard library."""
    cells = [[cell.replace(",", "").strip(" ") for cell in row] for row in rows]
    body = "".join(",".join(row) + "\n" for row in cells)
    [fast] = read(f"md5,category\n{MD5},1\n{body}")
    [slow] = read(f'md5,category\n"{MD5}",1\n{body}')
    assert fast.lines.tolist() == slow.lines.tolist()
    for field in (Field.MD5, Field.CATEGORY):
        assert [one.strip() for one in texts(fast, field)] == [one.strip() for one in texts(slow, field)]
