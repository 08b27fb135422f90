import time

import pytest
from tests.connectors.servers import NameServer

from lykta.connectors.contract import Final, NameAnswer, Transient
from lykta.connectors.dns.connector import Dns


@pytest.fixture
def service(names: NameServer) -> Dns:
    return Dns(resolvers=names.resolvers, timeout=0.5)


def test_a_name_is_followed_to_its_addresses(service: Dns, names: NameServer) -> None:
    names.records = {
        ("www.shop.test.", "CNAME"): ["edge.cdn.test."],
        ("edge.cdn.test.", "CNAME"): ["node.cdn.test."],
        ("node.cdn.test.", "A"): ["127.10.0.2", "127.10.0.1"],
        ("node.cdn.test.", "AAAA"): ["2001:db8::1"],
        ("shop.test.", "NS"): ["ns2.names.test.", "NS1.names.test."],
    }
    assert service.resolve("WWW.shop.test") == NameAnswer(
        name="WWW.shop.test",
        exists=True,
        chain=("edge.cdn.test", "node.cdn.test"),
        addresses=("127.10.0.1", "127.10.0.2", "2001:db8::1"),
        nameservers=("ns1.names.test", "ns2.names.test"),
        ttl=300,
        resolver=f"127.0.0.1:{names.port}",
    )


def test_a_name_that_does_not_exist_is_an_answer(service: Dns) -> None:
    assert service.resolve("nowhere.test") == NameAnswer(name="nowhere.test", exists=False)


def test_an_alias_to_nowhere_shows_where_it_points(service: Dns, names: NameServer) -> None:
    names.records = {("a.test.", "CNAME"): ["gone.test."]}
    answer = service.resolve("a.test")
    assert (answer.exists, answer.chain) == (False, ("gone.test",))


def test_a_name_without_an_address_exists(service: Dns, names: NameServer) -> None:
    names.records = {("a.test.", "MX"): ["10 mail.test."]}
    answer = service.resolve("a.test")
    assert (answer.exists, answer.addresses, answer.ttl) == (True, (), None)


@pytest.mark.parametrize("fault", ["SERVFAIL", "REFUSED", "silent"])
def test_a_name_server_that_fails_is_transient(service: Dns, names: NameServer, fault: str) -> None:
    names.records = {("a.test.", "A"): fault, ("a.test.", "AAAA"): fault}
    began = time.monotonic()
    with pytest.raises(Transient):
        service.resolve("a.test")
    assert time.monotonic() - began < 3


def test_half_an_answer_is_not_taken_for_the_whole(service: Dns, names: NameServer) -> None:
    names.records = {("a.test.", "A"): ["127.10.0.1"], ("a.test.", "AAAA"): "SERVFAIL"}
    with pytest.raises(Transient):
        service.resolve("a.test")


def test_a_circle_of_aliases_ends(service: Dns, names: NameServer) -> None:
    turns = [["b.test."], ["a.test."]] * 20
    names.records = {("a.test.", "CNAME"): turns.pop, ("b.test.", "CNAME"): turns.pop}
    names.records[("a.test.", "A")] = names.records[("b.test.", "A")] = []
    with pytest.raises(Transient):
        service.resolve("a.test")


def test_the_name_servers_are_only_a_best_effort(service: Dns, names: NameServer) -> None:
    names.records = {("a.test.", "A"): ["127.10.0.1"], ("a.test.", "NS"): "SERVFAIL"}
    answer = service.resolve("a.test")
    assert (answer.addresses, answer.nameservers) == (("127.10.0.1",), ())


@pytest.mark.parametrize("name", ["x" * 64 + ".test", "a..test", ".".join(["abcdefgh"] * 40)])
def test_what_cannot_be_a_name_does_not_exist(service: Dns, names: NameServer, name: str) -> None:
    assert not service.resolve(name).exists
    assert names.asked == []


def test_an_onion_name_is_never_asked_for(service: Dns, names: NameServer) -> None:
    with pytest.raises(Final):
        service.resolve("something.Onion.")
    assert names.asked == []
