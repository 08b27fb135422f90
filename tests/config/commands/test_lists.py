"""`lykta list`: what it prints, and what its exit status says."""

import json
from pathlib import Path

import pytest

from lykta.config import command
from lykta.config.commands.lists import read_mapping
from lykta.core.refusals import NotUnderstood
from lykta.lib.hashlists.cells import Field
from lykta.records.matching.models import HashList, Known

pytestmark = pytest.mark.django_db

MD5 = "ef" * 16


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "load", lambda _face: None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    assert command.main(["list", "add", "police", "The police", "--trust", "police", "--category", "1=illegal"]) == 0
    path = tmp_path / "list.csv"
    path.write_text(f"Digest,Class\n{MD5},1\n=broken,1\n")
    return path


IMPORT = ("--list", "police", "--map", "Digest=md5", "--map", "Class=category")


def test_a_list_is_added_with_what_its_categories_mean(file: Path) -> None:
    found = HashList.objects.get()
    assert (found.slug, found.name, found.trust, found.distance) == ("police", "The police", "police", 31)
    assert found.categories == {"1": "illegal"}


def test_a_file_is_read_and_what_was_refused_stands_beside_it(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["list", "import", str(file), *IMPORT]) == 3
    assert "2 rows: 1 added, 0 there already, 0 withdrawn, 1 refused." in capsys.readouterr().out
    refused = file.with_name("list.csv.refused.csv").read_text().splitlines()
    assert refused == ["line,why,cell", '3,"md5 has 32 hexadecimal digits, and this has 7.",\'=broken']
    assert bytes(Known.objects.get().md5 or b"").hex() == MD5


def test_a_dry_run_keeps_nothing_and_says_what_would_be(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["list", "import", str(file), *IMPORT, "--dry-run", "--json"]) == 3
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["state"], told["rows_added"], told["rows_refused"]) == ("dry_run", 1, 1)
    assert not Known.objects.exists()


def test_the_columns_of_a_file_are_told_with_what_they_are_taken_for(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["list", "import", str(file), "--list", "police", "--columns"]) == 0
    assert capsys.readouterr().out.splitlines() == ["form: table", f"Digest\t?\t{MD5}, =broken", "Class\t?\t1, 1"]
    file.write_text(f"{MD5},1\n")
    assert command.main(["list", "import", str(file), "--list", "police", "--columns", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["columns"][0] == {"name": "1", "is": "md5", "cells": [MD5]}
    assert not Known.objects.exists()


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("Digest\n=broken\n")
    assert command.main(["list", "import", str(file), "--list", "police", "--map", "Digest=md5"]) == 1
    assert "It stopped: No row can be used. Line 2" in capsys.readouterr().out
    assert command.main(["list", "import", str(file), "--list", "nowhere"]) == 1
    assert "There is no such list." in capsys.readouterr().err


def test_what_is_held_is_shown_and_withdrawn(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(f"md5\n{MD5}\n")
    assert command.main(["list", "import", str(file), "--list", "police"]) == 0
    assert command.main(["list", "show"]) == 0
    assert "police\tThe police\tpolice\t1 rows" in capsys.readouterr().out
    assert command.main(["list", "withdraw", "police", MD5, "--reason", "A mistake."]) == 0
    assert "1 rows were withdrawn: version 2." in capsys.readouterr().out
    assert command.main(["list", "show", "police", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["held"], [version["number"] for version in told["versions"]]) == (0, [2, 1])
    assert command.main(["list", "show", "police"]) == 0
    assert "version 2, ready" in capsys.readouterr().out


def test_a_film_is_withdrawn_by_its_name(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(f"pdq,reference\n{'0f' * 32},vpdq:flower:0\n{'3c' * 32},vpdq:flower:1\n")
    assert command.main(["list", "import", str(file), "--list", "police"]) == 0
    withdraw = ["list", "withdraw", "police", "--film", "flower", "--reason", "A mistake."]
    assert command.main(withdraw) == 0
    assert "2 rows were withdrawn: version 2." in capsys.readouterr().out
    assert command.main(withdraw) == 1
    assert "no frame of such a film" in capsys.readouterr().err


@pytest.mark.parametrize("rows", [[], [MD5, "--film", "flower"]])
def test_either_hashes_or_a_film_are_withdrawn(rows: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(["list", "withdraw", "police", *rows, "--reason", "A mistake."])
    assert (ended.value.code, "--film" in capsys.readouterr().err) == (2, True)


def test_a_hotline_without_lists_is_told_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["list", "show"]) == 0
    assert "lykta list add" in capsys.readouterr().out


@pytest.mark.parametrize("typed", ["zz", "ab"])
def test_what_is_no_hash_is_not_withdrawn(file: Path, typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["list", "withdraw", "police", typed, "--reason", "x"]) == 1
    assert "hexadecimal digits" in capsys.readouterr().err


def test_a_mapping_names_a_column_for_each_field() -> None:
    assert read_mapping(["A=b=md5", "C = category"]) == {Field.MD5: "A=b", Field.CATEGORY: "C"}


@pytest.mark.parametrize("typed", [["md5"], ["=md5"], ["A=hash"], ["A=md5", "B=md5"]])
def test_another_mapping_is_refused(typed: list[str]) -> None:
    with pytest.raises(NotUnderstood, match="--map"):
        read_mapping(typed)
