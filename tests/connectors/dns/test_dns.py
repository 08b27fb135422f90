import socket
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.connectors.servers import NameServer, name_server, name_server_on_streams

from lykta.connectors.contract import Dnssec, Final, NameAnswer, Transient, Zone
from lykta.connectors.dns.connector import Dns

START = "ns1.names.test. host\\.master.names.test. 42 3600 600 86400 90"


@pytest.fixture
def service(names: NameServer) -> Dns:
    return Dns(resolvers=names.resolvers, timeout=0.5)


@pytest.fixture
def second() -> Iterator[NameServer]:
    with name_server("127.0.0.2") as here:
        yield here


def turns(*answers: list[str]) -> Callable[[], list[str]]:
    """One answer after the other, the last for ever. A lone word among them is what the server makes of it."""
    waiting = list(answers)
    return lambda: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def test_a_name_is_followed_to_its_addresses_and_its_domain_says_who_runs_it(service: Dns, names: NameServer) -> None:
    names.records = {
        ("www.shop.test.", "CNAME"): ["edge.cdn.test."],
        ("edge.cdn.test.", "CNAME"): ["node.cdn.test."],
        ("node.cdn.test.", "A"): ["127.10.0.2", "127.10.0.1"],
        ("node.cdn.test.", "AAAA"): ["2001:db8::1"],
        ("shop.test.", "NS"): ["ns2.names.test.", "NS1.names.test."],
        ("shop.test.", "MX"): ["20 second.mail.test.", "10 First.mail.test."],
        ("shop.test.", "SOA"): [START],
    }
    assert service.resolve("WWW.shop.test") == NameAnswer(
        name="WWW.shop.test",
        exists=True,
        chain=("edge.cdn.test", "node.cdn.test"),
        addresses=("127.10.0.1", "127.10.0.2", "2001:db8::1"),
        nameservers=("ns1.names.test", "ns2.names.test"),
        mail_servers=("first.mail.test", "second.mail.test"),
        zone=Zone(name="shop.test", primary="ns1.names.test", mailbox="host.master@names.test", serial=42),
        ttl=300,
        ttls={"A": 300, "AAAA": 300, "NS": 300, "MX": 300, "SOA": 300},
        resolver=f"127.0.0.1:{names.port}",
    )


def test_all_is_asked_at_once(service: Dns, names: NameServer) -> None:
    def slow(*values: str) -> list[str]:
        time.sleep(0.15)
        return list(values)

    names.records = {
        ("a.test.", "A"): lambda: slow("127.10.0.1"),
        ("a.test.", "AAAA"): lambda: slow("2001:db8::1"),
        ("a.test.", "NS"): lambda: slow("ns.test."),
        ("a.test.", "MX"): lambda: slow("10 mail.test."),
        ("a.test.", "SOA"): lambda: slow(START),
    }
    began = time.monotonic()
    answer = Dns(resolvers=names.resolvers, timeout=3).resolve("a.test")
    assert time.monotonic() - began < 0.5
    assert (answer.addresses, answer.unanswered) == (("127.10.0.1", "2001:db8::1"), ())
    assert sorted(kind for _, kind in names.asked) == ["A", "AAAA", "MX", "NS", "SOA"]


def test_a_name_that_does_not_exist_is_an_answer_for_as_long_as_its_zone_says(service: Dns, names: NameServer) -> None:
    names.negative = ("test.", 900, START)
    assert service.resolve("nowhere.test") == NameAnswer(
        name="nowhere.test",
        exists=False,
        resolver=f"127.0.0.1:{names.port}",
        absent=dict.fromkeys(("A", "AAAA", "NS", "MX", "SOA"), 90),
    )


def test_a_zone_that_does_not_say_for_how_long_is_not_given_a_figure(service: Dns, names: NameServer) -> None:
    assert set(service.resolve("nowhere.test").absent.values()) == {None}


def test_an_alias_to_nowhere_shows_where_it_points(service: Dns, names: NameServer) -> None:
    names.records = {("a.test.", "CNAME"): ["gone.test."]}
    answer = service.resolve("a.test")
    assert (answer.exists, answer.chain, answer.addresses) == (False, ("gone.test",), ())


def test_a_name_without_an_address_exists_and_says_what_is_not_there(service: Dns, names: NameServer) -> None:
    names.records, names.negative = {("a.test.", "MX"): ["10 mail.test."]}, ("a.test.", 30, START)
    answer = service.resolve("a.test")
    assert (answer.exists, answer.addresses, answer.ttl) == (True, (), None)
    assert answer.absent == {"A": 30, "AAAA": 30, "NS": 30, "SOA": 30}
    assert answer.mail_servers == ("mail.test",)


def test_a_domain_that_says_that_it_takes_no_mail_has_no_mail_server(service: Dns, names: NameServer) -> None:
    names.records = {("a.test.", "A"): ["127.10.0.1"], ("a.test.", "MX"): ["0 ."]}
    answer = service.resolve("a.test")
    assert (answer.mail_servers, answer.ttls["MX"]) == ((), 300)


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
    names.records = {("a.test.", "CNAME"): lambda: turns.pop() if turns else [], ("b.test.", "A"): []}
    names.records |= {("b.test.", "CNAME"): lambda: turns.pop() if turns else [], ("a.test.", "A"): []}
    with pytest.raises(Transient):
        service.resolve("a.test")


def test_what_is_only_good_to_know_is_a_best_effort_and_what_is_missing_is_said(
    service: Dns, names: NameServer
) -> None:
    names.records = {("a.test.", "A"): ["127.10.0.1"], ("a.test.", "NS"): "SERVFAIL", ("a.test.", "MX"): "silent"}
    answer = service.resolve("a.test")
    assert (answer.addresses, answer.nameservers, answer.unanswered) == (("127.10.0.1",), (), ("NS", "MX"))
    assert "NS" not in answer.absent


@pytest.mark.parametrize("name", ["x" * 64 + ".test", "a..test", ".".join(["abcdefgh"] * 40)])
def test_what_cannot_be_a_name_does_not_exist(service: Dns, names: NameServer, name: str) -> None:
    assert not service.resolve(name).exists
    assert names.asked == []


def test_an_onion_name_is_never_asked_for(service: Dns, names: NameServer) -> None:
    with pytest.raises(Final):
        service.resolve("something.Onion.")
    assert names.asked == []


@pytest.mark.parametrize("fault", ["SERVFAIL", "REFUSED", "silent"])
def test_when_one_server_fails_the_next_is_asked(names: NameServer, second: NameServer, fault: str) -> None:
    names.records = {("a.test.", kind): fault for kind in ("A", "AAAA", "NS", "MX", "SOA")}
    second.records = {("a.test.", "A"): ["127.10.0.1"]}
    answer = Dns(resolvers=(*names.resolvers, *second.resolvers), timeout=1).resolve("a.test")
    assert (answer.addresses, answer.resolver) == (("127.10.0.1",), f"127.0.0.2:{second.port}")


def test_a_server_that_said_nothing_while_another_answered_is_asked_last(names: NameServer, second: NameServer) -> None:
    names.records = {("a.test.", kind): "silent" for kind in ("A", "AAAA", "NS", "MX", "SOA")}
    second.records = {("a.test.", "A"): ["127.10.0.1"]}
    service = Dns(resolvers=(*names.resolvers, *second.resolvers), timeout=1)
    service.resolve("a.test")
    names.asked.clear()
    began = time.monotonic()
    service.resolve("a.test")
    assert (names.asked, time.monotonic() - began < 0.3) == ([], True)


def test_a_lost_datagram_is_sent_again(service: Dns, names: NameServer) -> None:
    names.records = {("a.test.", "A"): turns(["silent"], ["127.10.0.1"])}
    assert service.resolve("a.test").addresses == ("127.10.0.1",)


def test_a_cut_answer_is_fetched_whole_over_tcp(names: NameServer) -> None:
    names.truncates = True
    with name_server_on_streams(port=names.port) as streams:
        streams.records = {("a.test.", "A"): [f"127.10.1.{number}" for number in range(1, 101)]}
        assert len(Dns(resolvers=names.resolvers, timeout=2).resolve("a.test").addresses) == 64


@pytest.mark.parametrize(
    ("signed", "hands_on", "state"),
    [
        (True, True, Dnssec.SIGNED),
        (True, False, Dnssec.SIGNED),
        (False, True, Dnssec.UNSIGNED),
        (False, False, Dnssec.NOT_KNOWN),
    ],
)
def test_a_signature_is_the_word_of_the_server_that_checked_it(
    service: Dns, names: NameServer, *, signed: bool, hands_on: bool, state: Dnssec
) -> None:
    names.records, names.hands_on = {("a.test.", "A"): ["127.10.0.1"]}, hands_on
    names.signed = {"a.test."} if signed else set()
    answer = service.resolve("a.test")
    assert (answer.dnssec, answer.resolver) == (state, f"127.0.0.1:{names.port}")


def test_signatures_that_nobody_checked_are_not_called_unsigned(service: Dns, names: NameServer) -> None:
    names.hands_on, names.records = True, {("a.test.", "A"): ["127.10.0.1"]}
    names.signature = "A 8 2 300 20261201000000 20261101000000 1 a.test. AAAA"
    assert service.resolve("a.test").dnssec == Dnssec.NOT_KNOWN


def test_a_name_whose_signatures_are_false_is_bogus_and_has_no_address(service: Dns, names: NameServer) -> None:
    names.records, names.bogus = {("a.test.", "A"): ["127.10.0.1"]}, {"a.test."}
    answer = service.resolve("a.test")
    assert (answer.exists, answer.dnssec, answer.addresses) == (True, Dnssec.BOGUS, ())
    assert answer.resolver == f"127.0.0.1:{names.port}"


def test_a_failure_that_passes_is_not_called_bogus(service: Dns, names: NameServer) -> None:
    names.records = {("a.test.", "A"): turns(["SERVFAIL"], ["127.10.0.1"])}
    with pytest.raises(Transient):
        service.resolve("a.test")


def test_what_a_stranger_sends_in_between_is_not_taken_for_the_answer(names: NameServer) -> None:
    """A datagram from another port, and one from the right port that answers another question."""
    with socket.socket(type=socket.SOCK_DGRAM) as server, socket.socket(type=socket.SOCK_DGRAM) as stranger:
        server.bind(("127.0.0.1", 0))
        server.settimeout(3)

        def answer() -> None:
            for _ in range(5):
                query, sender = server.recvfrom(65_535)
                names.records = {("a.test.", "A"): ["127.10.0.66"]}
                false = names.answer(query)
                assert false
                stranger.sendto(false, sender)
                server.sendto(b"\x00\x00" + false[2:], sender)
                names.records = {("a.test.", "A"): ["127.10.0.1"]}
                server.sendto(names.answer(query) or b"", sender)

        with ThreadPoolExecutor(1) as threads:
            done = threads.submit(answer)
            found = Dns(resolvers=[("127.0.0.1", server.getsockname()[1])], timeout=2).resolve("a.test")
            done.result()
    assert found.addresses == ("127.10.0.1",)


@pytest.fixture
def over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    """A name server over TLS with a certificate for dns.example, which this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "dns.example")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("dns.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    shown = tmp_path / "certificate.pem"
    shown.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret = tmp_path / "key.pem"
    plain = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, secret)
    monkeypatch.setenv("SSL_CERT_FILE", str(shown))
    with name_server_on_streams(tls=context) as here:
        here.records = {("a.test.", "A"): ["127.10.0.1"]}
        yield here


def test_a_server_over_tls_proves_its_name_and_answers(over_tls: NameServer) -> None:
    answer = Dns(resolvers=[("127.0.0.1", over_tls.port, "dns.example")], timeout=3).resolve("a.test")
    assert answer.addresses == ("127.10.0.1",)
    assert answer.resolver == f"tls://127.0.0.1:{over_tls.port}#dns.example"


def test_a_server_over_tls_with_another_name_is_told_nothing(over_tls: NameServer, names: NameServer) -> None:
    names.records = {("a.test.", "A"): ["127.10.0.2"]}
    service = Dns(resolvers=[("127.0.0.1", over_tls.port, "other.example"), *names.resolvers], timeout=3)
    assert service.resolve("a.test").addresses == ("127.10.0.2",)
    assert over_tls.asked == []


def test_an_answer_is_remembered_for_as_long_as_its_zone_lets_it_and_a_minute_at_most(names: NameServer) -> None:
    moment = [1000.0]
    service = Dns(resolvers=names.resolvers, timeout=0.5, monotonic=lambda: moment[0])
    names.records = {
        ("host.test.", "A"): ["127.10.0.1"],
        ("host.test.", "NS"): ["ns1.names.test."],
        ("host.test.", "MX"): ["10 mail.test."],
        ("host.test.", "SOA"): [START],
    }
    first = service.resolve("host.test")
    asked = len(names.asked)
    assert replace(service.resolve("HOST.test."), name="host.test") == first
    assert len(names.asked) == asked
    moment[0] += min(first.ttl or 0, 60)
    service.resolve("host.test")
    assert len(names.asked) == 2 * asked


def test_half_an_answer_is_not_remembered(names: NameServer) -> None:
    service = Dns(resolvers=names.resolvers, timeout=0.5)
    names.records = {("host.test.", "A"): ["127.10.0.1"], ("host.test.", "MX"): "SERVFAIL"}
    service.resolve("host.test")
    asked = len(names.asked)
    service.resolve("host.test")
    assert len(names.asked) > asked
