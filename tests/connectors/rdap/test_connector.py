import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest
from tests.connectors.servers import Answer, NameServer, Site, http_answer, redirect, site

from lykta.connectors.console.connector import ConsoleRegistry
from lykta.connectors.contract import Final, Registration, Transient
from lykta.connectors.rdap.connector import Rdap
from lykta.lib import outbound
from lykta.lib.guard import GuardPolicy
from lykta.lib.manners import Manners

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
        "asn": {"services": [[["64500-64510"], base]]},
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
    return Rdap(
        bootstrap=bootstrap(host),
        client=client,
        manners=Manners(pause=0),
        seconds_remembered=100,
        remembered=2,
        monotonic=clock,
    )


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
    host.asked.clear()
    for number in range(5):
        registry.network(f"192.0.2.{number}")
    assert len(host.asked) == 5


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
    assert (network.name, network.source) == ("HOST-ONE", host.url("/other"))


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


def test_an_as_number_is_asked_for_once_for_its_whole_range(registry: Rdap, host: Site) -> None:
    answer = {"handle": "AS64500", "name": "HOST-ONE", "startAutnum": 64500, "endAutnum": 64501}
    host.answers["/rdap/autnum/64500"] = json_answer(answer)
    found = [registry.autnum(number) for number in (64500, 64501)]
    assert [(one.subject, one.name) for one in found if one] == [("AS64500", "HOST-ONE"), ("AS64501", "HOST-ONE")]
    assert len(host.asked) == 1
    assert registry.autnum(64502) is None
    assert registry.autnum(65000) is None
    assert len(host.asked) == 2


def test_an_answer_about_other_numbers_is_not_remembered(registry: Rdap, host: Site) -> None:
    host.answers["/rdap/autnum/64500"] = json_answer({"startAutnum": 64505, "endAutnum": 64506})
    registry.autnum(64500)
    assert registry.autnum(64505) is None


def test_a_domain_is_asked_for_once_a_day(registry: Rdap, host: Site, clock: Clock) -> None:
    host.answers["/rdap/domain/shop.test"] = json_answer({"ldhName": "shop.test"})
    for clock.now, name, asked in ((0, "www.shop.test", 1), (99, "cdn.shop.test", 1), (101, "shop.test", 2)):
        registry.domain(name)
        assert len(host.asked) == asked


def test_domains_without_rdap_are_asked_for_elsewhere_and_remembered(client: outbound.Client, host: Site) -> None:
    asked: list[str] = []

    class Elsewhere(ConsoleRegistry):
        def domain(self, name: str) -> Registration | None:
            asked.append(name)
            return ConsoleRegistry.domain(self, name)

    elsewhere = Elsewhere(domains={"shop.invalid": Registration(subject="shop.invalid", registrar="R")})
    registry = Rdap(bootstrap=bootstrap(host), client=client, without_rdap=elsewhere)
    for _ in range(2):
        found = registry.domain("www.shop.invalid")
        assert found
        assert found.registrar == "R"
        assert registry.domain("none.invalid") is None
    assert asked == ["shop.invalid", "none.invalid"]
    assert host.asked == []
    registry.domain("shop.test")
    assert (len(asked), len(host.asked)) == (2, 1)


def test_many_who_want_to_know_the_same_ask_once(client: outbound.Client, host: Site) -> None:
    def slow(connection: socket.socket) -> None:
        time.sleep(0.1)
        connection.sendall(json_answer(NETWORK))

    host.answers = {f"/rdap/ip/192.0.2.{number}": slow for number in range(8)}
    registry = Rdap(bootstrap=bootstrap(host), client=client, manners=Manners(at_once=1, pause=0))
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(registry.network, (f"192.0.2.{number}" for number in range(8))))
    assert [one.name for one in found if one] == ["HOST-ONE"] * 8
    assert len(host.asked) == 1


def test_a_slow_registry_holds_nobody_else_up(client: outbound.Client, host: Site) -> None:
    free = threading.Event()
    files = bootstrap(host)
    with site("127.10.0.2") as slow:

        def wait(connection: socket.socket) -> None:
            free.wait(5)
            connection.sendall(json_answer(NETWORK))

        slow.answers["/ip/203.0.113.1"] = wait
        files["ipv4"]["services"].append([["203.0.113.0/24"], [slow.url()]])
        registry = Rdap(bootstrap=files, client=client, manners=Manners(at_once=1, pause=0, patience=0.05))
        host.answers["/rdap/ip/192.0.2.7"] = json_answer(NETWORK)
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(registry.network, "203.0.113.1")
            while not slow.asked:
                time.sleep(0.01)
            began = time.monotonic()
            with pytest.raises(Transient) as caught:
                registry.network("203.0.113.2")
            assert registry.network("192.0.2.7")
            assert time.monotonic() - began < 0.6
            assert caught.value.retry_after
            free.set()
            assert waiting.result()


def test_a_registry_that_let_somebody_wait_in_vain_is_left_alone(
    client: outbound.Client, host: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lykta.lib.manners.SLOW_SECONDS", 0.5)

    def stay_silent(connection: socket.socket) -> None:
        connection.recv(1)

    host.answers["/rdap/ip/192.0.2.7"] = stay_silent
    registry = Rdap(bootstrap=bootstrap(host), client=client, manners=Manners(pause=0, patience=0))
    for _ in range(2):
        with pytest.raises(Transient):
            registry.network("192.0.2.7")
    assert len(host.asked) == 1


def test_a_registry_that_asks_to_wait_is_not_asked_meanwhile(registry: Rdap, host: Site) -> None:
    host.answers["/rdap/ip/192.0.2.7"] = http_answer(status=429, headers={"Retry-After": "60"})
    host.answers["/rdap/ip/198.51.100.1"] = json_answer(NETWORK)
    for address in ("192.0.2.7", "198.51.100.1"):
        with pytest.raises(Transient) as caught:
            registry.network(address)
        assert 55 < (caught.value.retry_after or 0) <= 60
    assert len(host.asked) == 1


def test_a_short_wait_is_waited_out(registry: Rdap, host: Site) -> None:
    answers = [http_answer(status=503, headers={"Retry-After": "0.1"}), json_answer(NETWORK)]
    host.answers["/rdap/ip/192.0.2.7"] = lambda connection: connection.sendall(answers.pop(0))
    began = time.monotonic()
    assert registry.network("192.0.2.7")
    assert time.monotonic() - began >= 0.1


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
