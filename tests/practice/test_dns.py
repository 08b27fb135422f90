import socket

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.resolver
import pytest
from tests.practice.clients import PATIENCE, ask, values

from lykta.practice import atlas
from lykta.practice.settings import HOME, PracticeSettings
from lykta.practice.world import World, beside


def test_a_name_has_its_address_from_an_authority(world: World) -> None:
    answer = ask(world, "pictures.example")
    assert values(answer) == ["127.10.0.5"]
    assert answer.flags & dns.flags.AA
    assert not answer.flags & dns.flags.RA


def test_letter_case_does_not_matter(world: World) -> None:
    assert values(ask(world, "PICTURES.Example")) == ["127.10.0.5"]


def test_several_addresses_come_together(world: World) -> None:
    assert sorted(values(ask(world, "mirrors.example"))) == ["127.11.0.6", "127.11.0.7"]


def test_a_chain_of_aliases_comes_whole(world: World) -> None:
    assert values(ask(world, "old.pictures.example")) == ["www.pictures.example.", "pictures.example.", "127.10.0.5"]


def test_an_alias_can_be_asked_for_itself(world: World) -> None:
    assert values(ask(world, "old.pictures.example", "CNAME")) == ["www.pictures.example."]


def test_an_ordinary_resolver_follows_the_chain(world: World) -> None:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [HOME], world.settings.dns_port
    answer = resolver.resolve("old.pictures.example")
    assert answer.canonical_name.to_text() == "pictures.example."
    assert [record.to_text() for record in answer] == ["127.10.0.5"]


def test_the_host_behind_the_cdn_is_in_no_answer(world: World) -> None:
    answer = ask(world, "album.example")
    assert values(answer) == ["album.example.veil-cdn.test.", "127.30.0.7"]
    assert "127.20.0.7" not in answer.to_text()


def test_one_name_has_an_ipv6_address_that_leads_nowhere(world: World) -> None:
    assert values(ask(world, "six.example", "AAAA")) == ["2001:db8::8"]
    assert values(ask(world, "six.example", "A")) == ["127.11.0.8"]


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        (atlas.UNKNOWN, "example."),
        ("deep.pictures.example", "pictures.example."),
        ("nobody.test", "test."),
        ("host.invalid", "."),
    ],
)
def test_an_unknown_name_does_not_exist_and_the_zone_says_so(world: World, name: str, zone: str) -> None:
    answer = ask(world, name)
    assert answer.rcode() == dns.rcode.NXDOMAIN
    assert answer.flags & dns.flags.AA
    assert [(rrset.name.to_text(), rrset.rdtype.name) for rrset in answer.authority] == [(zone, "SOA")]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("pictures.example", "TXT"),
        ("pictures.example", "AAAA"),
        ("polis.test", "A"),
        ("example.veil-cdn.test", "A"),
    ],
)
def test_a_name_without_such_a_record_answers_empty(world: World, name: str, kind: str) -> None:
    answer = ask(world, name, kind)
    assert answer.rcode() == dns.rcode.NOERROR
    assert answer.answer == []
    assert answer.authority[0].rdtype.name == "SOA"


@pytest.mark.parametrize(
    ("zone", "server"),
    [
        ("pictures.example", "ns1.nordhost.test."),
        ("answers.example", "ns1.polderhost.test."),
        ("veil-cdn.test", "ns1.nordhost.test."),
    ],
)
def test_a_zone_names_its_server_which_has_an_address(world: World, zone: str, server: str) -> None:
    assert values(ask(world, zone, "NS")) == [server]
    assert len(values(ask(world, server))) == 1


def test_a_zone_has_one_start_of_authority(world: World) -> None:
    assert len(values(ask(world, "pictures.example", "SOA"))) == 1


def test_a_broken_zone_fails(world: World) -> None:
    assert ask(world, "broken.example").rcode() == dns.rcode.SERVFAIL


def test_a_loop_of_aliases_ends_without_an_address(world: World) -> None:
    assert sorted(values(ask(world, "loop.example"))) == ["loop-back.example.", "loop.example."]


def test_a_silent_zone_never_answers(world: World) -> None:
    with pytest.raises(dns.exception.Timeout):
        ask(world, "silent.example", timeout=0.3)


def test_a_slow_zone_answers_later_than_a_hurried_client_waits(world: World) -> None:
    with pytest.raises(dns.exception.Timeout):
        ask(world, "slow.example", timeout=0.3)


def test_a_slow_zone_answers_in_the_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atlas, "SLOW_SECONDS", 0.05)
    assert values(ask(world, "slow.example")) == ["127.22.0.6"]


@pytest.mark.parametrize(
    ("name", "address"), [("loopback.example", "127.0.0.1"), ("metadata.example", "169.254.169.254")]
)
def test_some_names_lead_where_a_guard_must_not_follow(world: World, name: str, address: str) -> None:
    assert values(ask(world, name)) == [address]


def test_the_bait_changes_its_answer_each_time_and_may_not_be_cached(world: World) -> None:
    answers = [ask(world, "bait.test") for _ in range(4)]
    assert [values(answer)[0] for answer in answers] == ["127.10.0.9", "127.0.0.1"] * 2
    assert {answer.answer[0].ttl for answer in answers} == {0}


def test_a_name_moves_on_command(world: World) -> None:
    assert values(ask(world, "moving.example")) == ["127.10.0.8"]
    world.move("moving.example")
    assert values(ask(world, "moving.example")) == ["127.21.0.8"]


def test_a_name_moves_after_a_while(world: World) -> None:
    world.move("moving.example", after_seconds=60)
    assert values(ask(world, "moving.example")) == ["127.10.0.8"]


def test_an_answer_too_long_for_udp_is_cut_and_whole_over_tcp(world: World) -> None:
    query = dns.message.make_query("crowd.example", "A")
    port = world.settings.dns_port
    assert dns.query.udp(query, HOME, PATIENCE, port).flags & dns.flags.TC
    whole = dns.query.tcp(query, HOME, PATIENCE, port)
    assert not whole.flags & dns.flags.TC
    assert len(values(whole)) == 60


def test_a_client_that_takes_long_datagrams_gets_them(world: World) -> None:
    query = dns.message.make_query("crowd.example", "A", use_edns=0, payload=1232)
    answer = dns.query.udp(query, HOME, PATIENCE, world.settings.dns_port)
    assert len(values(answer)) == 60


def test_one_tcp_connection_carries_several_questions(world: World) -> None:
    with socket.create_connection((HOME, world.settings.dns_port), timeout=PATIENCE) as connection:
        for name in ("pictures.example", "mirrors.example"):
            query = dns.message.make_query(name, "A")
            answer = dns.query.tcp(query, HOME, PATIENCE, sock=connection)
            assert values(answer) != []


def test_noise_is_ignored_and_the_server_goes_on(world: World) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as noisy:
        noisy.sendto(b"noise", (HOME, world.settings.dns_port))
    assert values(ask(world, "pictures.example")) == ["127.10.0.5"]


def test_a_message_without_a_question_is_malformed(world: World) -> None:
    query = dns.message.make_query("pictures.example", "A")
    query.question = []
    answer = dns.query.udp(query, HOME, PATIENCE, world.settings.dns_port)
    assert answer.rcode() == dns.rcode.FORMERR


def test_latency_slows_every_answer(settings: PracticeSettings) -> None:
    slow = PracticeSettings.on_free_ports(settings.folder, latency_seconds=0.5)
    with beside(slow) as world, pytest.raises(dns.exception.Timeout):
        ask(world, "pictures.example", timeout=0.2)


def test_a_domain_has_a_mail_server_and_a_host_has_none(world: World) -> None:
    assert values(ask(world, "pictures.example", "MX")) == ["10 mail.pictures.example."]
    assert values(ask(world, "ns1.nordhost.test", "MX")) == []


@pytest.mark.parametrize(("name", "flag"), [("pictures.example", dns.flags.AD), ("answers.example", 0)])
def test_some_names_pass_for_checked(world: World, name: str, flag: int) -> None:
    assert ask(world, name).flags & dns.flags.AD == flag


@pytest.mark.parametrize("wanted", [True, False])
def test_who_wants_signatures_is_told_that_this_server_hands_them_on(world: World, *, wanted: bool) -> None:
    query = dns.message.make_query("answers.example", "A", use_edns=0, want_dnssec=wanted)
    answer = dns.query.udp(query, HOME, PATIENCE, world.settings.dns_port)
    assert bool(answer.ednsflags & dns.flags.DO) is wanted


def test_a_forged_name_fails_for_whoever_wants_it_checked(world: World) -> None:
    assert ask(world, "forged.example").rcode() == dns.rcode.SERVFAIL
    query = dns.message.make_query("forged.example", "A", flags=dns.flags.RD | dns.flags.CD)
    assert values(dns.query.udp(query, HOME, PATIENCE, world.settings.dns_port)) == ["127.22.0.7"]
