from ipaddress import ip_network

import pytest

from lykta.core.fronts import Front, Seen, _known, in_front

KNOWN = {known.name: known for known in _known()}


def front(*seen: Seen, names: tuple[str, ...] = (), **headers: str) -> Front | None:
    """Headers with `_` for `-`."""
    return in_front(seen=seen, names=names, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_the_table_can_be_read_and_its_ranges_say_from_where_they_are() -> None:
    assert len(KNOWN) >= 10
    for known in KNOWN.values():
        assert known.numbers or known.names or known.headers
        assert bool(known.ranges) == bool(known.ranges_from)


@pytest.mark.parametrize(("name", "block"), [(known.name, str(block)) for known in _known() for block in known.ranges])
def test_both_ends_of_a_published_range_are_known(name: str, block: str) -> None:
    for address in (ip_network(block)[0], ip_network(block)[-1]):
        found = front(Seen(address=str(address)))
        assert found
        assert (found.name, found.how) == (name, "range")
        assert "https://" in found.because


@pytest.mark.parametrize(("name", "number"), [(known.name, number) for known in _known() for number in known.numbers])
def test_a_front_is_known_by_its_as_number(name: str, number: int) -> None:
    found = front(Seen(address="192.0.2.1", asn=number))
    assert found
    assert (found.name, found.how) == (name, "range")
    assert f"AS{number}" in found.because


@pytest.mark.parametrize(("name", "end"), [(known.name, end) for known in _known() for end in known.names])
def test_a_front_is_known_by_the_name_that_an_alias_leads_to(name: str, end: str) -> None:
    found = front(names=("host.example", f"host.example.{end}"))
    assert found
    assert (found.name, found.how) == (name, "name")
    assert front(names=(f"not{end}",)) is None
    assert front(names=(f"{end}.example",)) is None


@pytest.mark.parametrize(
    ("name", "header", "part"), [(known.name, *pair) for known in _known() for pair in known.headers.items()]
)
def test_a_front_is_known_by_its_headers(name: str, header: str, part: str) -> None:
    found = in_front(seen=(), names=(), headers={header: f"1.1 {part.upper()} x"})
    assert found
    assert (found.name, found.how) == (name, "header")


def test_a_data_file_may_know_a_front() -> None:
    found = front(Seen(address="192.0.2.1", asn=64500, passes_on="Veil CDN"))
    assert found
    assert (found.name, found.how, found.because) == ("Veil CDN", "range", "192.0.2.1 is in a range of Veil CDN.")
    assert all("Veil CDN" in way for way in found.ways)


def test_an_address_weighs_more_than_a_name_and_a_name_more_than_a_header() -> None:
    address, names = Seen(address="192.0.2.1", passes_on="Veil CDN"), ("a.b-cdn.net",)
    found = [front(address, names=names, cf_ray="x"), front(names=names, cf_ray="x"), front(cf_ray="x")]
    assert [one.name for one in found if one] == ["Veil CDN", "bunny.net", "Cloudflare"]


def test_a_plain_host_has_nothing_in_front() -> None:
    seen = (Seen(address="192.0.2.1", asn=64500), Seen(address="2001:db8::1"))
    assert front(*seen, names=("host.example",), server="nginx", via="1.1 proxy") is None


def test_the_ways_to_ask_begin_with_its_own() -> None:
    found = front(cf_ray="x")
    assert found
    assert found.ways[0].startswith("Its abuse form")
    assert len(found.ways) == 3
