from datetime import date
from ipaddress import ip_address, ip_network
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.connectors.contract import Place, PlaceKind
from lykta.connectors.geo.ranges import FORM, About, BadRanges, Entry, Fact, Ranges, compact

ABOUT = About(source="Somebody's ranges", dated=date(2026, 6, 25), licence="CC BY 4.0", kind=PlaceKind.COUNTRY)


def entry(network: str, fact: Fact) -> Entry:
    block = ip_network(network)
    return Entry(block.version, int(block[0]), int(block[-1]), fact)


def ranges(*entries: Entry) -> Ranges:
    return Ranges(compact(ABOUT, entries), "test")


SWEDEN = Fact(country="SE", asn=64500, holder="Värd Ett", cdn=True, anycast=True)


def test_everything_that_was_written_is_found_again() -> None:
    assert ranges(entry("192.0.2.0/24", SWEDEN)).find("192.0.2.7") == Place(
        country="SE",
        asn=64500,
        holder="Värd Ett",
        cdn=True,
        anycast=True,
        source="Somebody's ranges",
        dated=date(2026, 6, 25),
        licence="CC BY 4.0",
        kind=PlaceKind.COUNTRY,
    )


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("192.0.2.0", "SE"),
        ("192.0.2.255", "SE"),
        ("192.0.3.0", None),
        ("192.0.1.255", None),
        ("0.0.0.0", None),
        ("255.255.255.255", None),
        ("198.51.100.255", "NL"),
        ("2001:db8::", "DE"),
        ("2001:DB8:0:ffff::", "DE"),
        ("2001:db9::", None),
        ("::c000:205", None),
        ("host", None),
        ("", None),
    ],
)
def test_both_ends_belong_to_a_range_and_what_no_range_covers_is_nowhere(address: str, country: str | None) -> None:
    source = ranges(
        entry("198.51.100.0/24", Fact(country="NL")),
        entry("2001:db8::/32", Fact(country="DE")),
        entry("192.0.2.0/24", SWEDEN),
    )
    found = source.find(address)
    assert (found.country if found else None) == country


def test_a_source_without_ranges_knows_nothing() -> None:
    assert ranges().find("192.0.2.1") is None


def test_neighbours_that_say_the_same_become_one() -> None:
    source = ranges(entry("192.0.2.0/25", SWEDEN), entry("192.0.2.128/25", SWEDEN), entry("192.0.2.64/26", SWEDEN))
    assert source.count == 1
    assert source.find("192.0.2.255") is not None


def test_ranges_that_overlap_and_say_different_things_are_no_evidence() -> None:
    with pytest.raises(BadRanges, match=r"begins at 192\.0\.2\.128 overlaps"):
        ranges(entry("192.0.2.0/24", SWEDEN), entry("192.0.2.128/25", Fact(country="NL")))


def test_a_file_is_read_where_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "a.places"
    path.write_bytes(compact(ABOUT, [entry("192.0.2.0/24", SWEDEN)]))
    source = Ranges.open(path)
    path.unlink()
    assert source.find("192.0.2.1") is not None
    assert source.about == ABOUT


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: FORM,
        lambda content: b"first,last,country\n",
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b'"v4": 1', b'"v4": 9'),
        lambda content: content.replace(b'"v4"', b'"v5"'),
        lambda content: content.replace(b"2026-06-25", b"2026-06-xx"),
        lambda content: content.replace(b'"country"', b'"weather"', 1),
    ],
)
def test_a_damaged_file_is_refused_as_a_whole(damage: object, tmp_path: Path) -> None:
    assert callable(damage)
    path = tmp_path / "a.places"
    path.write_bytes(damage(compact(ABOUT, [entry("192.0.2.0/24", SWEDEN)])))
    with pytest.raises(BadRanges, match="import it again"):
        Ranges.open(path)


@given(st.lists(st.integers(0, 1000), unique=True, max_size=40), st.integers(-1, 1001), st.sampled_from([4, 6]))
def test_looking_up_agrees_with_walking_through_the_ranges(ends: list[int], wanted: int, version: int) -> None:
    ends = sorted(ends)
    base = int(ip_address("198.18.0.0" if version == 4 else "2001:db8::"))
    pairs = [(a, b) for a, b in list(pairwise(ends))[::2]]
    entries = [Entry(version, base + a, base + b, Fact(asn=a)) for a, b in reversed(pairs)]
    found = ranges(*entries).find(str(ip_address(base + wanted)))
    expected = next((a for a, b in pairs if a <= wanted <= b), None)
    assert (found.asn if found else None) == expected
