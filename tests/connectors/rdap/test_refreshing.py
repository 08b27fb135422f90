import json
from collections.abc import Iterator
from datetime import date
from ipaddress import ip_network
from typing import Any

import pytest
from tests.connectors.servers import Answer, NameServer, Site, http_answer, redirect

from lykta.connectors.contract import ConnectorError, Final, Transient
from lykta.connectors.rdap.bootstrap import Bootstrap, dated
from lykta.connectors.rdap.refreshing import FILES, fetch
from lykta.lib import outbound
from lykta.lib.guard import GuardPolicy

KEYS = {"asn": "64500-64510", "dns": "test", "ipv4": "192.0.2.0/24", "ipv6": "2001:db8::/32", "object": "PRACTICE"}
TODAY = date(2026, 11, 1)


def file(key: str) -> dict[str, Any]:
    return {"version": "1.0", "services": [[[key], ["https://registry.test/"]]]}


@pytest.fixture
def client(names: NameServer) -> Iterator[outbound.Client]:
    policy = GuardPolicy(only=(ip_network("127.10.0.0/16"),), ports=None)
    client = outbound.Client(policy=policy, resolvers=names.resolvers, timeout=1, max_bytes=10_000)
    yield client
    client.close()


@pytest.fixture
def iana(host: Site) -> Site:
    host.answers = {f"/rdap/{name}": http_answer(json.dumps(file(KEYS[kind])).encode()) for kind, name in FILES.items()}
    return host


def test_all_five_files_come_with_their_day(client: outbound.Client, iana: Site) -> None:
    found = fetch(client, today=TODAY, source=iana.url("/rdap/"))
    assert {kind: found[kind] for kind in FILES} == {kind: file(key) for kind, key in KEYS.items()}
    assert (dated(found), found["source"]) == (TODAY, iana.url("/rdap/"))
    assert Bootstrap.read(found).for_domain("shop.test") == "https://registry.test/"


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (http_answer(status=503), Transient),
        (http_answer(status=404), Transient),
        (b"", Transient),
        (http_answer(b" " * 20_000), Transient),
        (http_answer(b"<html>"), Final),
        (http_answer(b"[" * 9_000), Final),
        (http_answer(b"[]"), Final),
        (http_answer(b"{}"), Final),
        (http_answer(b'{"services": [["test"]]}'), Final),
        (redirect("http://127.0.0.1/"), Final),
    ],
)
def test_half_of_them_is_nothing(
    client: outbound.Client, iana: Site, answer: Answer, fault: type[ConnectorError]
) -> None:
    iana.answers["/rdap/dns.json"] = answer
    with pytest.raises(fault):
        fetch(client, today=TODAY, source=iana.url("/rdap/"))
