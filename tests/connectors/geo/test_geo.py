from datetime import date
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.connectors.contract import Place
from lykta.connectors.geo.connector import BadRanges, RangesFile

TOP = "# source: Somebody's ranges\n# dated: 2026-06-25\n# licence: CC BY 4.0\n"
HEADER = "first,last,country,asn,holder,cdn\n"
ROWS = (
    "198.51.100.0,198.51.100.255,NL,64501,Host Two,0\n"
    '192.0.2.0,192.0.2.127,SE,64500,"Host, One",0\n'
    "192.0.2.128,192.0.2.200,,,,1\n"
    "2001:db8::,2001:db8::ffff,DE,64502,Host Six,1\n"
)


def file(folder: Path, text: str) -> Path:
    path = folder / "ranges.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def ranges(tmp_path: Path) -> RangesFile:
    return RangesFile(file(tmp_path, TOP + HEADER + ROWS))


def test_an_address_is_found_with_source_and_date(ranges: RangesFile) -> None:
    assert ranges.look_up("192.0.2.5") == Place(
        country="SE", asn=64500, holder="Host, One", cdn=False, source="Somebody's ranges", dated=date(2026, 6, 25)
    )
    assert ranges.facts["licence"] == "CC BY 4.0"


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("192.0.2.0", "SE"),
        ("192.0.2.127", "SE"),
        ("192.0.2.128", ""),
        ("192.0.2.200", ""),
        ("198.51.100.255", "NL"),
        ("2001:db8::", "DE"),
        ("2001:DB8::FFFF", "DE"),
    ],
)
def test_both_ends_belong_to_a_range(ranges: RangesFile, address: str, country: str) -> None:
    place = ranges.look_up(address)
    assert place
    assert place.country == country


def test_what_the_file_does_not_say_stays_empty(ranges: RangesFile) -> None:
    place = ranges.look_up("192.0.2.150")
    assert place
    assert (place.asn, place.holder, place.cdn) == (None, "", True)


@pytest.mark.parametrize(
    "address",
    [
        "192.0.1.255",
        "192.0.2.201",
        "198.51.101.0",
        "0.0.0.0",
        "255.255.255.255",
        "2001:db8::1:0",
        "::c000:205",
        "host",
        "",
    ],
)
def test_what_no_range_covers_is_nowhere(ranges: RangesFile, address: str) -> None:
    assert ranges.look_up(address) is None


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("192.0.2.0,192.0.2.1,SE,1,x", "5 fields"),
        ("192.0.2.0,192.0.2.1,SE,1,x,0,", "7 fields"),
        ("192.0.2.0,192.0.2.300,SE,1,x,0", "not an IP address"),
        ("192.0.2.9,192.0.2.1,SE,1,x,0", "not a range"),
        ("192.0.2.9,2001:db8::1,SE,1,x,0", "not a range"),
        ("192.0.2.0,192.0.2.1,Sweden,1,x,0", "two capital letters"),
        ("192.0.2.0,192.0.2.1,se,1,x,0", "two capital letters"),
        ("192.0.2.0,192.0.2.1,SE,AS1,x,0", "digits"),
        ("192.0.2.0,192.0.2.1,SE,1,x,no", "0 or 1"),
    ],
)
def test_a_bad_row_is_named_by_its_line(tmp_path: Path, row: str, words: str) -> None:
    good = "203.0.113.0,203.0.113.255,SE,1,x,0\n\n"
    with pytest.raises(BadRanges, match=r"ranges\.csv, line 7: .*" + words):
        RangesFile(file(tmp_path, TOP + HEADER + good + row + "\n"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "source, dated, licence"),
        (HEADER + ROWS, "source, dated, licence"),
        (TOP.replace("licence: CC BY 4.0", "licence:") + HEADER, "licence"),
        (TOP.replace("2026-06-25", "June") + HEADER, "2026-06-25, not June"),
        (TOP + ROWS, "line 4: the header"),
        (TOP, "line 4: the header"),
        (TOP + HEADER + ROWS + "192.0.2.200,192.0.2.210,SE,1,x,0\n", "192.0.2.200 overlaps"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_an_error(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadRanges, match=words):
        RangesFile(file(tmp_path, text))


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        RangesFile(tmp_path / "none.csv")


@given(st.lists(st.integers(0, 1000), unique=True, max_size=40), st.integers(-1, 1001))
def test_looking_up_agrees_with_walking_through_the_file(
    tmp_path_factory: pytest.TempPathFactory, ends: list[int], wanted: int
) -> None:
    ends = sorted(ends)
    base = int(ip_address("198.18.0.0"))
    pairs = list(zip(ends[::2], ends[1::2], strict=False))
    rows = [f"{ip_address(base + a)},{ip_address(base + b)},SE,{a},x,0\n" for a, b in reversed(pairs)]
    found = RangesFile(file(tmp_path_factory.mktemp("geo"), TOP + HEADER + "".join(rows))).look_up(
        str(ip_address(base + wanted))
    )
    expected = next((a for a, b in pairs if a <= wanted <= b), None)
    assert (found.asn if found else None) == expected
