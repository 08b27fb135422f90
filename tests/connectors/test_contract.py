"""The contract, kept by the real connectors and by their harmless twins alike."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from ipaddress import ip_network
from pathlib import Path

import pytest
from tests.connectors.servers import NameServer, Site, http_answer

from lykta.connectors.console.connector import (
    ConsoleGeography,
    ConsoleLooker,
    ConsoleNames,
    ConsoleRegistry,
)
from lykta.connectors.contract import (
    ConnectorError,
    Final,
    Geography,
    Look,
    Looker,
    NameAnswer,
    NameService,
    Place,
    Registration,
    Registry,
    Transient,
)
from lykta.connectors.dns.connector import Dns
from lykta.connectors.geo.connector import Places
from lykta.connectors.rdap.connector import Rdap
from lykta.connectors.web.connector import WebLooker
from lykta.core.vocabulary import Outcome
from lykta.lib import outbound
from lykta.lib.guard import GuardPolicy

POLICY = GuardPolicy(only=(ip_network("127.10.0.0/16"),), ports=None)
PLACE = Place(country="SE", asn=64500, holder="Host One", cdn=False, source="s", dated=date(2026, 1, 1), licence="l")


def dns(names: NameServer) -> NameService:
    names.records = {("a.test.", "A"): ["127.10.0.1"], ("broken.test.", "A"): "SERVFAIL"}
    return Dns(resolvers=names.resolvers, timeout=0.5)


def console_names(names: NameServer) -> NameService:
    answer = NameAnswer(name="a.test", exists=True, addresses=("127.10.0.1",))
    return ConsoleNames({"a.test": answer, "broken.test": Transient("no answer")})


@pytest.mark.parametrize("make", [dns, console_names])
def test_a_name_service_tells_not_there_from_cannot_say(
    make: Callable[[NameServer], NameService], names: NameServer
) -> None:
    service = make(names)
    assert service.resolve("a.test").addresses == ("127.10.0.1",)
    nowhere = service.resolve("nowhere.test")
    assert (nowhere.name, nowhere.exists, nowhere.addresses) == ("nowhere.test", False, ())
    with pytest.raises(Transient):
        service.resolve("broken.test")


@pytest.fixture
def cleanup() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def rdap(host: Site, cleanup: ExitStack) -> Registry:
    host.answers = {
        "/ip/192.0.2.1": http_answer(json.dumps({"name": "ONE"}).encode()),
        "/ip/192.0.2.3": http_answer(status=429),
        "/ip/192.0.2.4": http_answer(status=400),
        "/domain/a.test": http_answer(json.dumps({"ldhName": "a.test"}).encode()),
        "/autnum/64500": http_answer(json.dumps({"name": "ONE"}).encode()),
    }
    client = outbound.Client(policy=POLICY, resolvers=(("127.0.0.1", 9),), timeout=2)
    cleanup.callback(client.close)
    keys = {"ipv4": "192.0.2.0/24", "dns": "test", "asn": "64500-64510"}
    files = {name: {"services": [[[key], [host.url()]]]} for name, key in keys.items()}
    return Rdap(bootstrap=files, client=client)


def console_registry(host: Site, cleanup: ExitStack) -> Registry:
    networks: dict[str, Registration | ConnectorError] = {
        "192.0.2.1": Registration(subject="192.0.2.1", name="ONE"),
        "192.0.2.3": Transient("wait", retry_after=60),
        "192.0.2.4": Final("no"),
    }
    domains = {"a.test": Registration(subject="a.test", name="a.test")}
    return ConsoleRegistry(networks, domains, {64500: Registration(subject="AS64500", name="ONE")})


@pytest.mark.parametrize("make", [rdap, console_registry])
def test_a_registry_answers_or_has_nothing_or_fails(
    make: Callable[[Site, ExitStack], Registry], host: Site, cleanup: ExitStack
) -> None:
    registry = make(host, cleanup)
    network, domain = registry.network("192.0.2.1"), registry.domain("a.test")
    assert network
    assert (network.subject, network.name) == ("192.0.2.1", "ONE")
    assert domain
    assert domain.subject == "a.test"
    assert registry.network("192.0.2.2") is None
    assert registry.domain("b.test") is None
    number = registry.autnum(64500)
    assert number
    assert (number.subject, number.name) == ("AS64500", "ONE")
    assert registry.autnum(64501) is None
    with pytest.raises(Final):
        registry.network("192.0.2.4")
    with pytest.raises(Transient) as caught:
        registry.network("192.0.2.3")
    assert caught.value.retry_after == 60


def ranges_file(folder: Path) -> Geography:
    path = folder / "ranges.csv"
    path.write_text(
        "# source: s\n# dated: 2026-01-01\n# licence: l\nfirst,last,country,asn,holder,cdn\n"
        "192.0.2.1,192.0.2.1,SE,64500,Host One,0\n"
    )
    return Places(folder)


def console_geography(folder: Path) -> Geography:
    return ConsoleGeography({"192.0.2.1": (PLACE,)})


@pytest.mark.parametrize("make", [ranges_file, console_geography])
def test_a_geography_places_an_address_or_says_nothing(make: Callable[[Path], Geography], tmp_path: Path) -> None:
    geography = make(tmp_path)
    assert geography.look_up("192.0.2.1") == (PLACE,)
    assert geography.look_up("192.0.2.2") == ()


def web(host: Site, cleanup: ExitStack) -> Looker:
    host.answers["/"] = http_answer(b"hello", media_type="text/plain")
    looker = WebLooker(policy=POLICY, resolvers=(("127.0.0.1", 9),), timeout=2)
    cleanup.callback(looker.close)
    return looker


def console_looker(host: Site, cleanup: ExitStack) -> Looker:
    return ConsoleLooker(
        {
            host.url(): Look(outcome=Outcome.PRESENT, status=200),
            host.url("/none"): Look(outcome=Outcome.MISSING, status=404, reason="404"),
        }
    )


@pytest.mark.parametrize("make", [web, console_looker])
def test_a_looker_never_raises_for_what_is_there(
    make: Callable[[Site, ExitStack], Looker], host: Site, cleanup: ExitStack
) -> None:
    looker = make(host, cleanup)
    present, missing = looker.look(host.url()), looker.look(host.url("/none"))
    assert (present.outcome, present.status, present.reason) == (Outcome.PRESENT, 200, "")
    assert (missing.outcome, missing.status, bool(missing.reason)) == (Outcome.MISSING, 404, True)
