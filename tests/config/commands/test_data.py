"""`lykta data import` and `list`: whose address ranges there are."""

from pathlib import Path

import pytest

from lykta.config.command import main

ROWS = "192.0.2.0,192.0.2.255,SE\n"
ABOUT = ["--source", "Somebody", "--licence", "CC0", "--dated", "2026-06-25"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ranges.csv"
    path.write_text(ROWS)
    return path


def test_a_file_is_imported_and_listed(lykta_home: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "import", str(file), *ABOUT]) == 0
    line = "somebody-country.places: country, 1 ranges, Somebody of 2026-06-25, CC0\n"
    assert capsys.readouterr().out == f"{line}The worker reads it when it starts.\n"
    assert main(["data", "list"]) == 0
    assert capsys.readouterr().out == line
    assert (lykta_home / "data" / "places" / "somebody-country.places").exists()


def test_a_list_of_networks_is_of_the_kind_that_is_said(
    lykta_home: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("192.0.2.0/24,Veil CDN\n")
    assert main(["data", "import", str(file), *ABOUT]) == 1
    assert "say with --kind" in capsys.readouterr().err
    assert main(["data", "import", str(file), *ABOUT, "--kind", "cdn"]) == 0
    assert "somebody-cdn.places: cdn, 1 ranges" in capsys.readouterr().out


def test_what_nobody_says_is_asked_for(lykta_home: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "import", str(file)]) == 1
    assert "nothing says: source, dated, licence" in capsys.readouterr().err
    assert main(["data", "list"]) == 0
    assert "Run `lykta data import`" in capsys.readouterr().out


def test_without_a_file_debians_is_taken_if_there_is_one(
    lykta_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    debians = tmp_path / "geoip"
    monkeypatch.setattr("lykta.connectors.geo.connector.bring_in_debians.__defaults__", ((debians,),))
    assert main(["data", "import"]) == 1
    assert "tor-geoipdb is not installed" in capsys.readouterr().err
    debians.write_text(f"# Generated: Thu, 25 Jun 2026 04:33:59 GMT\n# License: CC BY-SA 4.0\n{ROWS}")
    assert main(["data", "import"]) == 0
    assert "tor-geoipdb of 2026-06-25, CC BY-SA 4.0" in capsys.readouterr().out


def test_a_file_that_cannot_be_used_is_listed_with_the_reason(
    lykta_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = lykta_home / "data" / "places"
    folder.mkdir(parents=True)
    (folder / "bad.places").write_bytes(b"something else altogether")
    assert main(["data", "list"]) == 0
    assert "bad.places: cannot be used: bad.places is not of this form" in capsys.readouterr().out
