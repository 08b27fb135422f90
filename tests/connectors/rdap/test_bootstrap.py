import json
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from lykta.connectors.rdap.bootstrap import Bootstrap, dated, load, packaged

FILES: dict[str, Any] = {
    "ipv4": {
        "services": [
            [["192.0.0.0/8"], ["https://wide.test/rdap"]],
            [["192.0.2.0/24"], ["http://narrow.test/", "https://narrow.test/"]],
        ]
    },
    "ipv6": {"services": [[["2001:db8::/32"], ["https://six.test/"]]]},
    "dns": {
        "services": [
            [["example", "test"], ["http://names.test/rdap/"]],
            [["co.example"], ["https://second.test"]],
        ]
    },
    "asn": {"services": [[["64496-64500", "65536"], ["https://numbers.test/"]]]},
}


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("192.0.2.1", "https://narrow.test/"),
        ("192.0.3.1", "https://wide.test/rdap/"),
        ("2001:db8::1", "https://six.test/"),
        ("198.51.100.1", None),
        ("::c000:201", None),
    ],
)
def test_the_longest_prefix_answers(address: str, base: str | None) -> None:
    assert Bootstrap.read(FILES).for_address(ip_address(address)) == base


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("shop.example", "http://names.test/rdap/"),
        ("shop.co.example", "https://second.test/"),
        ("shop.xco.example", "http://names.test/rdap/"),
        ("test", "http://names.test/rdap/"),
        ("shop.invalid", None),
        ("notest", None),
    ],
)
def test_the_longest_suffix_in_whole_labels_answers(name: str, base: str | None) -> None:
    assert Bootstrap.read(FILES).for_domain(name) == base


@pytest.mark.parametrize(
    ("number", "base"),
    [
        (64495, None),
        (64496, "https://numbers.test/"),
        (64500, "https://numbers.test/"),
        (64501, None),
        (65536, "https://numbers.test/"),
    ],
)
def test_the_range_of_an_as_number_answers(number: int, base: str | None) -> None:
    assert Bootstrap.read(FILES).for_number(number) == base


def test_the_packaged_copy_covers_all_regional_registries_and_says_how_old_it_is() -> None:
    found = packaged()
    read = Bootstrap.read(found)
    assert len({base for _, _, base in read.numbers}) == 5
    assert {base for _, base in read.networks} == {base for _, _, base in read.numbers}
    assert read.for_domain("shop.com")
    assert read.for_domain("shop.example") is None
    assert dated(found) == date(2022, 7, 8)


def test_a_hotlines_own_file_goes_before_the_packaged_copy(tmp_path: Path) -> None:
    path = tmp_path / "rdap-bootstrap.json"
    assert load(path) == packaged()
    path.write_text(json.dumps({"fetched": "2026-11-01", **FILES}))
    assert Bootstrap.read(load(path)) == Bootstrap.read(FILES)
    for wrong in ("[]", "{", "5"):
        path.write_text(wrong)
        with pytest.raises(ValueError, match=r"."):
            load(path)


def test_files_are_as_old_as_the_day_they_were_fetched_else_as_the_newest_of_them() -> None:
    days = {"ipv4": "2019-06-07T19:00:02Z", "ipv6": "2019-11-06T19:00:04Z", "dns": "2026-11-01T16:00:02Z"}
    found: dict[str, Any] = {name: {"publication": day} for name, day in days.items()}
    assert dated(found) == date(2026, 11, 1)
    assert dated(found | {"fetched": "2026-11-20"}) == date(2026, 11, 20)


@pytest.mark.parametrize("found", [{}, {"fetched": "soon"}, {"fetched": 5}, {"ipv4": {}, "ipv6": {}, "dns": {}}])
def test_files_of_no_known_day_are_an_error(found: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        dated(found)


def test_a_missing_file_means_that_no_registry_is_known() -> None:
    assert Bootstrap.read({}).for_domain("a.test") is None


@pytest.mark.parametrize(
    "files",
    [
        {"dns": {"services": [["test"]]}},
        {"dns": {"services": [[["test"], []]]}},
        {"dns": {"services": [[["test"], [5]]]}},
        {"dns": {"services": 5}},
        {"dns": []},
        {"ipv4": {"services": [[["not a network"], ["https://a.test/"]]]}},
        {"asn": {"services": [[["AS64500"], ["https://a.test/"]]]}},
    ],
)
def test_a_broken_file_is_an_error(files: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Bootstrap.read(files)
