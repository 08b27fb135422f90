"""Time stamps: openssl's service stamps, openssl verifies, and what does not hold is not kept."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from tests.support.tsa import TimeStampingService, make_service, service_at, verified

from lykta.connectors.console.connector import ConsoleStamper
from lykta.connectors.contract import Final, Stamper, Transient
from lykta.connectors.timestamps.connector import TimeStamps
from lykta.lib import outbound
from lykta.lib.guard import GuardPolicy

DATA = b'{"scheme":"lykta-day-1"}\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TimeStampingService:
    return make_service(tmp_path_factory.mktemp("tsa"))


@pytest.fixture
def service(made: TimeStampingService) -> Iterator[TimeStampingService]:
    with service_at(TimeStampingService(made.folder)) as here:
        yield here


@pytest.fixture
def client() -> Iterator[outbound.Client]:
    policy = GuardPolicy(only=(ip_network("127.10.0.0/16"),), ports=None)
    client = outbound.Client(policy=policy, resolvers=(("127.0.0.1", 9),))
    yield client
    client.close()


@pytest.fixture
def stamps(service: TimeStampingService, client: outbound.Client) -> TimeStamps:
    return TimeStamps(client=client, address=service.address, roots=service.authority.read_bytes(), timeout=10)


def test_a_stamp_is_verified_by_openssl_alone(stamps: TimeStamps, service: TimeStampingService, tmp_path: Path) -> None:
    data, stamp = tmp_path / "day.json", tmp_path / "day.tsr"
    data.write_bytes(DATA)
    stamp.write_bytes(stamps.stamp(DATA))
    assert verified(data, stamp, service.authority) == "Verification: OK"
    data.write_bytes(DATA + b" ")
    assert verified(data, stamp, service.authority) == "Verification: FAILED"


def test_only_a_digest_leaves(stamps: TimeStamps, service: TimeStampingService) -> None:
    stamps.stamp(DATA)
    assert DATA[:12] not in (service.folder / "question.tsq").read_bytes()


def test_a_stamp_for_another_question_is_not_taken(stamps: TimeStamps, service: TimeStampingService) -> None:
    old = stamps.stamp(DATA)
    service.answer = old
    with pytest.raises(Final, match="does not hold: Nonce mismatch"):
        stamps.stamp(DATA)


def test_a_stamp_of_a_stranger_is_not_taken(
    service: TimeStampingService, client: outbound.Client, tmp_path: Path
) -> None:
    stranger = make_service(tmp_path / "stranger")
    stamps = TimeStamps(client=client, address=service.address, roots=stranger.authority.read_bytes())
    with pytest.raises(Final, match="does not hold"):
        stamps.stamp(DATA)


def test_what_is_no_stamp_is_not_taken(stamps: TimeStamps, service: TimeStampingService) -> None:
    service.answer = b"<html>Welcome to the hotel network</html>"
    with pytest.raises(Final, match="does not hold"):
        stamps.stamp(DATA)


@pytest.mark.parametrize(("status", "kind"), [(429, Transient), (503, Transient), (404, Final), (302, Final)])
def test_a_busy_service_is_asked_again_and_a_refusal_is_one(
    stamps: TimeStamps, service: TimeStampingService, status: int, kind: type[Exception]
) -> None:
    service.status, service.answer = status, b""
    with pytest.raises(kind, match=str(status)):
        stamps.stamp(DATA)


@pytest.mark.parametrize(
    ("address", "kind"),
    [("http://127.0.0.1:9/", Final), ("http://192.0.2.1/", Final), ("http://127.10.0.9:9/", Transient)],
)
def test_it_is_asked_through_the_guard(
    client: outbound.Client, made: TimeStampingService, address: str, kind: type[Exception]
) -> None:
    stamps = TimeStamps(client=client, address=address, roots=made.authority.read_bytes(), timeout=5)
    with pytest.raises(kind):
        stamps.stamp(DATA)


def test_without_a_certificate_there_is_nothing_to_check_against(client: outbound.Client) -> None:
    with pytest.raises(ValueError, match=r"."):
        TimeStamps(client=client, address="http://127.10.0.7/", roots=b"no certificate")


def test_the_twin_stamps_and_fails_as_the_contract_says() -> None:
    twin = ConsoleStamper()
    stamper: Stamper = twin
    assert stamper.stamp(DATA)
    assert twin.stamped == [DATA]
    twin.fault = Transient("busy")
    with pytest.raises(Transient):
        stamper.stamp(DATA)
