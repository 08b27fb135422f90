import asyncio
import socket
from typing import Any

import aiohttp
import dns.asyncquery
import dns.message
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from tests.practice.clients import fetch, values

from lykta.practice import pictures
from lykta.practice.contents import address_of
from lykta.practice.settings import HOME, PracticeSettings
from lykta.practice.web import Visit
from lykta.practice.world import World, beside

SITES = [
    ("127.10.0.5", "pictures.example", "/gallery"),
    ("127.30.0.7", "album.example", "/summer"),
    ("127.20.0.7", "album.example", "/summer"),
    ("127.11.0.6", "mirrors.example", "/set"),
    ("127.11.0.7", "mirrors.example", "/set"),
    ("127.11.0.8", "six.example", "/set"),
    ("127.21.0.5", "board.example", "/thread"),
    ("127.10.0.9", "bait.test", "/set"),
]


class WorldResolver(AbstractResolver):
    """Names of the practice world, for a client that knows nothing else of it."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        answer = await dns.asyncquery.udp(dns.message.make_query(host, "A"), HOME, port=self._port)
        if not answer.answer:
            raise OSError("There is no such name.")
        address = values(answer)[-1]
        return [ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        return None


def browse(world: World, place: str, **others: Any) -> tuple[int, str, int]:
    """What an aiohttp client gets that starts from the name: status, text, number of redirects."""

    async def visit() -> tuple[int, str, int]:
        connector = aiohttp.TCPConnector(resolver=WorldResolver(world.settings.dns_port))
        async with (
            aiohttp.ClientSession(connector=connector) as session,
            session.get(address_of(place, world.settings), **others) as answer,
        ):
            return answer.status, await answer.text(), len(answer.history)

    return asyncio.run(visit())


@pytest.mark.parametrize(("address", "host", "path"), SITES)
def test_a_host_shows_its_album(world: World, address: str, host: str, path: str) -> None:
    reply = fetch(world, address, path, host=host)
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/html")
    assert f"<title>Album {path}</title>" in reply.text
    assert "<img" in reply.text


@pytest.mark.parametrize(("address", "host", "path"), SITES)
def test_the_pictures_of_an_album_are_there(world: World, address: str, host: str, path: str) -> None:
    reply = fetch(world, address, f"{path}/1.png", host=host)
    assert reply.headers["content-type"] == "image/png"
    assert pictures.MARKER in reply.body


def test_a_page_names_two_hundred_pictures(world: World) -> None:
    assert fetch(world, "127.22.0.5", "/many", host="odd.example").text.count("<img") == 200


def test_a_picture_stands_alone(world: World) -> None:
    reply = fetch(world, "127.10.0.5", "/single.png", host="pictures.example")
    assert reply.body.startswith(b"\x89PNG")


def test_pictures_of_one_album_differ(world: World) -> None:
    one, two = (fetch(world, "127.10.0.5", f"/gallery/{number}.png").body for number in (1, 2))
    assert one != two


def test_the_seed_draws_the_pictures(settings: PracticeSettings) -> None:
    bodies = []
    for seed in (7, 7, 8):
        with beside(PracticeSettings.on_free_ports(settings.folder, seed=seed)) as world:
            bodies.append(fetch(world, "127.10.0.5", "/single.png").body)
    assert bodies[0] == bodies[1] != bodies[2]


def test_a_browser_comes_by_name_through_the_cdn(world: World) -> None:
    status, text, _ = browse(world, "album.example/summer")
    assert status == 200
    assert "Album /summer" in text
    assert world.visits == [Visit("127.30.0.7", "album.example", "/summer")]


@pytest.mark.parametrize(("path", "hops"), [("/one", 1), ("/two", 2), ("/three", 3)])
def test_redirects_lead_to_the_album(world: World, path: str, hops: int) -> None:
    status, text, followed = browse(world, f"redirects.example{path}")
    assert (status, followed) == (200, hops)
    assert "Album /gallery" in text


def test_an_endless_redirect_never_arrives(world: World) -> None:
    with pytest.raises(aiohttp.TooManyRedirects):
        browse(world, "redirects.example/endless")


def test_a_redirect_lures_inside_and_who_follows_is_seen(world: World) -> None:
    reply = fetch(world, "127.10.0.6", "/inside", host="redirects.example")
    assert reply.headers["location"] == f"http://127.0.0.1:{world.settings.web_port}/"
    assert not any(visit.address == HOME for visit in world.visits)
    browse(world, "redirects.example/inside")
    assert world.visits[-1] == Visit(HOME, HOME, "/")


@pytest.mark.parametrize("status", [("/missing", 404), ("/gone", 410), ("/law", 451), ("/fault", 500)])
def test_a_host_answers_with_a_status(world: World, status: tuple[str, int]) -> None:
    path, expected = status
    assert fetch(world, "127.20.0.5", path, host="answers.example").status == expected


def test_a_missing_page_may_pretend_to_be_there(world: World) -> None:
    reply = fetch(world, "127.20.0.5", "/soft", host="answers.example")
    assert reply.status == 200
    assert "not found" in reply.text


def test_a_log_in_wall_is_a_form_or_a_status(world: World) -> None:
    form = fetch(world, "127.11.0.5", "/login", host="club.example")
    assert form.status == 200
    assert "type=password" in form.text
    assert fetch(world, "127.11.0.5", "/members", host="club.example").status == 401


def test_a_host_that_is_down_refuses(world: World) -> None:
    with pytest.raises(ConnectionRefusedError):
        fetch(world, "127.22.0.99", "/")


@pytest.mark.parametrize(
    ("address", "host", "path"),
    [
        ("127.10.0.5", "album.example", "/summer"),
        ("127.10.0.5", "nowhere.example", "/gallery"),
        ("127.10.0.5", "pictures.example", "/other"),
    ],
)
def test_a_server_knows_only_its_own_sites_and_paths(world: World, address: str, host: str, path: str) -> None:
    assert fetch(world, address, path, host=host).status == 404


def test_a_server_asked_by_its_bare_address_shows_its_site(world: World) -> None:
    assert "Album /gallery" in fetch(world, "127.10.0.5", "/gallery").text


def test_a_removed_page_is_missing_until_it_is_brought_back(world: World) -> None:
    address = address_of("pictures.example/gallery", world.settings)
    world.remove(address)
    assert fetch(world, "127.10.0.5", "/gallery", host="pictures.example").status == 404
    assert fetch(world, "127.10.0.5", "/single.png", host="pictures.example").status == 200
    world.bring_back(address)
    assert fetch(world, "127.10.0.5", "/gallery", host="pictures.example").status == 200


def test_a_page_removed_at_its_host_is_gone_at_the_cdn_too(world: World) -> None:
    world.remove("album.example/summer")
    replies = [fetch(world, at, "/summer", host="album.example") for at in ("127.30.0.7", "127.20.0.7")]
    assert [reply.status for reply in replies] == [404, 404]


def test_a_site_that_moved_is_at_its_new_host_only(world: World) -> None:
    assert fetch(world, "127.21.0.8", "/set", host="moving.example").status == 404
    world.move("moving.example")
    assert fetch(world, "127.21.0.8", "/set", host="moving.example").status == 200
    assert fetch(world, "127.10.0.8", "/set", host="moving.example").status == 404


def test_nothing_that_never_was_can_be_removed(world: World) -> None:
    with pytest.raises(LookupError):
        world.remove("http://pictures.example/never")


def test_latency_slows_every_host(settings: PracticeSettings) -> None:
    slow = PracticeSettings.on_free_ports(settings.folder, latency_seconds=0.5)
    with beside(slow) as world, pytest.raises(TimeoutError):
        fetch(world, "127.10.0.5", "/gallery", timeout=0.2)
