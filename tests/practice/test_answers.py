import gzip
import http.client
import time
import zlib
from contextlib import closing

import pytest
from tests.practice.clients import Reply, fetch

from lykta.practice.world import World

ODD = "127.22.0.5"


def odd(world: World, path: str, *, timeout: float = 3.0) -> Reply:
    return fetch(world, ODD, path, host="odd.example", timeout=timeout)


def test_a_compressed_page_unpacks(world: World) -> None:
    reply = odd(world, "/gzip")
    assert reply.headers["content-encoding"] == "gzip"
    assert b"A compressed page" in gzip.decompress(reply.body)


def test_the_bomb_unpacks_to_a_thousand_times_its_size(world: World) -> None:
    reply = odd(world, "/bomb")
    assert reply.headers["content-encoding"] == "gzip"
    assert len(reply.body) < 100_000
    unpacker = zlib.decompressobj(wbits=31)
    length = len(unpacker.decompress(reply.body, 1_000_000))
    while unpacker.unconsumed_tail:
        length += len(unpacker.decompress(unpacker.unconsumed_tail, 1_000_000))
    assert length == 64_000_000


def test_a_cut_page_sends_less_than_it_promised(world: World) -> None:
    with pytest.raises(http.client.IncompleteRead) as error:
        odd(world, "/length")
    assert error.value.partial == b"<title>Cut short</title>"


def test_a_slow_page_starts_and_does_not_end(world: World) -> None:
    with closing(http.client.HTTPConnection(ODD, world.settings.web_port, timeout=0.5)) as connection:
        connection.request("GET", "/slow", headers={"Host": "odd.example"})
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.read(1) == b"<"
        with pytest.raises(TimeoutError):
            answer.read()
        answer.close()


def test_a_silent_host_never_answers(world: World) -> None:
    with pytest.raises(TimeoutError):
        odd(world, "/silent", timeout=0.2)


def test_a_host_sends_more_header_than_a_client_should_take(world: World) -> None:
    with pytest.raises(http.client.LineTooLong):
        odd(world, "/headers")


def test_hostile_pages_do_not_slow_the_others(world: World) -> None:
    with pytest.raises(TimeoutError):
        odd(world, "/silent", timeout=0.1)
    began = time.monotonic()
    assert odd(world, "/gzip").status == 200
    assert time.monotonic() - began < 1
