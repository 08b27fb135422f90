import time

import pytest
from tests.practice.clients import fetch, send, send_raw
from tests.practice.sealed import sealed_mail

from lykta.practice.mail import POLICE
from lykta.practice.mailboxes import public_key
from lykta.practice.settings import PracticeSettings
from lykta.practice.world import World, beside

GALLERY = ("127.10.0.5", "/gallery", "pictures.example")
SUMMER = ("127.30.0.7", "/summer", "album.example")


def is_there(world: World, content: tuple[str, str, str]) -> bool:
    address, path, host = content
    return fetch(world, address, path, host=host).status == 200


@pytest.mark.parametrize(
    "written",
    [
        "http://pictures.example:18080/gallery",
        "hxxp://pictures[.]example[:]18080/gallery",
        "Address: hxxps://pictures[.]example/gallery.",
    ],
)
def test_a_host_removes_what_a_notice_names(world: World, written: str) -> None:
    assert is_there(world, GALLERY)
    send(world.settings, "abuse@nordhost.test", f"Please remove:\r\n{written}\r\nThank you.")
    assert not is_there(world, GALLERY)


def test_what_the_notice_does_not_name_stays(world: World) -> None:
    send(world.settings, "abuse@nordhost.test", "http://pictures.example/single.png")
    assert is_there(world, GALLERY)


@pytest.mark.parametrize("mailbox", ["abuse@fjardnat.test", "abuse@polderhost.test", "abuse@names.test", POLICE])
def test_others_than_the_host_remove_nothing(world: World, mailbox: str) -> None:
    send(world.settings, mailbox, "http://pictures.example/gallery")
    assert is_there(world, GALLERY)


@pytest.mark.parametrize("mailbox", ["abuse@veil-cdn.test", "abuse@polderhost.test"])
def test_behind_a_cdn_either_of_the_two_may_be_told(world: World, mailbox: str) -> None:
    send(world.settings, mailbox, "hxxp://album[.]example/summer")
    assert not is_there(world, SUMMER)


def test_a_site_that_moved_is_removed_by_nobody_who_had_it(world: World) -> None:
    world.move("moving.example")
    send(world.settings, "abuse@nordhost.test", "http://moving.example/set")
    assert is_there(world, ("127.21.0.8", "/set", "moving.example"))


def test_a_sealed_mail_to_the_police_removes_nothing(world: World) -> None:
    send_raw(world.settings, POLICE, sealed_mail("http://pictures.example/gallery", key=public_key("police")))
    assert is_there(world, GALLERY)


def test_a_host_that_never_acts_leaves_everything(settings: PracticeSettings) -> None:
    with beside(PracticeSettings.on_free_ports(settings.folder, removal_seconds=-1)) as world:
        send(world.settings, "abuse@nordhost.test", "http://pictures.example/gallery")
        assert is_there(world, GALLERY)


def test_a_slow_host_removes_later(settings: PracticeSettings) -> None:
    with beside(PracticeSettings.on_free_ports(settings.folder, removal_seconds=0.4)) as world:
        send(world.settings, "abuse@nordhost.test", "http://pictures.example/gallery")
        assert is_there(world, GALLERY)
        time.sleep(0.5)
        assert not is_there(world, GALLERY)


def test_a_removal_that_falls_into_a_pause_has_happened_at_the_next_run(settings: PracticeSettings) -> None:
    soon = PracticeSettings.on_free_ports(settings.folder, removal_seconds=0.2)
    with beside(soon) as world:
        send(world.settings, "abuse@nordhost.test", "http://pictures.example/gallery")
    time.sleep(0.3)
    with beside(soon) as world:
        assert not is_there(world, GALLERY)
