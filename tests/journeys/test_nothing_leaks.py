"""What must never be: a picture's bytes at rest, a public face that can read, a reporter's address in a log."""

import hashlib
import http.client
import json
import os
import shutil
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright
from tests.journeys.looker import look_blurred, look_through_a_circle, reach_the_limit
from tests.journeys.tour import FLAGS, log_in
from tests.support.installation import Installation, installation

from lykta.core.vocabulary import Asked, Topic
from lykta.practice.pictures import MARKER

pytestmark = pytest.mark.journey
SECRET = "a-word-that-only-staff-may-read"
CONTACT = "somebody@reporter.example"
AGENT = "PlantedUserAgent/77.7"
FORWARDED = "198.51.100.77"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One installation that has received and traced two pages, a picture and a film, all marked.

    A fourth report was left, and the process that fetched was ended as the machine's memory guard would.
    """
    with installation(tmp_path_factory.mktemp("leaks") / "home") as made:
        port = made.port("practice_web")
        made.report(f"{SECRET} http://pictures.example:{port}/gallery", contact=CONTACT)
        made.report(f"{SECRET} http://pictures.example:{port}/gallery/1.png", contact=CONTACT)
        made.report(f"{SECRET} http://pictures.example:{port}/evening", contact=CONTACT)
        left = {Asked.TOPIC: Topic.OTHER, Asked.WORDS: SECRET, Asked.WHERE: SECRET}
        next(shown for shown in made.pages(left) if shown.name == Asked.CONTACT)
        end = time.monotonic() + 60
        while made.sql("casebook", "SELECT count(*) FROM cases_item WHERE state = 'ready'") != [(3,)]:
            assert time.monotonic() < end, made.log()[-3000:]
            time.sleep(0.2)
        for fetcher in children_of(made.processes()["work"]):
            os.kill(fetcher, signal.SIGKILL)
        yield made


def children_of(numbers: Iterable[int]) -> list[int]:
    files = (Path(f"/proc/{number}/task") for number in numbers)
    return [
        int(child) for tasks in files for task in tasks.iterdir() for child in (task / "children").read_text().split()
    ]


def test_pictures_and_films_are_known_by_fingerprints_that_no_byte_can_be_made_of(running: Installation) -> None:
    looks = [
        json.loads(facts)
        for (facts,) in running.sql("casebook", "SELECT facts FROM tracing_observation WHERE what = 'look'")
    ]
    media = {
        medium["address"].rpartition("example")[2].partition("/")[2]: medium
        for look in looks
        for medium in look["fingerprints"]
    }
    assert {"gallery/1.png", "evening/1.png", "evening/film.avi"} <= set(media)
    assert len(media["gallery/1.png"]["pdq"]) == 8
    assert (
        media["gallery/1.png"]["sha1"]
        == hashlib.sha1(picture(running, "/gallery/1.png"), usedforsecurity=False).hexdigest()
    )
    assert len(media["evening/film.avi"]["frames"]) == 3


def picture(running: Installation, path: str) -> bytes:
    """What the practice host answers to anybody."""
    connection = http.client.HTTPConnection("127.10.0.5", running.port("practice_web"), timeout=10)
    connection.request("GET", path, headers={"Host": f"pictures.example:{running.port('practice_web')}"})
    body = connection.getresponse().read()
    connection.close()
    return body


def test_the_marked_picture_is_really_there_and_was_really_fetched(running: Installation) -> None:
    assert MARKER in picture(running, "/gallery/1.png")
    rows = running.sql("casebook", "SELECT media_type, sha256 FROM tracing_trace WHERE media_type LIKE 'image/%'")
    assert len(rows) == 1
    assert len(rows[0][1]) == 64


def test_no_byte_of_a_picture_is_at_rest_anywhere(running: Installation) -> None:
    body = picture(running, "/gallery/1.png")
    inner = middle(body)
    searched = 0
    for path, content in running.at_rest():
        searched += 1
        assert MARKER not in content, f"the marked picture lies in {path}"
        assert inner not in content, f"a part of the marked picture lies in {path}"
    assert searched > 10


def test_what_an_analyst_looked_at_is_nowhere_and_the_limit_ends_the_day(running: Installation, tmp_path: Path) -> None:
    item, shown, profile = item_of(running, "/gallery/1.png"), list[bytes](), tmp_path / "profile"
    original = middle(picture(running, "/gallery/1.png"))
    with sync_playwright() as play:
        path = shutil.which("chromium")
        window = play.chromium.launch_persistent_context(profile, executable_path=path, args=FLAGS)
        page = window.new_page()
        page.set_default_timeout(20_000)
        page.on("response", lambda answer: shown.append(answer.body()) if "picture" in answer.url else None)
        log_in(page, running, "anna")
        page.goto(running.url("desk") + item)
        look_blurred(page)
        assert lies_in(running, profile, [MARKER, original, middle(shown[0])]) == []
        page.keyboard.press("Escape")
        expect(page).to_have_url(running.url("desk") + item)
        look_through_a_circle(page)
        page.keyboard.press("h")
        expect(page).to_have_url(running.url("desk") + item)
        reach_the_limit(page, running.url("desk"), item)
        window.close()
    assert len(shown) == 2
    assert lies_in(running, profile, [MARKER, original, middle(shown[0])]) == []
    assert lies_in(running, profile, [f"{item}look/".encode()]), "the search of the browser's profile finds nothing"
    for name in ("work", "serve desk"):
        assert not [number for number in running.processes()[name] if original in memory_of(number)], name
    audit = running.sql("casebook", "SELECT word FROM audit_entry WHERE word IN ('item.shown', 'look.ended')")
    assert audit == [("item.shown",), ("look.ended",)] * 2


def item_of(running: Installation, path: str) -> str:
    """Where the desk shows the item with this path."""
    [(number,)] = running.sql("casebook", "SELECT id FROM cases_item WHERE address LIKE ?", f"%{path}")
    return f"/items/{number}/"


def middle(body: bytes) -> bytes:
    assert len(body) > 200
    return body[len(body) // 2 :][:24]


def lies_in(running: Installation, profile: Path, planted: list[bytes]) -> list[Path]:
    """Where any of this lies: in a file, a database, a log, an open memory file, or the browser's profile."""
    kept = [(path, path.read_bytes()) for path in profile.rglob("*") if path.is_file()]
    return [path for path, content in [*running.at_rest(), *kept] if any(one in content for one in planted)]


def test_what_a_reporter_said_is_nowhere_in_clear(running: Installation) -> None:
    for path, content in running.at_rest():
        assert SECRET.encode() not in content, f"a reporter's words lie in {path}"
        assert CONTACT.encode() not in content, f"a reporter's contact lies in {path}"


def test_no_core_dump_was_left(running: Installation) -> None:
    assert not [path for path in running.home.rglob("core*") if path.is_file()]


@pytest.mark.parametrize("face", ["report", "partners", "pages"])
def test_a_public_face_holds_nothing_that_reads(running: Installation, face: str) -> None:
    """Whoever takes the process over finds no open case, no key that opens, no way to the casebook."""
    numbers = running.processes()[f"serve {face}"]
    assert numbers
    key = (running.home / "keys" / "hotline.key").read_bytes()
    for number in numbers:
        opened = [str(handle.readlink()) for handle in Path(f"/proc/{number}/fd").iterdir()]
        assert not [name for name in opened if "casebook" in name or "keyring" in name or "hotline.key" in name]
        assert key not in memory_of(number)


def test_the_search_of_memory_finds_what_is_there(running: Installation) -> None:
    """The control: the worker does hold the key, and the same search finds it."""
    key = (running.home / "keys" / "hotline.key").read_bytes()
    (number,) = running.processes()["work"]
    assert key in memory_of(number)


def memory_of(number: int) -> bytes:
    """All writable memory of a process, as root or the same user may read it."""
    found = bytearray()
    with Path(f"/proc/{number}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{number}/maps").read_text().splitlines():
            span, rights = line.split()[:2]
            if not rights.startswith("rw") or "[v" in line:
                continue
            start, end = (int(word, 16) for word in span.split("-"))
            memory.seek(start)
            try:
                found += memory.read(end - start)
            except OSError:
                continue
    return bytes(found)


def test_nothing_about_a_visitors_machine_is_kept(running: Installation) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", running.port("report"), timeout=10)
    for path in ("/", "/en/", "/en/tell/", "/nothing-here/", "/en/mailbox/"):
        connection.request("GET", path, headers={"User-Agent": AGENT, "X-Forwarded-For": FORWARDED})
        connection.getresponse().read()
    connection.close()
    for place, content in running.at_rest():
        assert AGENT.encode() not in content, f"a user agent lies in {place}"
        assert FORWARDED.encode() not in content, f"an address lies in {place}"


@pytest.mark.parametrize("face", ["report", "partners", "pages"])
def test_public_pages_set_no_cookie_and_name_nobody_else(running: Installation, face: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", running.port(face), timeout=10)
    connection.request("GET", "/en/")
    response = connection.getresponse()
    page = response.read().decode()
    connection.close()
    assert response.status in {200, 301, 302}
    assert response.getheader("Set-Cookie") is None
    policy = response.getheader("Content-Security-Policy") or ""
    assert policy.startswith("default-src 'none'")
    own = {running.url(one) for one in ("report", "partners", "pages")}
    linked = {word.split("/", 3)[2] for word in page.split('"') if word.startswith(("http://", "https://"))}
    assert linked <= {one.removeprefix("http://") for one in own} | {"www.google.com", "www.wikipedia.org"}
