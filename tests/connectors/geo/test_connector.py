from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lykta.connectors.contract import PlaceKind
from lykta.connectors.geo.connector import Places, bring_in, bring_in_debians, open_source, source_files
from lykta.connectors.geo.ranges import BadRanges

OWN = "# source: {source}\n# dated: 2026-06-25\n# licence: CC0\nfirst,last,country,asn,holder,cdn\n{rows}"
TOR = "# Generated: {day}, 25 Jun 2026 04:33:59 GMT\n# Vendor: IPFire Project\n# License: CC BY-SA 4.0\n"


def own(folder: Path, source: str, rows: str) -> Path:
    path = folder / f"{source}.csv"
    path.write_text(OWN.format(source=source, rows=rows), encoding="utf-8")
    return path


def text(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_every_source_that_knows_an_address_says_what_it_knows(tmp_path: Path) -> None:
    own(tmp_path, "a", "192.0.2.0,192.0.2.255,SE,64500,Host,0\n")
    own(tmp_path, "b", "192.0.2.0,192.0.2.127,NO,,,0\n")
    text(tmp_path, "notes.txt", "nothing of ours")
    places = Places(tmp_path)
    assert [(one.source, one.country) for one in places.look_up("192.0.2.1")] == [("a", "SE"), ("b", "NO")]
    assert [one.source for one in places.look_up("192.0.2.200")] == ["a"]
    assert places.look_up("192.0.3.1") == ()
    assert places.look_up("nonsense") == ()


def test_a_folder_without_a_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no file of address ranges"):
        Places(tmp_path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "a.csv, line 1: the header"),
        ("# source: x\nfirst,last,country,asn,holder,cdn\n", "a.csv: nothing says: dated, licence"),
        (OWN.format(source="a", rows="").replace("2026-06-25", "June"), "a.csv: the date has to be written"),
        (OWN.format(source="a", rows="192.0.2.0,192.0.2.9,SE,1,x,2\n"), "a.csv, line 5: cdn has to be"),
        (
            OWN.format(source="a", rows="192.0.2.0,192.0.2.9,SE,1,x,0\n192.0.2.9,192.0.2.10,NL,1,x,0\n"),
            r"a.csv: the range that begins at 192\.0\.2\.9 overlaps",
        ),
    ],
)
def test_a_table_that_cannot_be_trusted_is_an_error_that_names_the_file(
    content: str, words: str, tmp_path: Path
) -> None:
    text(tmp_path, "a.csv", content)
    with pytest.raises(BadRanges, match=words):
        Places(tmp_path)


def test_several_files_of_one_source_become_one(tmp_path: Path) -> None:
    files = [
        text(tmp_path, "v4.csv", "192.0.2.0,192.0.2.255,SE\n"),
        text(tmp_path, "v6.csv", "2001:db8::,2001:db8::ffff,DE\n"),
    ]
    folder = tmp_path / "places"
    path = bring_in(files, folder, source="Some One's", licence="CC BY 4.0", dated="2026-06-01")
    assert path.name == "some-one-s-country.places"
    (found,) = Places(folder).look_up("2001:db8::5")
    assert (found.country, found.source, found.dated, found.licence, found.kind) == (
        "DE",
        "Some One's",
        date(2026, 6, 1),
        "CC BY 4.0",
        PlaceKind.COUNTRY,
    )


def test_a_newer_file_replaces_the_older_and_a_bad_one_leaves_it(tmp_path: Path) -> None:
    folder = tmp_path / "places"
    given: dict[str, Any] = {"source": "x", "licence": "CC0", "dated": "2026-06-01"}
    bring_in([text(tmp_path, "a.csv", "192.0.2.0,192.0.2.255,SE\n")], folder, **given)
    bring_in([text(tmp_path, "a.csv", "192.0.2.0,192.0.2.255,NL\n")], folder, **given)
    with pytest.raises(BadRanges, match="line 1"):
        bring_in([text(tmp_path, "a.csv", "192.0.2.0,192.0.2.300,DE\n")], folder, **given)
    assert [path.name for path in folder.iterdir()] == ["x-country.places"]
    assert [one.country for one in Places(folder).look_up("192.0.2.1")] == ["NL"]


def test_what_nobody_says_is_asked_for(tmp_path: Path) -> None:
    path = text(tmp_path, "a.csv", "192.0.2.0,192.0.2.255,SE\n")
    with pytest.raises(BadRanges, match="nothing says: source, dated, licence"):
        bring_in([path], tmp_path / "places")


def test_files_of_several_kinds_are_not_mixed(tmp_path: Path) -> None:
    files = [
        text(tmp_path, "a.csv", "192.0.2.0,192.0.2.255,SE\n"),
        text(tmp_path, "b.csv", "192.0.2.0,192.0.2.255,64500,x\n"),
    ]
    with pytest.raises(BadRanges, match="several kinds"):
        bring_in(files, tmp_path / "places", source="x", licence="CC0", dated="2026-06-01")


@pytest.fixture
def debians(tmp_path: Path) -> tuple[Path, Path]:
    """Debian's two files."""
    top = TOR.format(day="Thu")
    first = text(tmp_path, "geoip", f"{top}3221225984,3221226239,SE\n")
    return first, text(tmp_path, "geoip6", f"{top}2001:db8::,2001:db8::f,DE\n")


def test_debians_files_are_found_and_brought_in_once(debians: tuple[Path, Path], tmp_path: Path) -> None:
    folder = tmp_path / "places"
    path = bring_in_debians(folder, debians)
    assert path is not None
    about = open_source(path).about
    assert (about.source, about.dated, about.licence) == ("tor-geoipdb", date(2026, 6, 25), "CC BY-SA 4.0")
    assert bring_in_debians(folder, debians) is None
    assert [one.country for one in Places(folder).look_up("192.0.2.1")] == ["SE"]
    assert [one.country for one in Places(folder).look_up("2001:db8::1")] == ["DE"]


def test_a_newer_release_of_debians_files_is_brought_in(debians: tuple[Path, Path], tmp_path: Path) -> None:
    folder = tmp_path / "places"
    bring_in_debians(folder, debians)
    for path in debians:
        path.write_text(path.read_text().replace("25 Jun 2026", "25 Jul 2026"))
    assert bring_in_debians(folder, debians) is not None
    (about,) = [source.about for source in Places(folder).sources]
    assert about.dated == date(2026, 7, 25)


def test_without_debians_files_nothing_is_done(tmp_path: Path) -> None:
    assert bring_in_debians(tmp_path / "places", (tmp_path / "geoip",)) is None
    assert source_files(tmp_path / "places") == []
