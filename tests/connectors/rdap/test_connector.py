import json
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest
from tests.connectors.servers import Answer, NameServer, Site, http_answer, redirect

from lykta.connectors.contract import Final, Transient
from lykta.connectors.rdap.connector import Rdap
from lykta.lib import outbound
from lykta.lib.guard import GuardPolicy

NETWORK = {
    "handle": "N1",
    "name": "HOST-ONE",
    "country": "SE",
    "startAddress": "192.0.2.0",
    "endAddress": "192.0.2.255",
    "entities": [
        {"roles": ["abuse"], "vcardArray": ["vcard", [["email", {}, "text", "abuse@host-one.example"]]]},
    ],
}


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def bootstrap(host: Site) -> dict[str, Any]:
    base = [host.url("/rdap/")]
    return {
        "ipv4": {"services": [[["192.0.2.0/24", "198.51.100.0/24"], base]]},
        "ipv6": {"services": [[["2001:db8::/32"], base]]},
        "dns": {"services": [[["test"], base]]},
    }


def json_answer(answer: object, *, status: int = 200) -> bytes:
    return http_answer(json.dumps(answer).encode(), status=status, media_type="application/rdap+json")


@pytest.fixture
def client(names: NameServer) -> Iterator[outbound.Client]:
    policy = GuardPolicy(only=(ip_network("127.10.0.0/16"),), ports=None)
    client = outbound.Client(policy=policy, resolvers=names.resolvers, timeout=1, max_bytes=10_000)
    yield client
    client.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def registry(client: outbound.Client, host: Site, clock: Clock) -> Rdap:
    return Rdap(bootstrap=bootstrap(host), client=client, seconds_remembered=100, remembered=2, monotonic=clock)


def test_a_network_is_asked_for_where_the_bootstrap_says(registry: Rdap, host: Site) -> None:
    host.answers["/rdap/ip/192.0.2.7"] = json_answer(NETWORK)
    network = registry.network("192.0.2.7")
    assert network
    assert (network.subject, network.name, network.country) == ("192.0.2.7", "HOST-ONE", "SE")
    assert network.source == host.url("/rdap/ip/192.0.2.7")
    assert [contact.email for contact in network.contacts] == ["abuse@host-one.example"]
    assert "Accept: application/rdap+json" in host.asked[0]


def test_one_answer_serves_the_whole_range(registry: Rdap, host: Site) -> None:
    host.answers["/rdap/ip/192.0.2.7"] = json_answer(NETWORK)
    registry.network("192.0.2.7")
    again = registry.network("192.0.2.200")
    assert again
    assert (again.subject, again.name) == ("192.0.2.200", "HOST-ONE")
    assert len(host.asked) == 1
    assert registry.network("198.51.100.1") is None
    assert len(host.asked) == 2


def test_the_smallest_remembered_network_answers(registry: Rdap, host: Site) -> None:
    small = NETWORK | {"name": "SMALL", "startAddress": "192.0.2.128", "endAddress": "192.0.2.255"}
    host.answers = {"/rdap/ip/192.0.2.200": json_answer(small), "/rdap/ip/192.0.2.7": json_answer(NETWORK)}
    registry.network("192.0.2.200")
    registry.network("192.0.2.7")
    found = [registry.network(address) for address in ("192.0.2.201", "192.0.2.8")]
    assert [network and network.name for network in found] == ["SMALL", "HOST-ONE"]


def test_what_is_remembered_grows_old(registry: Rdap, host: Site, clock: Clock) -> None:
    host.answers["/rdap/ip/192.0.2.7"] = json_answer(NETWORK)
    for clock.now, asked in ((0, 1), (99, 1), (101, 2)):
        registry.network("192.0.2.7")
        assert len(host.asked) == asked


def test_what_is_remembered_is_bounded(registry: Rdap, host: Site) -> None:
    for number in range(5):
        address = f"192.0.2.{number}"
        host.answers[f"/rdap/ip/{address}"] = json_answer({"startAddress": address, "endAddress": address})
        registry.network(address)
    assert len(registry._known) == 2


def test_an_answer_about_another_network_is_not_remembered(registry: Rdap, host: Site) -> None:
    host.answers["/rdap/ip/198.51.100.1"] = json_answer(NETWORK)
    registry.network("198.51.100.1")
    assert registry.network("192.0.2.7") is None
    assert len(host.asked) == 2


def test_a_domain_is_asked_for_by_what_was_registered(registry: Rdap, host: Site) -> None:
    host.answers["/rdap/domain/shop.test"] = json_answer({"ldhName": "shop.test"})
    domain = registry.domain("www.shop.test")
    assert domain
    assert domain.subject == "shop.test"


def test_where_no_registry_is_responsible_nobody_is_asked(registry: Rdap, host: Site) -> None:
    assert registry.network("203.0.113.1") is None
    assert registry.domain("shop.invalid") is None
    assert host.asked == []


def test_what_the_registry_does_not_have_is_none(registry: Rdap) -> None:
    assert registry.network("2001:db8::1") is None
    assert registry.domain("shop.test") is None


def test_a_redirect_is_followed_to_the_registry_that_knows(registry: Rdap, host: Site) -> None:
    host.answers = {"/rdap/ip/192.0.2.7": redirect("/other"), "/other": json_answer(NETWORK)}
    network = registry.network("192.0.2.7")
    assert network
    assert network.name == "HOST-ONE"


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (redirect("http://127.0.0.1/"), Final),
        (redirect("http://169.254.169.254/"), Final),
        (http_answer(status=500), Transient),
        (http_answer(status=503), Transient),
        (http_answer(status=400), Final),
        (http_answer(status=403), Final),
        (http_answer(b"no json"), Final),
        (http_answer(b"[1]"), Final),
        (http_answer(b"[" * 9_000), Final),
        (http_answer(b" " * 20_000), Final),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", Transient),
        (b"", Transient),
    ],
)
def test_faults_are_told_apart_by_whether_waiting_helps(
    registry: Rdap, host: Site, answer: Answer, fault: type[Exception]
) -> None:
    host.answers["/rdap/ip/192.0.2.7"] = answer
    with pytest.raises(fault):
        registry.network("192.0.2.7")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("Sun, 01 Nov 2026 13:00:00 GMT", 3600),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 0),
        ("99999999", 86_400),
        ("-5", 0),
        ("nan", 60),
        ("soon", 60),
        ("", 60),
    ],
)
def test_a_registry_that_asks_to_wait_says_how_long(
    registry: Rdap, host: Site, monkeypatch: pytest.MonkeyPatch, header: str, seconds: float
) -> None:
    monkeypatch.setattr("lykta.lib.clock.now", lambda: datetime(2026, 11, 1, 12, tzinfo=UTC))
    host.answers["/rdap/ip/192.0.2.7"] = http_answer(status=429, headers={"Retry-After": header})
    with pytest.raises(Transient) as caught:
        registry.network("192.0.2.7")
    assert caught.value.retry_after == seconds


def test_what_is_no_address_is_final(registry: Rdap) -> None:
    with pytest.raises(Final):
        registry.network("192.0.2.300")
