import asyncio
import gc
import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from tests.practice.clients import ask, fetch, rdap, send, values

from lykta.practice.mail import POLICE
from lykta.practice.settings import HOME, REGISTRY, PracticeSettings
from lykta.practice.world import World, beside

RUN = """
import sys
from pathlib import Path
from lykta.practice.settings import PracticeSettings
from lykta.practice.world import run
dns, web, rdap, smtp, page = map(int, sys.argv[2:])
run(PracticeSettings(
    folder=Path(sys.argv[1]), dns_port=dns, web_port=web, rdap_port=rdap, smtp_port=smtp, page_port=page
))
"""


def doors(settings: PracticeSettings) -> list[tuple[str, int]]:
    return [
        (HOME, settings.dns_port),
        ("127.10.0.5", settings.web_port),
        ("127.30.0.7", settings.web_port),
        (REGISTRY, settings.rdap_port),
        (HOME, settings.smtp_port),
        (HOME, settings.page_port),
    ]


def is_open(door: tuple[str, int]) -> bool:
    with socket.socket() as visitor:
        visitor.settimeout(1)
        return visitor.connect_ex(door) == 0


def open_sockets() -> set[str]:
    """The sockets of this process, by inode."""
    links = (read_link(link) for link in Path("/proc/self/fd").iterdir())
    return {link for link in links if link.startswith("socket:")}


def read_link(path: Path) -> str:
    """The listing itself is open while it is read, and closed when its own link is followed."""
    try:
        return str(path.readlink())
    except FileNotFoundError:
        return ""


def test_the_world_starts_within_a_second(settings: PracticeSettings) -> None:
    began = time.monotonic()
    with beside(settings):
        assert time.monotonic() - began < 1
        assert all(is_open(door) for door in doors(settings))


def test_the_world_listens_on_loopback_only(world: World) -> None:
    ours = {world.settings.dns_port, world.settings.web_port, world.settings.rdap_port, world.settings.page_port}
    listening = [
        line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if line.split()[3] == "0A"
    ]
    bound = [address for address, _, port in (entry.partition(":") for entry in listening) if int(port, 16) in ours]
    assert len(bound) > 10
    assert all(int(address[-2:], 16) == 127 for address in bound)


def test_a_stopped_world_leaves_no_door_no_socket_and_no_thread(settings: PracticeSettings) -> None:
    sockets, threads = open_sockets(), threading.active_count()
    with beside(settings) as world:
        assert values(ask(world, "pictures.example"))
        assert fetch(world, "127.10.0.5", "/gallery").status == 200
        assert rdap(world, "/ip/127.10.0.5").status == 200
        send(settings, POLICE, "Hello")
    gc.collect()
    assert not any(is_open(door) for door in doors(settings))
    assert open_sockets() <= sockets
    assert threading.active_count() == threads


def test_a_stopped_world_leaves_no_task(settings: PracticeSettings) -> None:
    async def visit() -> set[asyncio.Task[object]]:
        async with World(settings):
            visitors = [await asyncio.open_connection(*door) for door in doors(settings)]
            await asyncio.sleep(0.05)
        for _, writer in visitors:
            writer.close()
        await asyncio.sleep(0)
        return asyncio.all_tasks() - {asyncio.current_task()}

    assert asyncio.run(visit(), debug=True) == set()


def test_visitors_who_hold_on_do_not_keep_the_world_from_stopping(settings: PracticeSettings) -> None:
    with beside(settings) as world:
        held = [socket.create_connection(door, timeout=3) for door in doors(settings)]
        slow = socket.create_connection(("127.22.0.5", world.settings.web_port), timeout=3)
        slow.sendall(b"GET /slow HTTP/1.1\r\nHost: odd.example\r\n\r\n")
        assert slow.recv(10)
        began = time.monotonic()
    assert time.monotonic() - began < 1
    for visitor in (*held, slow):
        visitor.close()


def test_a_world_can_be_stopped_twice(settings: PracticeSettings) -> None:
    async def stop_twice() -> None:
        world = World(settings)
        await world.start()
        await world.stop()
        await world.stop()

    asyncio.run(stop_twice())
    assert not any(is_open(door) for door in doors(settings))


def test_a_world_starts_again_on_the_same_ports(settings: PracticeSettings) -> None:
    for _ in range(3):
        with beside(settings) as world:
            assert fetch(world, "127.10.0.5", "/gallery").status == 200


@pytest.mark.parametrize("door", range(6))
def test_a_port_that_is_taken_stops_the_whole_start(settings: PracticeSettings, door: int) -> None:
    taken = doors(settings)[door]
    with socket.socket() as other:
        other.bind(taken)
        other.listen()
        with pytest.raises(OSError, match="in use"), beside(settings):
            pass
        assert not any(is_open(each) for each in doors(settings) if each != taken)


def test_a_second_run_keeps_what_the_first_changed(settings: PracticeSettings) -> None:
    with beside(settings) as first:
        first.remove("pictures.example/gallery")
        first.move("moving.example")
        send(settings, POLICE, "Hello")
    with beside(settings) as second:
        assert fetch(second, "127.10.0.5", "/gallery").status == 404
        assert values(ask(second, "moving.example")) == ["127.21.0.8"]
        assert len(second.mails(POLICE)) == 1


def test_two_worlds_stand_side_by_side(settings: PracticeSettings, tmp_path: Path) -> None:
    other_settings = PracticeSettings.on_free_ports(tmp_path / "other")
    with beside(settings) as one, beside(other_settings) as other:
        one.remove("pictures.example/gallery")
        assert fetch(one, "127.10.0.5", "/gallery").status == 404
        assert fetch(other, "127.10.0.5", "/gallery").status == 200


def test_verbs_may_be_called_from_many_threads(world: World) -> None:
    places = [f"odd.example/many/{number}.png" for number in range(1, 41)]
    threads = [threading.Thread(target=world.remove, args=(place,)) for place in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {fetch(world, "127.22.0.5", f"/many/{number}.png").status for number in range(1, 41)} == {404}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_process_serves_until_it_is_told_to_end(settings: PracticeSettings, number: signal.Signals) -> None:
    ports = [settings.dns_port, settings.web_port, settings.rdap_port, settings.smtp_port, settings.page_port]
    command = [sys.executable, "-W", "error", "-c", RUN, str(settings.folder), *map(str, ports)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as process:
        deadline = time.monotonic() + 20
        while not all(is_open(door) for door in doors(settings)):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        with smtplib.SMTP(HOME, settings.smtp_port, timeout=3) as held:
            held.noop()
            process.send_signal(number)
            _, complaints = process.communicate(timeout=10)
        assert (process.returncode, complaints) == (0, b"")
    assert not any(is_open(door) for door in doors(settings))
