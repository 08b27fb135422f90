"""Every way to spell "inside" that we know: none may reach the secret server."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_network

import pytest
from tests.connectors.servers import NameServer, Site, http_answer, name_server, redirect, site

from lykta.lib import outbound
from lykta.lib.guard import GuardPolicy

POLICY = GuardPolicy(only=(ip_network("127.10.0.0/16"),), ports=None)
EVERYTHING = GuardPolicy(only=(ip_network("0.0.0.0/0"), ip_network("::/0")), ports=None)


@dataclass
class World:
    """A secret server on IPv4 and IPv6 loopback, a host that may be asked, and a name server of the attacker."""

    secret: Site
    secret6: Site
    host: Site
    names: NameServer

    @property
    def reached(self) -> list[str]:
        return self.secret.asked + self.secret6.asked

    def get(self, address: str, *, policy: GuardPolicy = POLICY) -> outbound.Response:
        resolver = outbound.Names(self.names.resolvers, timeout=2)
        return asyncio.run(outbound.get(address, policy=policy, resolver=resolver, timeout=3, max_bytes=1000))


@pytest.fixture
def world() -> Iterator[World]:
    with site("127.0.0.1") as secret, site("::1") as secret6, site() as host, name_server() as names:
        secret.answers = secret6.answers = {"/": http_answer(b"secret")}
        host.answers = {"/": http_answer(b"public")}
        yield World(secret, secret6, host, names)


def test_the_secret_server_can_be_reached_where_the_guard_onlys_it(world: World) -> None:
    assert world.get(world.secret.url(), policy=EVERYTHING).body == b"secret"
    assert world.get(world.secret6.url(), policy=EVERYTHING).body == b"secret"
    assert len(world.reached) == 2


@pytest.mark.parametrize(
    "spelling",
    [
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "１２７.０.０.１",
        "127。0。0。1",
        "%31%32%37.0.0.1",
        "0.0.0.0",
        "0",
        "user:pass@127.0.0.1",
        "host.test\\@127.0.0.1",
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1%25lo]",
        "127.0.0.2",
        "127.11.0.1",
    ],
)
def test_no_spelling_of_loopback_gets_through(world: World, spelling: str) -> None:
    port = world.secret6.port if "[" in spelling else world.secret.port
    with pytest.raises(outbound.OutboundError):
        world.get(f"http://{spelling}:{port}/")
    assert world.reached == []


@pytest.mark.parametrize(
    "spelling", ["file:///etc/hostname", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "unix:/run/x.sock", "", "http://"]
)
def test_only_web_addresses_are_asked(world: World, spelling: str) -> None:
    with pytest.raises(outbound.Refused):
        world.get(spelling)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("A", "127.0.0.1"),
        ("A", "0.0.0.0"),
        ("A", "10.0.0.1"),
        ("A", "169.254.169.254"),
        ("AAAA", "::1"),
        ("AAAA", "::ffff:127.0.0.1"),
        ("AAAA", "64:ff9b::7f00:1"),
        ("AAAA", "fd00:ec2::254"),
    ],
)
def test_a_name_that_points_inside_is_refused(world: World, kind: str, value: str) -> None:
    world.names.records = {("evil.test.", kind): [value]}
    with pytest.raises(outbound.Refused, match="not public"):
        world.get(f"http://evil.test:{world.secret6.port if kind == 'AAAA' else world.secret.port}/")
    assert world.reached == []


def test_an_alias_that_leads_inside_is_refused(world: World) -> None:
    world.names.records = {("evil.test.", "CNAME"): ["inside.test."], ("inside.test.", "A"): ["127.0.0.1"]}
    with pytest.raises(outbound.Refused):
        world.get(f"http://evil.test:{world.secret.port}/")
    assert world.reached == []


@pytest.mark.parametrize("order", [("127.0.0.1", "127.10.0.1"), ("127.10.0.1", "127.0.0.1")])
def test_of_a_mixed_answer_only_the_public_part_is_tried(world: World, order: tuple[str, str]) -> None:
    world.names.records = {("mixed.test.", "A"): list(order), ("mixed.test.", "AAAA"): ["::1"]}
    assert world.get(f"http://mixed.test:{world.host.port}/").body == b"public"
    with pytest.raises(outbound.OutboundError):
        world.get(f"http://mixed.test:{world.secret.port}/")
    assert world.reached == []


def test_a_name_that_changes_between_two_questions_does_not_get_inside(world: World) -> None:
    turns = iter([["127.10.0.1"], ["127.0.0.1"], ["127.0.0.1"]])
    world.names.ttl = 0
    world.names.records = {("turn.test.", "A"): lambda: next(turns)}
    world.host.answers["/"] = redirect(f"http://turn.test:{world.secret.port}/")
    with pytest.raises(outbound.Refused) as caught:
        world.get(f"http://turn.test:{world.host.port}/")
    assert [hop.ip for hop in caught.value.hops] == ["127.10.0.1"]
    assert world.reached == []


@pytest.mark.parametrize(
    "inside",
    [
        "http://127.0.0.1:{port}/",
        "//127.0.0.1:{port}/",
        "http:\\\\127.0.0.1:{port}/",
        "http://0x7f.1:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/latest/meta-data/",
        "http://localhost:{port}/",
        "file:///etc/passwd",
        "http://[",
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_does_not_lead_inside(world: World, inside: str, status: int) -> None:
    world.host.answers["/"] = redirect(inside.format(port=world.secret.port), status=status)
    with pytest.raises(outbound.OutboundError) as caught:
        world.get(world.host.url())
    assert [hop.status for hop in caught.value.hops] == [status]
    assert world.reached == []


def test_an_odd_port_is_refused_before_anybody_is_asked(world: World) -> None:
    with pytest.raises(outbound.Refused, match="port"):
        world.get(world.host.url(), policy=GuardPolicy(only=POLICY.only))
    assert world.host.asked == []


def test_the_environment_names_no_proxy(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", world.secret.url())
    monkeypatch.setenv("ALL_PROXY", world.secret.url())
    assert world.get(world.host.url()).body == b"public"
    assert world.reached == []


def test_the_systems_own_names_are_not_used(world: World) -> None:
    with pytest.raises(outbound.NoName):
        world.get(f"http://localhost:{world.secret.port}/")
    assert world.reached == []
    assert world.names.asked
