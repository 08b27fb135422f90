from ipaddress import ip_address
from typing import Any

import pytest

from lykta.connectors.rdap.bootstrap import Bootstrap

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
    ],
)
def test_a_broken_file_is_an_error(files: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Bootstrap.read(files)
