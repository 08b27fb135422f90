"""`lykta match`: a local file, or its hashes, against the lists."""

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from tests.support.lists import HARMLESS, a_list, a_version

from lykta.config.commands import matching as command
from lykta.config.commands.matching import match, with_hashes
from lykta.connectors.web import local
from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import ListTrust
from lykta.lib.clock import now
from lykta.lib.matching import files
from lykta.practice import pictures

pytestmark = pytest.mark.django_db
SHA256, MD5, PDQ = "a1" * 32, "b2" * 16, "c3" * 32


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.INDEXES = tmp_path / "matching"
    return tmp_path / "matching"


@pytest.fixture
def lists(db: None, folder: Path) -> None:
    police = a_list("police", at=now())
    rows: list[dict[str, Any]] = [{"sha256": SHA256, "pdq": PDQ}, {"sha256": "d4" * 32, "category": HARMLESS}]
    a_version(police, rows, at=now())
    a_version(a_list("others", at=now(), trust=ListTrust.REPORTED), [{"md5": MD5}], at=now())


@pytest.mark.parametrize(
    ("hashes", "status", "said"),
    [
        ([SHA256], 5, "known: no look needed (rule police-list of matching-2)"),
        ([SHA256.upper(), "b0" * 16], 5, "has the same SHA-256"),
        ([MD5], 4, "known, to be checked"),
        ([f"pdq:{PDQ[:-2]}c4"], 3, "has a picture 3 bits of 256 away"),
        ([PDQ], 0, "on no list"),
        (["d4" * 32], 0, "known as harmless"),
        (["e5" * 20], 0, "on no list"),
    ],
)
def test_what_is_found_is_said_and_told_by_the_status(
    lists: None, hashes: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert match(None, hashes, as_json=False) == status
    assert said in capsys.readouterr().out


def test_as_json_it_names_the_rows_and_the_fingerprints(lists: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert match(None, [SHA256], as_json=True) == 5
    found = json.loads(capsys.readouterr().out)
    assert found["finding"] == "illegal"
    assert found["matches"] == [{"list": "police", "version": 1, "by": "SHA-256", "distance": 0}]
    assert found["fingerprints"] == {"sha256": SHA256, "quality": 100}


def test_a_file_is_fingerprinted_in_the_sandbox_and_nothing_of_it_is_shown(
    folder: Path, db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = pictures.draw("a pattern")
    made = local.fingerprint(body)
    assert (made.media_type, made.length, made.problem, len(made.pdq)) == ("image/png", len(body), "", 8)
    a_version(a_list("police", at=now()), [{"pdq": made.pdq[3]}], at=now())
    (tmp_path / "secret name.png").write_bytes(body)
    assert match(tmp_path / "secret name.png", [], as_json=True) == 3
    said = capsys.readouterr().out
    assert made.sha256 in said
    assert "secret name" not in said
    assert "lykta-practice" not in said


@pytest.mark.parametrize(
    "hashes",
    [[], ["a1"], ["g1" * 32], ["sha1:" + "a1" * 32], ["x:" + "a1" * 32], [SHA256, SHA256], ["pdq:a1"]],
)
def test_what_is_no_hash_is_refused_in_words(folder: Path, db: None, hashes: list[str]) -> None:
    with pytest.raises(NotUnderstood, match="hash"):
        match(None, hashes, as_json=False)


def test_a_file_and_hashes_together_are_refused(folder: Path, db: None) -> None:
    with pytest.raises(NotUnderstood, match="one file"):
        match(Path("x"), [MD5], as_json=False)


def test_a_file_that_is_too_long_is_not_read(
    folder: Path, db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "LONGEST", 3)
    monkeypatch.setattr(local, "LONGEST", 3)
    (tmp_path / "long").write_bytes(b"long")
    with pytest.raises(NotUnderstood, match="more than 3 bytes"):
        match(tmp_path / "long", [], as_json=False)
    with pytest.raises(ValueError, match="more than 3 bytes"):
        local.fingerprint(b"long")


def test_an_index_that_is_behind_is_no_answer(lists: None, folder: Path) -> None:
    folder.mkdir()
    with files.locked(folder / "following"), pytest.raises(RuntimeError, match="ask again"):
        match(None, [SHA256], as_json=False)


def test_hashes_of_one_file_are_asked_for_together() -> None:
    assert with_hashes([SHA256, f"md5:{MD5}", f"pdq:{PDQ}"]) == {
        "sha256": SHA256,
        "md5": MD5,
        "pdq": [PDQ],
        "quality": 100,
    }
