from ipaddress import IPv4Network, ip_address, ip_network

import pytest

from lykta.practice import atlas
from lykta.practice.contents import CONTENTS
from lykta.practice.mail import MAILBOXES

LOOPBACK = ip_network("127.0.0.0/8")


@pytest.mark.parametrize("name", [*atlas.NAMES, *atlas.DOMAINS])
def test_every_name_is_a_reserved_one(name: str) -> None:
    assert name.endswith((".test", ".example"))


@pytest.mark.parametrize("address", [address for name in atlas.NAMES.values() for address in name.addresses])
def test_every_address_is_loopback_or_the_one_that_a_guard_must_refuse(address: str) -> None:
    assert ip_address(address) in LOOPBACK or address == "169.254.169.254"


@pytest.mark.parametrize("address", [address for name in atlas.NAMES.values() for address in name.version_six])
def test_every_ipv6_address_is_for_documentation(address: str) -> None:
    assert ip_address(address) in ip_network("2001:db8::/32")


@pytest.mark.parametrize("network", atlas.NETWORKS, ids=lambda network: network.domain)
def test_every_network_is_on_loopback_with_a_documentation_number(network: atlas.Network) -> None:
    assert IPv4Network(network.block).subnet_of(IPv4Network("127.0.0.0/8"))
    assert 64496 <= network.asn <= 64511
    assert network.holds(network.first)
    assert network.holds(network.last)


def test_networks_do_not_overlap() -> None:
    blocks = [ip_network(network.block) for network in atlas.NETWORKS]
    assert not any(one.overlaps(other) for at, one in enumerate(blocks) for other in blocks[at + 1 :])


@pytest.mark.parametrize("network", [n for n in atlas.NETWORKS if n.abuse], ids=lambda network: network.domain)
def test_every_abuse_address_has_a_mailbox(network: atlas.Network) -> None:
    assert network.abuse in MAILBOXES


@pytest.mark.parametrize("host", sorted({content.host for content in CONTENTS.values()}))
def test_every_content_stands_on_a_host_of_the_map(host: str) -> None:
    found = atlas.follow(host)
    assert found is not None
    assert atlas.network_of(found[1].addresses[0]) is not None


@pytest.mark.parametrize(
    ("address", "country"),
    [("127.10.0.5", "SE"), ("127.11.0.5", "SE"), ("127.20.0.7", "NL"), ("127.21.0.5", "TH"), ("127.30.0.7", "US")],
)
def test_an_address_is_found_in_its_network(address: str, country: str) -> None:
    network = atlas.network_of(address)
    assert network is not None
    assert network.country == country


@pytest.mark.parametrize("address", ["127.0.0.1", "127.10.1.0", "192.0.2.1", "2001:db8::8"])
def test_other_addresses_are_in_no_network(address: str) -> None:
    assert atlas.network_of(address) is None


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("pictures.example", "pictures.example"),
        ("old.pictures.example", "pictures.example"),
        ("album.example", "album.example.veil-cdn.test"),
    ],
)
def test_aliases_are_followed_to_their_end(name: str, end: str) -> None:
    found = atlas.follow(name)
    assert found is not None
    assert found[0] == end


@pytest.mark.parametrize("name", ["loop.example", atlas.UNKNOWN])
def test_loops_and_unknown_names_lead_nowhere(name: str) -> None:
    assert atlas.follow(name) is None


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("WWW.pictures.example.", "pictures.example"),
        ("polis.test", "polis.test"),
        ("test", ""),
        (atlas.UNKNOWN, ""),
        ("pictures.invalid", ""),
    ],
)
def test_the_registered_domain_of_a_name(name: str, domain: str) -> None:
    assert atlas.domain_of(name) == domain


def test_the_public_ranges_hold_the_hosts_but_not_the_inside() -> None:
    ranges = [ip_network(block) for block in atlas.public_ranges()]

    def is_public(address: str) -> bool:
        return any(ip_address(address) in block for block in ranges)

    assert is_public("127.10.0.5")
    assert is_public("127.40.0.1")
    assert not is_public("127.0.0.1")
    assert not is_public("169.254.169.254")
