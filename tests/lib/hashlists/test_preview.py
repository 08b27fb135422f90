"""What a file looks like is told from its beginning, and nothing in it makes that fail but with what to do."""

import json
from pathlib import Path

import pytest

from lykta.core.refusals import NotUnderstood
from lykta.lib.hashlists import opening
from lykta.lib.hashlists.cells import Field, Form
from lykta.lib.hashlists.checks import checked
from lykta.lib.hashlists.preview import preview

MD5, SHA1, SHA256 = "ab" * 16, "cd" * 20, "ef" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list"


def test_columns_are_guessed_by_their_names_and_by_what_stands_in_them(path: Path) -> None:
    path.write_text(f"Fingerprint;Class;SHA-1;pdq hash;Looks\n{MD5};1;;{SHA256};\n{MD5};2;x;{SHA256};{SHA256}\n")
    seen = preview(path)
    assert (seen.form, seen.mapped) == (Form.TABLE, True)
    assert [(column.name, column.guess) for column in seen.columns] == [
        ("Fingerprint", Field.MD5),
        ("Class", None),
        ("SHA-1", Field.SHA1),
        ("pdq hash", Field.PDQ),
        ("Looks", Field.SHA256),
    ]
    assert seen.columns[1].cells == ("1", "2")
    assert seen.guessed[Field.MD5] == "Fingerprint"
    assert seen.guessed[Field.CATEGORY] == ""


def test_a_table_without_a_header_has_numbered_columns_and_loses_no_row(path: Path) -> None:
    path.write_text(f"{MD5},1\n{'12' * 16},2\n")
    assert [(column.name, column.guess, column.cells[0]) for column in preview(path).columns] == [
        ("1", Field.MD5, MD5),
        ("2", None, "1"),
    ]
    with path.open("rb") as file:
        [raw] = opening.read(file, mapping={Field.CATEGORY: "2"})
    rows, wrong = checked(raw)
    assert (rows.lines.tolist(), wrong) == ([1, 2], [])
    assert rows.texts[Field.CATEGORY].tobytes() == b"12"


def test_what_is_said_to_be_in_no_column_is_not_guessed(path: Path) -> None:
    path.write_text(f"md5,sha1\n{MD5},{SHA1}\n")
    with path.open("rb") as file:
        [raw] = opening.read(file, mapping={Field.SHA1: ""})
    assert set(raw.cells) == {Field.MD5}


def test_two_columns_of_one_name_cannot_be_chosen(path: Path) -> None:
    path.write_text(f"md5,note,note,\n{MD5},a,b,c\n")
    assert [column.unique for column in preview(path).columns] == [True, False, False, False]


@pytest.mark.parametrize(
    ("text", "form", "fields"),
    [
        (f"{MD5}\n{MD5}\n", Form.HASHES, ["1"]),
        (
            f"<x><image><id>1</id><fingerprints><md5>{MD5}</md5></fingerprints></image>",
            Form.NCMEC,
            ["md5", "reference"],
        ),
        (json.dumps({"hashRecords": [{"signalType": "VideoMD5", "hashValue": MD5}]}), Form.STOPNCII, ["md5"]),
        (json.dumps({"results": [{"sha256_hex": SHA256}]}), Form.ARACHNID, ["sha256"]),
        (
            json.dumps({"odata.metadata": "#Media", "value": [{"MD5": MD5, "Category": 1}] * 3000}),
            Form.VICS,
            ["md5", "category"],
        ),
    ],
)
def test_each_form_is_told_and_its_first_entries_are_shown(
    path: Path, text: str, form: Form, fields: list[str]
) -> None:
    path.write_text(text)
    seen = preview(path)
    assert (seen.form, [column.name for column in seen.columns]) == (form, fields)
    assert any(column.cells[0] in {MD5, SHA256} for column in seen.columns)
    assert seen.mapped is (form is Form.HASHES)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\xff\xfea\0", "UTF-16"),
        (b"{}", "none of the forms"),
        (b'{"value": 7}', "No entry was found"),
        (b"<a>", "No entry was found"),
        (b"x," * 600, "601 columns"),
    ],
)
def test_a_file_that_cannot_be_begun_says_what_to_do(path: Path, data: bytes, reason: str) -> None:
    path.write_bytes(data)
    with pytest.raises(NotUnderstood, match=reason):
        preview(path)


def test_what_a_page_would_obey_is_not_shown(path: Path) -> None:
    path.write_bytes(b"md5,note\n" + MD5.encode() + b",a\x1b[1m\0\xff\n")
    assert preview(path).columns[1].cells == ("a?[1m?�",)
