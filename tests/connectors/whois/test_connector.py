import time
from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from tests.connectors.servers import NameServer, WhoisServer, whois_server

from lykta.connectors.contract import Final, Transient
from lykta.connectors.whois.client import MAX_BYTES, Client
from lykta.connectors.whois.connector import Whois
from lykta.lib.guard import GuardPolicy
from lykta.lib.manners import Manners

POLICY = GuardPolicy(only=(ip_network("127.10.0.0/16"),), ports=frozenset({80}))
REGISTRATION = b"Registrar: Registrar One\r\nRegistrar Abuse Contact Email: abuse@registrar.example\r\n"


@pytest.fixture
def root() -> Iterator[WhoisServer]:
    """What IANA's server is: it knows that `invalid` is looked after by whois.nic.test."""
    with whois_server("127.10.0.1") as here:
        here.answers = {"invalid": b"% IANA\r\ndomain: INVALID\r\nwhois:   whois.nic.test\r\n"}
        yield here


@pytest.fixture
def registry(root: WhoisServer, names: NameServer) -> Iterator[WhoisServer]:
    names.records = {("whois.nic.test.", "A"): ["127.10.0.2"], ("whois.registrar.test.", "A"): ["127.10.0.3"]}
    with whois_server("127.10.0.2", port=root.port) as here:
        yield here


@pytest.fixture
def registrar(root: WhoisServer) -> Iterator[WhoisServer]:
    with whois_server("127.10.0.3", port=root.port) as here:
        yield here


@pytest.fixture
def whois(root: WhoisServer, names: NameServer) -> Whois:
    return Whois(
        root=f"{root.host}:{root.port}",
        policy=POLICY,
        resolvers=names.resolvers,
        manners=Manners(pause=0, patience=0),
        timeout=1,
    )


def test_the_root_says_who_knows_and_who_knows_says_whose_it_is(
    whois: Whois, root: WhoisServer, registry: WhoisServer
) -> None:
    registry.answers["shop.invalid"] = REGISTRATION
    found = whois.domain("www.shop.invalid")
    assert found
    assert (found.subject, found.registrar) == ("shop.invalid", "Registrar One")
    assert [contact.email for contact in found.contacts] == ["abuse@registrar.example"]
    assert found.source == "whois://whois.nic.test/shop.invalid"
    assert (root.asked, registry.asked) == (["invalid"], ["shop.invalid"])


def test_the_root_is_asked_once_for_each_top_level_domain(
    whois: Whois, root: WhoisServer, registry: WhoisServer
) -> None:
    for name in ("a.invalid", "b.invalid"):
        assert whois.domain(name) is None
    assert (root.asked, registry.asked) == (["invalid"], ["a.invalid", "b.invalid"])


def test_one_server_that_is_named_is_asked_as_well_and_no_further(
    whois: Whois, registry: WhoisServer, registrar: WhoisServer, root: WhoisServer
) -> None:
    registry.answers["shop.invalid"] = b"Registrar WHOIS Server: whois.registrar.test\r\nRegistrar: One\r\n"
    registrar.answers["shop.invalid"] = b"Registrant Country: SE\r\nRegistrar: Two\r\nWhois Server: whois.nic.test\r\n"
    found = whois.domain("shop.invalid")
    assert found
    assert (found.registrar, found.country) == ("One", "SE")
    assert (registry.asked, registrar.asked) == (["shop.invalid"], ["shop.invalid"])


def test_what_the_registry_said_stands_when_the_registrar_says_nothing(
    whois: Whois, registry: WhoisServer, names: NameServer
) -> None:
    registry.answers["shop.invalid"] = REGISTRATION + b"Registrar WHOIS Server: whois.gone.test\r\n"
    found = whois.domain("shop.invalid")
    assert found
    assert found.registrar == "Registrar One"


def test_a_top_level_domain_that_nobody_looks_after_has_no_registration(whois: Whois, root: WhoisServer) -> None:
    assert whois.domain("shop.nothing") is None
    assert root.asked == ["nothing"]


@pytest.mark.parametrize("name", ["", "shop.invalid\r\nother", "münchen.invalid", "shop invalid"])
def test_what_is_no_domain_is_not_asked_for(whois: Whois, root: WhoisServer, name: str) -> None:
    assert whois.domain(name) is None
    assert root.asked == []


def test_a_server_inside_is_not_asked(whois: Whois, root: WhoisServer) -> None:
    root.answers["invalid"] = b"whois: 127.0.0.1\r\n"
    with pytest.raises(Final, match="not public"):
        whois.domain("shop.invalid")


def test_a_name_that_leads_inside_is_not_asked(whois: Whois, registry: WhoisServer, names: NameServer) -> None:
    names.records = {("whois.nic.test.", "A"): ["169.254.169.254"]}
    with pytest.raises(Final, match="not public"):
        whois.domain("shop.invalid")
    assert registry.asked == []


def test_a_server_that_says_nothing_is_transient(whois: Whois, registry: WhoisServer) -> None:
    registry.answers["shop.invalid"] = None
    began = time.monotonic()
    with pytest.raises(Transient, match="within 1 seconds"):
        whois.domain("shop.invalid")
    assert time.monotonic() - began < 3


def test_a_server_that_is_not_there_is_transient(whois: Whois, names: NameServer) -> None:
    names.records = {("whois.nic.test.", "A"): ["127.10.0.9"]}
    with pytest.raises(Transient, match="no connection"):
        whois.domain("shop.invalid")


def test_a_server_without_a_name_is_transient(whois: Whois, names: NameServer) -> None:
    with pytest.raises(Transient, match="does not exist"):
        whois.domain("shop.invalid")


def test_a_busy_server_is_not_waited_for(root: WhoisServer, names: NameServer) -> None:
    manners = Manners(pause=0, patience=0)
    manners.rest(root.host, 30)
    whois = Whois(root=f"{root.host}:{root.port}", policy=POLICY, resolvers=names.resolvers, manners=manners)
    with pytest.raises(Transient) as caught:
        whois.domain("shop.invalid")
    assert 25 < (caught.value.retry_after or 0) <= 30
    assert root.asked == []


def test_networks_and_numbers_are_left_to_rdap(whois: Whois, root: WhoisServer) -> None:
    assert whois.network("192.0.2.1") is None
    assert whois.autnum(64500) is None
    assert root.asked == []


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("Größe".encode(), "Größe"),
        ("Größe".encode("latin-1"), "Größe"),
        (b"x" * (MAX_BYTES + 5_000), "x" * MAX_BYTES),
        (b"", ""),
    ],
)
def test_an_answer_is_text_of_bounded_length(root: WhoisServer, names: NameServer, sent: bytes, text: str) -> None:
    root.answers["q"] = sent
    assert Client(POLICY, names.resolvers, root.port, 2).ask(root.host, "q") == text
