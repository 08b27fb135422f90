from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from tests.practice.clients import rdap, rdap_json

from lykta.practice import atlas
from lykta.practice.mail import MAILBOXES
from lykta.practice.rdap import BUSY, ELSEWHERE, INSIDE, SLOW, bootstrap
from lykta.practice.settings import PracticeSettings
from lykta.practice.world import World, beside


def emails(found: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every e-mail address in an answer with the roles of its entity, however deep."""
    for entity in found.get("entities", []):
        for kind, _, _, value in entity["vcardArray"][1]:
            if kind == "email":
                yield tuple(entity["roles"]), value
        yield from emails(entity)


def is_nested(found: dict[str, Any]) -> bool:
    return any("abuse" in inner["roles"] for outer in found["entities"] for inner in outer.get("entities", []))


@pytest.mark.parametrize("network", atlas.NETWORKS, ids=lambda network: network.domain)
def test_every_network_is_registered_with_its_country(world: World, network: atlas.Network) -> None:
    found = rdap_json(world, f"/ip/{network.first}")
    assert found["objectClassName"] == "ip network"
    assert found["country"] == network.country
    assert found["rdapConformance"] == ["rdap_level_0"]
    assert found["entities"][0]["vcardArray"][1][1] == ["fn", {}, "text", network.name]


def test_answers_have_the_media_type_of_rdap(world: World) -> None:
    assert rdap(world, "/ip/127.10.0.5").headers["content-type"].startswith("application/rdap+json")


def test_a_network_can_be_asked_for_by_its_block(world: World) -> None:
    assert rdap_json(world, "/ip/127.10.0.0/24") == rdap_json(world, "/ip/127.10.0.5")


def test_one_network_has_its_abuse_desk_inside_another_entity(world: World) -> None:
    found = rdap_json(world, "/ip/127.10.0.5")
    assert list(emails(found)) == [(("abuse",), "abuse@nordhost.test")]
    assert is_nested(found)


def test_one_network_has_several_emails_in_one_card(world: World) -> None:
    found = rdap_json(world, "/ip/127.11.0.5")
    assert [email for _, email in emails(found)] == ["noc@fjardnat.test", "abuse@fjardnat.test"]
    assert not any("abuse" in roles for roles, _ in emails(found))


def test_one_network_tells_only_in_a_remark(world: World) -> None:
    found = rdap_json(world, "/ip/127.20.0.7")
    assert list(emails(found)) == []
    assert "abuse@polderhost.test" in " ".join(found["remarks"][0]["description"])


def test_one_network_tells_nothing(world: World) -> None:
    found = rdap_json(world, "/ip/127.21.0.5")
    assert list(emails(found)) == []
    assert "remarks" not in found


@pytest.mark.parametrize(
    ("address", "email"), [("127.22.0.5", "abuse@prairie.test"), ("127.30.0.7", "abuse@veil-cdn.test")]
)
def test_others_have_a_plain_abuse_role(world: World, address: str, email: str) -> None:
    found = rdap_json(world, f"/ip/{address}")
    assert (("abuse",), email) in list(emails(found))
    assert not is_nested(found)


def test_one_registry_pads_addresses_with_zeros(world: World) -> None:
    found = rdap_json(world, "/ip/127.22.0.5")
    assert (found["startAddress"], found["endAddress"]) == ("127.022.000.000", "127.022.000.255")


def test_an_as_number_is_registered(world: World) -> None:
    found = rdap_json(world, "/autnum/64500")
    assert (found["objectClassName"], found["startAutnum"], found["endAutnum"]) == ("autnum", 64500, 64500)
    assert list(emails(found)) == [(("abuse",), "abuse@nordhost.test")]


def test_a_domain_has_a_registrar_with_an_abuse_desk_that_takes_mail(world: World) -> None:
    found = rdap_json(world, "/domain/pictures.example")
    assert (found["objectClassName"], found["ldhName"]) == ("domain", "pictures.example")
    assert found["entities"][0]["roles"] == ["registrar"]
    ((roles, email),) = emails(found)
    assert roles == ("abuse",)
    assert email in MAILBOXES


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ip/127.99.0.1", 404),
        ("/ip/2001:db8::8", 404),
        ("/ip/not-an-address", 400),
        ("/autnum/64511", 404),
        (f"/domain/{atlas.UNKNOWN}", 404),
        (f"/domain/{BUSY}", 429),
    ],
)
def test_the_registry_refuses_in_its_own_format(world: World, path: str, status: int) -> None:
    reply = rdap(world, path)
    assert reply.status == status
    assert f'"errorCode": {status}' in reply.text


def test_a_busy_registry_says_when_to_come_back(world: World) -> None:
    assert rdap(world, f"/domain/{BUSY}").headers["retry-after"] == "1"


def test_a_slow_registry_outlasts_a_hurried_client(world: World) -> None:
    with pytest.raises(TimeoutError):
        rdap(world, f"/domain/{SLOW}", timeout=0.2)


def test_a_slow_registry_answers_in_the_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atlas, "SLOW_SECONDS", 0.05)
    assert rdap_json(world, f"/domain/{SLOW}")["ldhName"] == SLOW


def test_a_registry_sends_elsewhere(world: World) -> None:
    reply = rdap(world, f"/domain/{ELSEWHERE}")
    assert reply.status == 302
    assert rdap_json(world, reply.headers["location"])["ldhName"] == ELSEWHERE


def test_a_registry_lures_inside(world: World) -> None:
    location = rdap(world, f"/domain/{INSIDE}").headers["location"]
    assert location.startswith(f"http://127.0.0.1:{world.settings.web_port}/")


def test_the_bootstrap_has_the_registries_of_iana(settings: PracticeSettings) -> None:
    found = bootstrap(settings)
    assert set(found) == {"asn", "dns", "ipv4", "ipv6", "object"}
    assert all({"version", "publication", "services"} <= set(registry) for registry in found.values())


def test_the_bootstrap_covers_the_world_and_leads_to_its_registry(world: World) -> None:
    found = bootstrap(world.settings)
    (blocks, servers) = found["ipv4"]["services"][0]
    assert all(ip_address(network.first) in ip_network(blocks[0]) for network in atlas.NETWORKS)
    assert found["dns"]["services"][0] == [["test", "example"], servers]
    assert found["asn"]["services"][0][0] == ["64500-64505"]
    assert servers == [f"http://127.40.0.1:{world.settings.rdap_port}/"]


def test_latency_slows_the_registry(settings: PracticeSettings) -> None:
    slow = PracticeSettings.on_free_ports(settings.folder, latency_seconds=0.5)
    with beside(slow) as world, pytest.raises(TimeoutError):
        rdap(world, "/ip/127.10.0.5", timeout=0.2)


def test_who_registered_a_domain_is_held_back_but_for_the_country(world: World) -> None:
    found = rdap_json(world, "/domain/pictures.example")
    holder = found["entities"][1]
    assert holder["roles"] == ["registrant"]
    assert [line for line in holder["vcardArray"][1] if line[0] in {"fn", "adr"}] == [
        ["fn", {}, "text", ""],
        ["adr", {"cc": "TH"}, "text", [""] * 7],
    ]
    assert [entry["name"]["type"] for entry in found["redacted"]] == ["Registrant Name"]
