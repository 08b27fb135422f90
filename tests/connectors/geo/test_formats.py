from datetime import date
from pathlib import Path

import pytest

from lykta.connectors.contract import PlaceKind
from lykta.connectors.geo.formats import HEADER, Read, day, read
from lykta.connectors.geo.ranges import BadRanges, Fact

TOP = "# source: Somebody's ranges\n# dated: 2026-06-25\n# licence: CC BY 4.0\n"
TOR = (
    "# This file has been converted from the IPFire Location database\n#\n"
    "# Generated: Thu, 25 Jun 2026 04:33:59 GMT\n# Vendor:    IPFire Project\n# License:   CC BY-SA 4.0\n#\n"
)


def file(folder: Path, text: str) -> Path:
    path = folder / "ranges.csv"
    path.write_text(text, encoding="utf-8")
    return path


def said(found: Read) -> list[tuple[int, int, Fact]]:
    """The size of each range beside what is said of it."""
    return [(entry.version, entry.last - entry.first + 1, entry.fact) for entry in found.entries]


SWEDEN, NETHERLANDS = Fact(country="SE"), Fact(country="NL")


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        (
            f'{TOP}{HEADER}\n192.0.2.0,192.0.2.127,SE,64500,"Host, One",0\n\n192.0.2.128,192.0.2.255,,,,1\n',
            PlaceKind.RANGES,
            [(4, 128, Fact("SE", 64500, "Host, One")), (4, 128, Fact(cdn=True))],
        ),
        (
            f"{TOP}{HEADER},anycast\n192.0.2.0,192.0.2.127,SE,64500,Host,0,1\n",
            PlaceKind.RANGES,
            [(4, 128, Fact("SE", 64500, "Host", anycast=True))],
        ),
        (
            "192.0.2.0,192.0.2.255,SE\n2001:db8::,2001:db8::f,nl\n",
            PlaceKind.COUNTRY,
            [(4, 256, SWEDEN), (6, 16, NETHERLANDS)],
        ),
        (f"{TOR}3221225984,3221226239,SE\n3221226240,3221226241,??\n", PlaceKind.COUNTRY, [(4, 256, SWEDEN)]),
        (f"{TOR}2001:db8::,2001:db8::f,NL\n", PlaceKind.COUNTRY, [(6, 16, NETHERLANDS)]),
        (
            '192.0.2.0,192.0.2.255,64500,"Host, One"\n192.0.3.0,192.0.3.255,AS64501,Host Two\n192.0.4.0,192.0.4.1,0,x\n',
            PlaceKind.ASN,
            [(4, 256, Fact(asn=64500, holder="Host, One")), (4, 256, Fact(asn=64501, holder="Host Two"))],
        ),
    ],
)
def test_each_form_is_known_by_its_look(
    text: str, kind: PlaceKind, expected: list[tuple[int, int, Fact]], tmp_path: Path
) -> None:
    found = read(file(tmp_path, text), None)
    assert found.kind is kind
    assert said(found) == expected


@pytest.mark.parametrize(
    ("kind", "fact"),
    [(PlaceKind.CDN, Fact(holder="Veil", cdn=True)), (PlaceKind.ANYCAST, Fact(holder="Veil", anycast=True))],
)
def test_a_list_of_networks_is_what_it_is_said_to_be(kind: PlaceKind, fact: Fact, tmp_path: Path) -> None:
    found = read(file(tmp_path, "# comment\n192.0.2.0/24,Veil\n2001:db8::/120,Veil\n"), kind)
    assert said(found) == [(4, 256, fact), (6, 256, fact)]


def test_tors_files_say_who_made_them_and_when(tmp_path: Path) -> None:
    facts = read(file(tmp_path, f"{TOR}1,2,SE\n"), None).facts
    assert (facts["source"], facts["licence"]) == ("IPFire Project", "CC BY-SA 4.0")
    assert day(facts["dated"]) == date(2026, 6, 25)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("192.0.2.0,192.0.2.1,SE,1,x", "5 fields instead of 6"),
        ("192.0.2.0,192.0.2.1,SE,1,x,0,", "7 fields"),
        ("192.0.2.0,192.0.2.300,SE,1,x,0", "not an IP address"),
        ("192.0.2.9,192.0.2.1,SE,1,x,0", "not a range"),
        ("192.0.2.9,2001:db8::1,SE,1,x,0", "not a range"),
        ("192.0.2.0,192.0.2.1,Sweden,1,x,0", "two capital letters"),
        ("192.0.2.0,192.0.2.1,se,1,x,0", "two capital letters"),
        ("192.0.2.0,192.0.2.1,SE,AS1,x,0", "digits"),
        ("192.0.2.0,192.0.2.1,SE,1,x,no", "cdn has to be 0 or 1"),
    ],
)
def test_a_bad_row_of_our_own_form_is_named_by_its_line(tmp_path: Path, row: str, words: str) -> None:
    good = "203.0.113.0,203.0.113.255,SE,1,x,0\n\n"
    with pytest.raises(BadRanges, match=r"ranges\.csv, line 7: .*" + words):
        said(read(file(tmp_path, f"{TOP}{HEADER}\n{good}{row}\n"), None))


@pytest.mark.parametrize(
    ("row", "kind", "words"),
    [
        ("192.0.2.0,192.0.2.1,Sweden", PlaceKind.COUNTRY, "two letters"),
        ("192.0.2.0,192.0.2.1", PlaceKind.COUNTRY, "2 fields"),
        ("192.0.2.0,192.0.2.1,x,Host", PlaceKind.ASN, "digits"),
        ("192.0.2.0,192.0.2.1", PlaceKind.ASN, "2 fields"),
        ("host/24", PlaceKind.CDN, "host/24"),
    ],
)
def test_a_bad_row_of_another_form_is_named_by_its_line(row: str, kind: PlaceKind, words: str, tmp_path: Path) -> None:
    with pytest.raises(BadRanges, match=f"line 1: .*{words}"):
        said(read(file(tmp_path, f"{row}\n"), kind))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: the header has to be first,last"),
        (TOP, "line 4: the header"),
        ("a,b,c,d,e,f,g,h\n", "line 1: the header"),
        ("192.0.2.0/24\n", "say with --kind"),
    ],
)
def test_a_form_that_is_not_known_is_said(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(BadRanges, match=words):
        read(file(tmp_path, text), None)


def test_what_is_no_text_is_said(tmp_path: Path) -> None:
    path = tmp_path / "ranges.bin"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(BadRanges, match="not text in UTF-8"):
        read(path, None)


@pytest.mark.parametrize("written", ["June", "", "2026-13-01", "25/06/2026"])
def test_a_day_that_cannot_be_read_is_said(written: str) -> None:
    with pytest.raises(BadRanges, match="like 2026-06-25"):
        day(written)
