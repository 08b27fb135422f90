"""A look through the worker's socket: real processes, a host on loopback, and every way in which it can break off."""

import hashlib
import io
import json
import os
import signal
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.connectors.servers import Site, http_answer
from tests.support.drawings import draw, encoded

from lykta.connectors.console.connector import ConsoleViewer
from lykta.connectors.contract import Final, Transient, View, Viewer
from lykta.connectors.web import viewing
from lykta.connectors.web.connector import WebLooker
from lykta.connectors.web.local import fingerprint
from lykta.connectors.web.viewing import Porter, SocketViewer
from lykta.lib.guard import GuardPolicy
from lykta.practice.films import draw_film

PICTURE = encoded(draw("rings", seed=5, height=200, width=400))
POLICY = GuardPolicy(only=(ip_network("127.10.0.0/16"),), ports=None)


def look_at(address: str, **changes: Any) -> View:
    return View(**{"address": address, "page": "", "sha256": "", "side": 160, "gray": True, "blur": 12, **changes})


FACTS: dict[str, Any] = {"kind": "image/png", "sha256": "", "sha1": "", "md5": "", "hashes": [], "quality": 0}


def _said(**changes: Any) -> bytes:
    """What a viewer says before the picture."""
    return json.dumps({"problem": "", "length": 10, "facts": FACTS, **changes}).encode() + b"\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "looking" / "socket"


@pytest.fixture
def porter(place: Path) -> Iterator[Porter]:
    settings = WebLooker(policy=POLICY, resolvers=[], timeout=2, max_bytes=1_000_000).settings
    opened = Porter(place, settings)
    yield opened
    opened.close()


def _say_nothing(connection: socket.socket) -> None:
    connection.recv(1)


def console(_place: Path, host: Site) -> Viewer:
    return ConsoleViewer({host.url("/one.png"): b"a picture"})


def through_socket(place: Path, _host: Site) -> Viewer:
    return SocketViewer(place)


@pytest.mark.usefixtures("porter")
@pytest.mark.parametrize("make", [console, through_socket])
def test_a_viewer_shows_what_is_there_and_says_why_not(
    place: Path, host: Site, make: Callable[[Path, Site], Viewer]
) -> None:
    host.answers = {"/one.png": http_answer(PICTURE, media_type="image/png")}
    viewer = make(place, host)
    shown = viewer.show(look_at(host.url("/one.png")))
    assert len(b"".join(shown.pieces)) == shown.length
    assert shown.medium.address == host.url("/one.png")
    with pytest.raises(Final, match="404"):
        viewer.show(look_at(host.url("/gone.png")))


@pytest.mark.usefixtures("porter")
def test_a_film_is_shown_as_stills_and_what_has_changed_is_not_shown(place: Path, host: Site) -> None:
    film = draw_film("evening")
    host.answers = {"/film": http_answer(film, media_type="video/x-msvideo")}
    viewer = SocketViewer(place)
    shown = viewer.show(look_at(host.url("/film"), page="http://page.test/", sha256=hashlib.sha256(film).hexdigest()))
    assert (shown.medium.sha256, shown.medium.media_type) == (hashlib.sha256(film).hexdigest(), "video/x-msvideo")
    with Image.open(io.BytesIO(b"".join(shown.pieces))) as sheet:
        assert (sheet.mode, sheet.size) == ("L", (296, 96))
    assert "Referer: http://page.test/" in host.asked[0]
    with pytest.raises(Final, match="another file than when it was traced"):
        viewer.show(look_at(host.url("/film"), sha256="a" * 64))


@pytest.mark.usefixtures("porter")
def test_the_guard_stands_before_a_look_as_before_any_other(place: Path) -> None:
    with pytest.raises(Final, match="loopback"):
        SocketViewer(place).show(look_at("http://127.0.0.1/one.png"))


def test_a_look_whose_process_is_killed_is_broken_off_and_the_next_one_works_and_ends(
    place: Path, host: Site, porter: Porter
) -> None:
    reached = threading.Event()

    def silent(connection: socket.socket) -> None:
        reached.set()
        connection.recv(1)

    def kill() -> None:
        assert reached.wait(30)
        for viewer in porter.viewers():
            os.kill(viewer, signal.SIGKILL)

    host.answers = {"/slow": silent, "/one.png": http_answer(PICTURE, media_type="image/png")}
    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(Transient, match="broken off"):
        SocketViewer(place).show(look_at(host.url("/slow")))
    killer.join()
    shown = SocketViewer(place).show(look_at(host.url("/one.png")))
    assert shown.length > 100
    assert (shown.medium.sha256, shown.medium.quality) == (hashlib.sha256(PICTURE).hexdigest(), 100)
    assert shown.medium.pdq == fingerprint(PICTURE).pdq
    end = time.monotonic() + 30
    while porter.viewers():  # what a look held goes back to the machine with its process
        assert time.monotonic() < end
        time.sleep(0.01)


def test_only_owner_and_group_may_enter_and_what_a_killed_worker_left_is_replaced(place: Path) -> None:
    place.parent.mkdir(mode=0o750)
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(place))
    porter = Porter(place, WebLooker(policy=POLICY, resolvers=[]).settings)
    assert stat.S_ISSOCK(place.stat().st_mode)
    porter.close()
    assert not place.exists()
    assert stat.S_IMODE(place.parent.stat().st_mode) & 0o007 == 0
    with pytest.raises(Transient, match="worker does not run"):
        SocketViewer(place).show(look_at("http://a.test/"))


def test_a_look_that_takes_too_long_is_ended(place: Path, host: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewing, "SECONDS", 0.2)
    host.answers = {"/slow": _say_nothing}
    opened = Porter(place, WebLooker(policy=POLICY, resolvers=[]).settings)
    try:
        with pytest.raises(Transient, match="broken off"):
            SocketViewer(place).show(look_at(host.url("/slow")))
    finally:
        opened.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\n",
        b"[]\n",
        b"{}\n",
        b'{"problem": "", "length": 10}\n',
        _said(length=0),
        _said(length=99999999),
        _said(length="many"),
        _said(facts={**FACTS, "sha256": "<script>"}),
        _said(facts={**FACTS, "hashes": ["0" * 64] * 9}),
        _said(facts=[]),
    ],
)
def test_a_viewer_that_was_taken_over_cannot_hurt(tmp_path: Path, answer: bytes) -> None:
    with _answering(tmp_path / "socket", answer), pytest.raises(Transient, match="broken off"):
        SocketViewer(tmp_path / "socket").show(look_at("http://a.test/"))


def test_a_picture_that_ends_too_early_is_no_whole_answer(tmp_path: Path) -> None:
    with _answering(tmp_path / "socket", _said(length=10) + b"short"):
        shown = SocketViewer(tmp_path / "socket").show(look_at("http://a.test/"))
        with pytest.raises(Transient, match="broken off"):
            b"".join(shown.pieces)


class _answering:  # noqa: N801 — read as a word
    """Somebody at the other end of the socket who says this and no more."""

    def __init__(self, path: Path, answer: bytes) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen()
        self._thread = threading.Thread(target=self._answer, args=(answer,))

    def _answer(self, answer: bytes) -> None:
        connection, _ = self._socket.accept()
        with connection:
            connection.recv(10_000)
            connection.sendall(answer)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._socket.close()
