"""A site is named exactly: a scheme, a host, perhaps a port, and nothing that stands for many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core.refusals import NotUnderstood
from lykta.lib import origins


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", ()),
        (" \n ,", ()),
        ("https://school.example", ("https://school.example",)),
        ("https://School.Example/", ("https://school.example",)),
        ("https://school.example:443", ("https://school.example",)),
        ("https://school.example:8443", ("https://school.example:8443",)),
        ("https://xn--skla-6qa.example", ("https://xn--skla-6qa.example",)),
        ("https://a.example, https://b.example\nhttps://a.example", ("https://a.example", "https://b.example")),
    ],
)
def test_each_site_is_read_once_as_a_browser_writes_it(written: str, expected: tuple[str, ...]) -> None:
    assert origins.read(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "http://school.example",
        "school.example",
        "https://*.school.example",
        "https://*",
        "*",
        "'self'",
        "https:",
        "https://school",
        "https://school.example/page",
        "https://user@school.example",
        "https://school.example:0",
        "https://school.example:65536",
        "https://school.example;script-src",
        "https://-school.example",
        "https://school..example",
        f"https://{'a' * 64}.example",
        f"https://{'a.' * 130}example",
        "https://skåla.example",
    ],
)
def test_what_is_no_exact_site_is_refused(written: str) -> None:
    with pytest.raises(NotUnderstood, match="without a path and without a star"):
        origins.read(f"https://school.example {written}")


def test_there_are_not_more_than_a_header_has_room_for() -> None:
    sites = [f"https://a{number}.example" for number in range(origins.MOST)]
    assert origins.read(" ".join(sites)) == tuple(sites)
    with pytest.raises(NotUnderstood, match="at most 20"):
        origins.read(" ".join([*sites, "https://more.example"]))


@given(st.text())
def test_nothing_read_can_end_the_list_in_the_header(written: str) -> None:
    try:
        found = origins.read(written)
    except NotUnderstood:
        return
    assert not {";", ",", "'", "*", " "} & {*"".join(found)}
