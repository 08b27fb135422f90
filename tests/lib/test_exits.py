"""The doors out: a proxy is told addresses that the guard has judged, and never a name but an onion's."""

import asyncio
from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from tests.connectors.servers import NameServer, Site, http_answer, redirect
from tests.lib.proxies import ProxyServer, proxy_server

from lykta.lib import outbound
from lykta.lib.exits import DIRECT, Exit, Proxy, read_exits
from lykta.lib.guard import GuardPolicy

POLICY = GuardPolicy(only=(ip_network("127.10.0.0/16"), ip_network("2001:db8::/64")), ports=None)
ONION = "a" * 56 + ".onion"


@pytest.fixture(params=["socks5", "http"])
def proxy(request: pytest.FixtureRequest, host: Site) -> Iterator[ProxyServer]:
    with proxy_server(request.param) as here:
        here.leads_to = (host.host, host.port)
        host.answers["/"] = http_answer(b"behind the proxy")
        yield here


@pytest.fixture
def socks(host: Site) -> Iterator[ProxyServer]:
    with proxy_server("socks5") as here:
        here.leads_to = (host.host, host.port)
        host.answers["/"] = http_answer(b"behind the proxy")
        yield here


@pytest.fixture
def through(proxy: ProxyServer, request: pytest.FixtureRequest) -> Exit:
    kind = request.node.callspec.params["proxy"]
    return Exit(usual=Proxy(kind, proxy.host, proxy.port))


def get(
    address: str, names: NameServer, through: Exit, *, policy: GuardPolicy = POLICY, timeout: float = 3
) -> outbound.Response:
    resolver = outbound.Names(names.resolvers, timeout=1)
    return asyncio.run(
        outbound.get(address, policy=policy, resolver=resolver, timeout=timeout, max_bytes=1000, through=through)
    )


def test_a_proxy_is_told_the_address_and_not_the_name(proxy: ProxyServer, through: Exit, names: NameServer) -> None:
    names.records = {("a.test.", "A"): ["127.10.0.77"]}
    response = get("http://a.test:8080/", names, through)
    assert response.body == b"behind the proxy"
    assert proxy.told == ["127.10.0.77:8080"]
    assert [hop.ip for hop in response.hops] == ["127.10.0.77"]


def test_an_address_of_version_six_goes_through_a_proxy(proxy: ProxyServer, through: Exit, names: NameServer) -> None:
    response = get("http://[2001:db8::5]:8080/", names, through)
    assert response.hops[0].ip == "2001:db8::5"
    assert proxy.told in (["2001:db8::5:8080"], ["[2001:db8::5]:8080"])


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://0x7f.1/",
        "http://169.254.169.254/latest/",
        "http://[fd00:ec2::254]/latest/",
        "http://[64:ff9b::7f00:1]/",
        "http://inside.test/",
        "http://192.0.2.9/",
    ],
)
def test_what_the_guard_refuses_is_not_told_to_a_proxy(
    proxy: ProxyServer, through: Exit, names: NameServer, address: str
) -> None:
    names.records = {("inside.test.", "A"): ["10.0.0.1"], ("inside.test.", "AAAA"): ["::1"]}
    with pytest.raises(outbound.Refused, match="not public"):
        get(address, names, through)
    assert proxy.told == []


def test_a_redirect_is_judged_before_the_proxy_hears_of_it(
    proxy: ProxyServer, through: Exit, names: NameServer, host: Site
) -> None:
    host.answers["/"] = redirect("http://169.254.169.254/latest/meta-data/")
    with pytest.raises(outbound.Refused) as caught:
        get("http://127.10.0.8/", names, through)
    assert [hop.ip for hop in caught.value.hops] == ["127.10.0.8"]
    assert proxy.told == ["127.10.0.8:80"]


def test_a_name_that_turns_inward_is_not_handed_on(
    proxy: ProxyServer, through: Exit, names: NameServer, host: Site
) -> None:
    turns = iter([["127.10.0.7"], ["127.0.0.1"], ["127.0.0.1"]])
    names.ttl = 0
    names.records = {("turn.test.", "A"): lambda: next(turns)}
    host.answers["/"] = redirect("/again")
    with pytest.raises(outbound.Refused):
        get("http://turn.test/", names, through)
    assert proxy.told == ["127.10.0.7:80"]


def test_an_odd_port_is_refused_before_the_proxy(proxy: ProxyServer, through: Exit, names: NameServer) -> None:
    with pytest.raises(outbound.Refused, match="port 25"):
        get("http://127.10.0.7:25/", names, through, policy=GuardPolicy(only=POLICY.only))
    assert proxy.told == []


def test_of_several_addresses_the_next_is_tried_when_the_guard_refuses_one(
    proxy: ProxyServer, through: Exit, names: NameServer
) -> None:
    names.records = {("mixed.test.", "A"): ["127.0.0.1", "127.10.0.7"]}
    assert get("http://mixed.test/", names, through).body == b"behind the proxy"
    assert proxy.told == ["127.10.0.7:80"]


def test_an_onion_name_goes_by_name_to_its_own_proxy(socks: ProxyServer, names: NameServer) -> None:
    through = Exit(onion=Proxy("socks5", socks.host, socks.port))
    response = get(f"http://{ONION}/", names, through)
    assert socks.told == [f"{ONION}:80"]
    assert names.asked == []
    assert response.hops == (outbound.Hop(f"http://{ONION}/", "", 200),)


def test_only_onion_names_use_the_onions_proxy(socks: ProxyServer, names: NameServer, host: Site) -> None:
    assert get(host.url(), names, Exit(onion=Proxy("socks5", socks.host, socks.port))).body == b"behind the proxy"
    assert socks.told == []


def test_an_onion_name_keeps_to_the_ports_that_may_be_asked(socks: ProxyServer, names: NameServer) -> None:
    through = Exit(onion=Proxy("socks5", socks.host, socks.port))
    with pytest.raises(outbound.Refused, match="port 22"):
        get(f"http://{ONION}:22/", names, through, policy=GuardPolicy())
    assert socks.told == []


def test_an_onion_site_cannot_lead_inside(socks: ProxyServer, names: NameServer, host: Site) -> None:
    host.answers["/"] = redirect("http://127.0.0.1/")
    with pytest.raises(outbound.Refused, match="loopback"):
        get(f"http://{ONION}/", names, Exit(onion=Proxy("socks5", socks.host, socks.port)))
    assert socks.told == [f"{ONION}:80"]


def test_without_a_proxy_for_them_onion_names_are_refused(names: NameServer, socks: ProxyServer) -> None:
    for through in (DIRECT, Exit(usual=Proxy("socks5", socks.host, socks.port))):
        with pytest.raises(outbound.Refused, match="onion"):
            get(f"http://{ONION}/", names, through)
    assert names.asked == []
    assert socks.told == []


@pytest.mark.parametrize(
    "answer",
    [
        b"\x05\x01\x00\x01" + bytes(6),
        b"\x04\x00\x00\x01" + bytes(6),
        b"\x05\x00",
        b"",
        b"HTTP/1.1 403 Forbidden\r\n\r\n",
        b"HTTP/1.1 200 no end of the head",
        b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 5000,
        b"SSH-2.0-OpenSSH\r\n\r\n",
    ],
)
def test_a_proxy_that_does_not_connect_is_no_answer(
    proxy: ProxyServer, through: Exit, names: NameServer, answer: bytes
) -> None:
    proxy.answer = answer
    with pytest.raises(outbound.NoAnswer):
        get("http://127.10.0.7/", names, through)


def test_a_proxy_that_is_not_there_is_no_answer_and_nothing_goes_around_it(names: NameServer, host: Site) -> None:
    with pytest.raises(outbound.NoAnswer, match="no connection"):
        get(host.url(), names, Exit(usual=Proxy("socks5", "127.0.0.3", 1)))
    assert host.asked == []


def test_exits_are_read_from_a_setting() -> None:
    found = read_exits("look=http://192.0.2.7:3128, onion=socks5://127.0.0.1:9050,registry=direct")
    tor = Proxy("socks5", "127.0.0.1", 9050)
    assert found["look"] == Exit(Proxy("http", "192.0.2.7", 3128), tor)
    assert found["registry"] == found["webhooks"] == Exit(None, tor)
    assert set(read_exits("").values()) == {DIRECT}


@pytest.mark.parametrize("text", ["socks5://127.0.0.1:9050", "http://[2001:db8::1]:3128", "direct"])
def test_an_exit_survives_being_written_and_read(text: str) -> None:
    exits = Exit(Proxy.read(text), Proxy.read("direct"))
    assert exits.written() == {"usual": text, "onion": "direct"}
    assert Exit.read(**exits.written()) == exits


@pytest.mark.parametrize(
    "setting",
    [
        "look",
        "look=",
        "look=tor",
        "look=socks5://proxy.example:1080",
        "look=socks5://127.0.0.1",
        "look=socks4://127.0.0.1:1080",
        "look=http://user:word@127.0.0.1:3128",
        "look=https://127.0.0.1:3128",
        "look=http://127.0.0.1:3128/path",
        "look=socks5://127.0.0.1:99999",
        "onion=http://127.0.0.1:3128",
        "elsewhere=direct",
    ],
)
def test_an_exit_that_cannot_be_used_is_an_error(setting: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_exits(setting)
