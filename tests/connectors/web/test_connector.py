"""The looker with its real processes, against hosts on loopback."""

import gzip
import hashlib
import os
import random
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from pathlib import Path

import numpy as np
import pytest
from tests.connectors.servers import Answer, NameServer, Site, http_answer, name_server, redirect, site
from tests.connectors.web.certificates import self_signed
from tests.support.drawings import draw, encoded, photo
from tests.support.films import raw_film

from lykta.connectors.contract import Hop, Look, Medium, Transient
from lykta.connectors.web.connector import FETCHER, WebLooker
from lykta.core.vocabulary import Outcome
from lykta.lib import sandbox
from lykta.lib.fingerprints import distance
from lykta.lib.guard import GuardPolicy

POLICY = GuardPolicy(only=(ip_network("127.10.0.0/16"),), ports=None)
PAGE = b"<title>A page</title><img src=a.png><img src=b.png><p>Hello</p>"


@pytest.fixture(scope="module")
def names() -> Iterator[NameServer]:
    with name_server() as here:
        yield here


def _looker(names: NameServer) -> Iterator[WebLooker]:
    looker = WebLooker(policy=POLICY, resolvers=names.resolvers, timeout=1.5, max_bytes=200_000)
    yield looker
    looker.close()


@pytest.fixture(scope="module")
def looker(names: NameServer) -> Iterator[WebLooker]:
    """One for all tests that do not harm it: starting its processes takes most of a second."""
    yield from _looker(names)


@pytest.fixture
def fresh(names: NameServer) -> Iterator[WebLooker]:
    yield from _looker(names)


def pid(looker: WebLooker) -> int:
    return looker._processes[FETCHER].pid


def test_a_page_is_described_without_a_byte_of_it(looker: WebLooker, host: Site, names: NameServer) -> None:
    names.records = {("a.test.", "A"): ["127.10.0.1"]}
    host.answers = {
        "/": redirect("/page"),
        "/page": http_answer(PAGE, headers={"Server": "tiny", "Set-Cookie": "no", "ETag": "e"}),
    }
    address = f"http://a.test:{host.port}/"
    assert looker.look(address) == Look(
        outcome=Outcome.PRESENT,
        hops=(
            Hop(address=address, ip="127.10.0.1", status=302),
            Hop(address=address + "page", ip="127.10.0.1", status=200),
        ),
        status=200,
        media_type="text/html",
        title="A page",
        length=len(PAGE),
        sha256=hashlib.sha256(PAGE).hexdigest(),
        media=2,
        pictures=2,
        fingerprints=tuple(
            Medium(address=f"{address}{name}", problem="the server answers 404") for name in ("a.png", "b.png")
        ),
        headers={"server": "tiny", "etag": "e", "content-type": "text/html", "content-length": str(len(PAGE))},
    )


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()


def _silent(connection: socket.socket) -> None:
    connection.recv(1)


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [
        (http_answer(b"x", status=404), Outcome.MISSING, "404"),
        (http_answer(b"x", status=410), Outcome.MISSING, "410"),
        (http_answer(b"<h1>Not found</h1>"), Outcome.MISSING, "says that it is not there"),
        (http_answer(b"<input type=password>"), Outcome.LOCKED, "password"),
        (http_answer(b"x", status=403), Outcome.LOCKED, "403"),
        (http_answer(b"x", status=503), Outcome.NO_ANSWER, "503"),
        (
            http_answer(gzip.compress(bytes(5_000_000), mtime=0), headers={"Content-Encoding": "gzip"}),
            Outcome.REFUSED,
            "more",
        ),
        (redirect("/"), Outcome.REFUSED, "without end"),
        (redirect("http://127.0.0.1/"), Outcome.REFUSED, "loopback"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", Outcome.NO_ANSWER, "broke off"),
        (_reset, Outcome.NO_ANSWER, "broke off"),
        (_silent, Outcome.NO_ANSWER, "1.5 seconds"),
    ],
)
def test_what_the_far_side_does_becomes_an_outcome(
    looker: WebLooker, host: Site, answer: Answer | Callable[[socket.socket], None], outcome: Outcome, reason: str
) -> None:
    host.answers["/"] = answer
    look = looker.look(host.url())
    assert look.outcome is outcome
    assert reason in look.reason


@pytest.mark.parametrize(
    ("address", "outcome"),
    [
        ("http://nowhere.test/", Outcome.NO_NAME),
        ("http://127.0.0.1/", Outcome.REFUSED),
        ("http://a.onion/", Outcome.REFUSED),
        ("not an address", Outcome.REFUSED),
        ("http://nowhere.test/\n{}", Outcome.NO_NAME),
        ("http://a.test/" + "x" * 10_000, Outcome.REFUSED),
    ],
)
def test_an_address_that_leads_nowhere_becomes_an_outcome(looker: WebLooker, address: str, outcome: Outcome) -> None:
    assert looker.look(address).outcome is outcome


def test_of_a_film_longer_than_the_bound_there_is_a_length_but_no_digest(looker: WebLooker, host: Site) -> None:
    host.answers["/"] = http_answer(b"x" * 300_000, media_type="video/mp4")
    look = looker.look(host.url())
    assert (look.outcome, look.sha256, look.length) == (Outcome.PRESENT, "", None)
    assert look.headers["content-length"] == "300000"


def test_a_bad_certificate_does_not_hide_what_is_there(looker: WebLooker, tmp_path: Path) -> None:
    with site(tls=self_signed(tmp_path)) as host:
        host.answers["/"] = http_answer(PAGE)
        assert looker.look(host.url()).outcome is Outcome.PRESENT


def test_the_pictures_and_the_films_that_a_page_names_are_fingerprinted(looker: WebLooker, host: Site) -> None:
    pixels = photo(1, height=90, width=120)
    picture, moving = encoded(pixels, "JPEG"), raw_film([pixels, pixels[::-1]])
    host.answers = {
        "/p/": http_answer(b"<html lang=sv><img src=a.jpg><video src=/v.avi></video><img src=gone.png>"),
        "/p/a.jpg": http_answer(picture, media_type="text/plain"),
        "/v.avi": http_answer(moving, media_type="video/x-msvideo"),
    }
    look = looker.look(host.url("/p/"))
    film, still, gone = look.fingerprints
    assert (look.outcome, look.language, look.pictures, look.films) == (Outcome.PRESENT, "sv", 2, 1)
    assert (film.address, film.media_type, film.length) == (host.url("/v.avi"), "video/x-msvideo", len(moving))
    assert (still.media_type, still.width, still.height, still.problem) == ("image/jpeg", 120, 90, "")
    assert still.sha1 == hashlib.sha1(picture, usedforsecurity=False).hexdigest()
    assert still.md5 == hashlib.md5(picture, usedforsecurity=False).hexdigest()
    assert [distance(frame.pdq, still.pdq[which]) <= 31 for frame, which in zip(film.frames, (0, 4), strict=True)] == [
        True,
        True,
    ]
    assert gone == Medium(address=host.url("/p/gone.png"), problem="the server answers 404")
    assert all(f"Referer: {host.url('/p/')}" in head for head in host.asked[1:])


def test_a_reported_picture_is_fingerprinted_itself(looker: WebLooker, host: Site) -> None:
    host.answers["/a"] = http_answer(encoded(photo(2, height=90, width=120)), media_type="image/jpeg")
    look = looker.look(host.url("/a"))
    (medium,) = look.fingerprints
    assert (medium.address, medium.sha256, medium.media_type) == (host.url("/a"), look.sha256, "image/png")
    assert len(medium.pdq) == 8


def test_a_picture_that_claims_a_thousand_million_pixels_is_refused_and_its_digest_kept(
    looker: WebLooker, host: Site
) -> None:
    flood = encoded(np.zeros((9, 9, 3), np.uint8), "BMP")
    flood = flood[:18] + (40_000).to_bytes(4, "little") * 2 + flood[26:]
    host.answers["/a"] = http_answer(flood, media_type="image/bmp")
    (medium,) = looker.look(host.url("/a")).fingerprints
    assert medium.problem == "has more than 50000000 pixels"
    assert (medium.sha256, medium.pdq) == (hashlib.sha256(flood).hexdigest(), ())


def test_what_a_host_shows_under_every_name_is_taken_for_missing(looker: WebLooker, host: Site) -> None:
    page = http_answer(b"<title>Welcome</title><p>Nothing has this name, but that we say in no list of words.</p>")

    class Everything(dict[str, Answer]):
        def get(self, path: str, default: Answer = b"") -> Answer:  # type: ignore[override]
            return page

    host.answers = Everything()
    look = looker.look(host.url("/album/1.html"))
    assert (look.outcome, look.reason) == (
        Outcome.MISSING,
        "the host answers the same for an address that cannot be there",
    )
    looker.look(host.url("/album/2.html"))
    assert len(host.asked) == 3
    assert looker.look(host.url("/")).outcome is Outcome.PRESENT


def test_threads_look_at_the_same_time(looker: WebLooker, host: Site) -> None:
    together = threading.Barrier(6)

    def wait_for_all(connection: socket.socket) -> None:
        together.wait(timeout=5)
        connection.sendall(http_answer(PAGE))

    host.answers["/"] = wait_for_all
    with ThreadPoolExecutor(6) as threads:
        looks = list(threads.map(lambda _: looker.look(host.url()), range(6)))
    assert {look.outcome for look in looks} == {Outcome.PRESENT}


def test_a_killed_fetcher_is_replaced_and_the_look_may_be_tried_again(fresh: WebLooker, host: Site) -> None:
    asked = threading.Event()
    go_on = threading.Event()

    def hold(connection: socket.socket) -> None:
        asked.set()
        go_on.wait(5)

    host.answers = {"/slow": hold, "/": http_answer(PAGE)}
    with ThreadPoolExecutor(1) as threads:
        look = threads.submit(fresh.look, host.url("/slow"))
        assert asked.wait(5)
        before = pid(fresh)
        os.kill(before, signal.SIGKILL)
        with pytest.raises(Transient):
            look.result(timeout=5)
    go_on.set()
    assert fresh.look(host.url()).outcome is Outcome.PRESENT
    assert pid(fresh) != before


def test_a_fetcher_that_talks_nonsense_is_ended(fresh: WebLooker, monkeypatch: pytest.MonkeyPatch, host: Site) -> None:
    real = sandbox.python_command
    nonsense = [real("x")[0], "-I", "-c", "input(); print('nonsense', flush=True); input()"]
    monkeypatch.setattr(sandbox, "python_command", lambda *_: nonsense)
    with pytest.raises(Transient):
        fresh.look(host.url())
    monkeypatch.setattr(sandbox, "python_command", real)
    host.answers["/"] = http_answer(PAGE)
    assert fresh.look(host.url()).outcome is Outcome.PRESENT


def test_a_fetcher_that_hangs_is_ended(fresh: WebLooker, monkeypatch: pytest.MonkeyPatch, host: Site) -> None:
    command = [sandbox.python_command("x")[0], "-I", "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(sandbox, "python_command", lambda *_: command)
    monkeypatch.setattr(fresh, "_patience", 0.3)
    with pytest.raises(Transient, match="did not answer"):
        fresh.look(host.url())


def test_the_fetcher_has_given_up_its_powers(fresh: WebLooker, host: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LYKTA_SECRET", "planted")
    fresh.look(host.url())
    folder = Path(f"/proc/{pid(fresh)}")
    limits = {line[:26].strip(): line[26:].split()[:2] for line in (folder / "limits").read_text().splitlines()}
    assert limits["Max file size"] == limits["Max core file size"] == ["0", "0"]
    assert limits["Max address space"] != ["unlimited", "unlimited"]
    assert "NoNewPrivs:\t1" in (folder / "status").read_text()
    if os.geteuid() == 0:
        assert (folder / "cwd").readlink() == Path("/")
        assert b"LYKTA" not in (folder / "environ").read_bytes()
    else:
        with pytest.raises(PermissionError):  # not dumpable: even the same user may not look inside
            (folder / "environ").read_bytes()


def test_closing_ends_all_processes(fresh: WebLooker, host: Site) -> None:
    host.answers["/"] = http_answer(PAGE)
    fresh.look(host.url())
    children = Path(f"/proc/{pid(fresh)}/task/{pid(fresh)}/children").read_text().split()
    before = pid(fresh)
    fresh.close()
    assert children
    assert not [process for process in [str(before), *children] if Path(f"/proc/{process}").exists()]


def test_a_marked_picture_is_seen_and_kept_nowhere(
    names: NameServer,
    host: Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Rule 2 of the house: the bytes of a reported address exist in the memory of the sandbox alone."""
    marker = random.randbytes(24).hex().encode()
    picture, moving, page = _marked(marker)
    host.answers = {
        "/a.png": http_answer(picture, media_type="image/png"),
        "/b.avi": http_answer(moving, media_type="video/x-msvideo"),
        "/": http_answer(page),
    }
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("LYKTA_HOME", str(home))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    looker = WebLooker(policy=POLICY, resolvers=names.resolvers, timeout=2)
    try:
        assert looker.look(host.url("/a.png")).sha256 == hashlib.sha256(picture).hexdigest()
        look = looker.look(host.url())
        assert look.sha256 == hashlib.sha256(page).hexdigest()
        film, still = look.fingerprints
        assert (len(film.frames), len(still.pdq)) == (2, 8)
        _kill_while_looking(looker, host)
    finally:
        looker.close()
    captured = capfd.readouterr()
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert marker not in repr(look).encode() + b"".join(kept) + (captured.out + captured.err).encode()
    assert captured.err == ""


def _marked(marker: bytes) -> tuple[bytes, bytes, bytes]:
    """A picture and a film whose first pixels and comments carry the marker, and a page that names both."""
    pixels = draw("rings", seed=1, height=60, width=90)
    pixels[0, : len(marker) // 3] = np.frombuffer(marker, np.uint8).reshape(-1, 3)
    film = raw_film([pixels[:, :, ::-1], pixels[::-1, :, ::-1]])
    assert marker in film
    page = b"<title>ordinary</title><!-- " + marker + b" --><img src=a.png><video src=b.avi>"
    return encoded(pixels) + marker, film, page


def _kill_while_looking(looker: WebLooker, host: Site) -> None:
    """End the fetcher as the machine's memory guard would, while it holds a page and waits for its picture."""
    asked = threading.Event()

    def hold(_: socket.socket) -> None:
        asked.set()
        threading.Event().wait(1)

    host.answers["/a.png"] = hold
    with ThreadPoolExecutor(1) as threads:
        look = threads.submit(looker.look, host.url())
        assert asked.wait(5)
        os.kill(pid(looker), signal.SIGKILL)
        with pytest.raises(Transient):
            look.result(timeout=5)
