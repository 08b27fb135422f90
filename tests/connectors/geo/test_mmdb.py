from pathlib import Path
from typing import Any

import pytest
from tests.connectors.geo.mmdb_writer import mmdb

from lykta.connectors.contract import PlaceKind
from lykta.connectors.geo.formats import read
from lykta.connectors.geo.ranges import BadRanges, Fact

BUILT = 1782345600
"""2026-06-25 00:00 UTC."""


def written(folder: Path, networks: dict[str, dict[str, Any]], kind: str = "Some-Country") -> Path:
    path = folder / "some.mmdb"
    path.write_bytes(mmdb(networks, kind=kind, built=BUILT))
    return path


def test_a_file_says_its_type_and_day(tmp_path: Path) -> None:
    found = read(written(tmp_path, {"192.0.2.0/24": {"country_code": "SE"}}), None)
    assert found.facts == {"source": "Some-Country", "dated": "2026-06-25"}
    assert found.kind is PlaceKind.COUNTRY


@pytest.mark.parametrize(
    ("record", "fact"),
    [
        ({"country_code": "SE"}, Fact(country="SE")),
        ({"country": {"iso_code": "NL"}}, Fact(country="NL")),
        ({"country": {"iso_code": "NL"}, "traits": {"is_anycast": True}}, Fact(country="NL", anycast=True)),
        (
            {"autonomous_system_number": 64500, "autonomous_system_organization": "Host One"},
            Fact(asn=64500, holder="Host One"),
        ),
    ],
)
def test_the_usual_names_of_fields_are_known(record: dict[str, Any], fact: Fact, tmp_path: Path) -> None:
    (entry,) = read(written(tmp_path, {"192.0.2.0/24": record}), None).entries
    assert (entry.version, entry.last - entry.first + 1, entry.fact) == (4, 256, fact)


@pytest.mark.parametrize(
    "record", [{}, {"country_code": "ZZ"}, {"country_code": 7}, {"country": "SE"}, {"country_code": "Sweden"}]
)
def test_a_record_that_tells_nothing_is_left_out(record: dict[str, Any], tmp_path: Path) -> None:
    networks = {"192.0.2.0/24": record, "2001:db8::/32": {"country_code": "DE"}}
    (entry,) = read(written(tmp_path, networks), None).entries
    assert (entry.version, entry.fact.country) == (6, "DE")


def test_as_numbers_are_known_by_the_files_type_or_because_somebody_says_so(tmp_path: Path) -> None:
    record = {"192.0.2.0/24": {"autonomous_system_number": 64500}}
    assert read(written(tmp_path, record, kind="Some-ASN"), None).kind is PlaceKind.ASN
    assert read(written(tmp_path, record), PlaceKind.ASN).kind is PlaceKind.ASN


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, {"192.0.2.0/24": {"country_code": "SE"}})
    whole = path.read_bytes()
    mark = whole.index(b"\xab\xcd\xefMaxMind.com")
    path.write_bytes(whole[: mark + 14] + b"\xff\xff")
    with pytest.raises(BadRanges, match="damaged MMDB"):
        read(path, None)
    path.write_bytes(whole[:6] * 3 + whole[mark:])
    with pytest.raises(BadRanges, match="damaged MMDB"):
        list(read(path, None).entries)
