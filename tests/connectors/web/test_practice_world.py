"""The looker in the practice world, whose hosts do what hostile hosts do."""

from collections.abc import Iterator

import pytest

from lykta.connectors.web.connector import WebLooker
from lykta.core.vocabulary import Outcome
from lykta.lib.guard import GuardPolicy
from lykta.lib.resolvers import read_resolvers
from lykta.practice import atlas
from lykta.practice.contents import address_of
from lykta.practice.settings import HOME, PracticeSettings
from lykta.practice.world import World, beside


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with beside(PracticeSettings.on_free_ports(tmp_path_factory.mktemp("world"))) as world:
        yield world


@pytest.fixture(scope="module")
def looker(world: World) -> Iterator[WebLooker]:
    policy = GuardPolicy.read(only=",".join(atlas.public_ranges()), ports=str(world.settings.web_port))
    resolvers = read_resolvers(f"127.0.0.1:{world.settings.dns_port}")
    looker = WebLooker(policy=policy, resolvers=resolvers, timeout=2, max_bytes=1_000_000)
    yield looker
    looker.close()


@pytest.mark.parametrize(
    ("place", "outcome", "reason"),
    [
        ("redirects.example/endless", Outcome.REFUSED, "without end"),
        ("redirects.example/further", Outcome.REFUSED, "more than 5 redirects"),
        ("redirects.example/inside", Outcome.REFUSED, "loopback"),
        ("redirects.example/metadata", Outcome.REFUSED, "port 80"),
        ("redirects.example/spelled", Outcome.REFUSED, "loopback"),
        ("redirects.example/mapped", Outcome.REFUSED, "IPv4 inside IPv6"),
        ("loopback.example/", Outcome.REFUSED, "loopback"),
        ("odd.example/bomb", Outcome.REFUSED, "decompresses to more"),
        ("odd.example/brotli", Outcome.REFUSED, "not asked for"),
        ("odd.example/headers", Outcome.REFUSED, "rules of HTTP"),
        ("odd.example/many-headers", Outcome.REFUSED, "rules of HTTP"),
        ("odd.example/two-lengths", Outcome.REFUSED, "rules of HTTP"),
        ("odd.example/length", Outcome.NO_ANSWER, "broke off"),
        ("odd.example/slow", Outcome.NO_ANSWER, "2 seconds"),
        ("odd.example/slow-head", Outcome.NO_ANSWER, "2 seconds"),
        ("odd.example/silent", Outcome.NO_ANSWER, "2 seconds"),
        ("odd.example/script-inside", Outcome.REFUSED, "loopback"),
    ],
)
def test_a_hostile_host_ends_as_a_recorded_outcome(
    world: World, looker: WebLooker, place: str, outcome: Outcome, reason: str
) -> None:
    look = looker.look(address_of(place, world.settings))
    assert (look.outcome, look.title, look.sha256) == (outcome, "", "")
    assert reason in look.reason
    assert not [visit for visit in world.visits if visit.address == HOME]


def test_a_page_built_by_its_script_is_read_and_its_pictures_are_fetched_by_us(world: World, looker: WebLooker) -> None:
    look = looker.look(address_of("board.example/script", world.settings))
    assert (look.outcome, look.title, look.media) == (Outcome.PRESENT, "A page built by its script", 3)
    assert len({one.sha256 for one in look.fingerprints}) == 3


def test_a_name_that_turns_inward_every_second_time_never_gets_there(world: World, looker: WebLooker) -> None:
    address = address_of("bait.test/set", world.settings)
    outcomes = {looker.look(address).outcome for _ in range(4)}
    assert outcomes <= {Outcome.PRESENT, Outcome.REFUSED}
    assert not [visit for visit in world.visits if visit.address == HOME]
