from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.lib.guard import GuardPolicy

OPEN = GuardPolicy(ports=None)

SPECIAL_PURPOSE = [
    "0.0.0.0/8",
    "0.0.0.0/32",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.0.0/29",
    "192.0.0.8/32",
    "192.0.0.170/32",
    "192.0.0.171/32",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "240.0.0.0/4",
    "255.255.255.255/32",
    "::1/128",
    "::/128",
    "::ffff:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "100:0:0:1::/64",
    "2001::/23",
    "2001::/32",
    "2001:2::/48",
    "2001:db8::/32",
    "2001:10::/28",
    "2002::/16",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
]
"""IANA's IPv4 and IPv6 Special-Purpose Address Registries: what is not globally reachable, or carries an IPv4 address."""


@pytest.mark.parametrize(
    "ip",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "localhost",
        "",
    ],
)
def test_what_is_not_public_is_refused_with_a_reason(ip: str) -> None:
    assert OPEN.refuses(ip, 80)


@pytest.mark.parametrize("network", SPECIAL_PURPOSE)
def test_every_special_purpose_network_is_refused_from_end_to_end(network: str) -> None:
    found = ip_network(network)
    inside = (found[0], found[found.num_addresses // 2], found[-1])
    assert all(OPEN.refuses(str(ip), 80) for ip in inside)


@pytest.mark.parametrize(
    "network", ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "fe80::a9fe:a9fe"]
)
def test_no_metadata_service_passes_in_any_clothes(network: str) -> None:
    ip = ip_address(network)
    clothes = [str(ip)]
    if ip.version == 4:
        clothes += [
            f"::ffff:{ip}",
            f"::{ip}",
            f"64:ff9b::{ip}",
            f"64:ff9b:1::{ip}",
            str(IPv6Address(0x2002 << 112 | int(ip) << 80)),
        ]
    assert all("not public" in str(OPEN.refuses(one, 80)) for one in clothes)


@pytest.mark.parametrize("zone", ["fe80::1%lo", "fe80::1%25eth0", "2a00::1%1", "127.0.0.1%lo"])
def test_an_address_with_a_zone_is_refused_whatever_the_address(zone: str) -> None:
    assert "network interface" in str(OPEN.refuses(zone, 80))


@pytest.mark.parametrize("ip", ["1.1.1.1", "172.32.0.1", "192.0.1.1", "198.20.0.1", "2a00::1", "2606:4700::1111"])
def test_public_addresses_pass(ip: str) -> None:
    assert OPEN.refuses(ip, 80) is None


@given(st.ip_addresses())
def test_nothing_passes_that_python_knows_not_to_be_global(ip: IPv4Address | IPv6Address) -> None:
    assert ip.is_global or OPEN.refuses(str(ip), 80)


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_passes_inside_an_ipv6_address(ip: IPv4Address) -> None:
    inner = int(ip)
    carriers = [
        IPv6Address(0xFFFF << 32 | inner),
        IPv6Address(inner),
        IPv6Address(0x64FF9B << 96 | inner),
        IPv6Address(0x2002 << 112 | inner << 80),
        IPv6Address(0x20010000 << 96 | inner ^ 0xFFFFFFFF),
    ]
    assert all(OPEN.refuses(str(carrier), 80) for carrier in carriers)


def test_only_the_named_networks_pass_and_the_internet_does_not() -> None:
    policy = GuardPolicy(only=(ip_network("127.10.0.0/16"),), ports=None)
    assert policy.refuses("127.10.255.255", 1) is None
    assert policy.refuses("127.11.0.0", 1)
    assert policy.refuses("127.0.0.1", 1)
    assert "outside the networks" in str(policy.refuses("9.9.9.9", 1))
    assert "outside the networks" in str(policy.refuses("2a00::1", 1))
    assert policy.refuses("::ffff:127.10.0.1", 1)


def test_a_port_outside_the_list_is_refused_even_on_a_public_address() -> None:
    policy = GuardPolicy(ports=frozenset({443}))
    assert policy.refuses("1.1.1.1", 443) is None
    assert "port 25" in str(policy.refuses("1.1.1.1", 25))


@pytest.mark.parametrize(
    ("only", "ports"), [("", "*"), ("127.10.0.0/16", "80,443"), ("127.10.0.0/16,fd00::/8", "443"), ("", "")]
)
def test_a_policy_survives_being_written_and_read(only: str, ports: str) -> None:
    assert GuardPolicy.read(only=only, ports=ports).written() == {"only": only, "ports": ports}


@pytest.mark.parametrize(("only", "ports"), [("127.10.0.1/16", "80"), ("all", "80"), ("", "web")])
def test_a_setting_that_cannot_be_read_is_an_error(only: str, ports: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        GuardPolicy.read(only=only, ports=ports)
