"""The looker with a browser behind it: its real processes, the jail that they are in, and nothing left of it."""

import hashlib
import io
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image
from tests.connectors.servers import NameServer, Site, http_answer, name_server

from lykta.connectors.contract import Final, Transient
from lykta.connectors.web import browser
from lykta.connectors.web.connector import RENDERER, WebLooker
from lykta.core.vocabulary import Outcome
from lykta.lib.guard import GuardPolicy

pytestmark = pytest.mark.journey

POLICY = GuardPolicy.read(only="127.10.0.0/16", ports="*")
SCRIPTED = b"""<title>x</title><div id=app></div><script>
document.title = 'An album';
document.body.innerHTML = '<p>Built by a script</p>' + '<img src=/1.png>';
</script>"""


@pytest.fixture(scope="module")
def names() -> Iterator[NameServer]:
    with name_server() as here:
        yield here


@pytest.fixture(scope="module")
def looker(names: NameServer) -> Iterator[WebLooker]:
    looker = WebLooker(policy=POLICY, resolvers=names.resolvers, timeout=5, max_bytes=500_000)
    yield looker
    looker.close()


def picture(marker: bytes = b"") -> bytes:
    written = io.BytesIO()
    Image.linear_gradient("L").save(written, "PNG")
    return written.getvalue() + marker


def family(number: int) -> list[int]:
    """A process and all that it has started."""
    found = [number]
    for child in Path(f"/proc/{number}/task/{number}/children").read_text().split():
        found += family(int(child))
    return found


def command(number: int) -> str:
    return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def facts(number: int) -> dict[str, str]:
    lines = Path(f"/proc/{number}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def wait_until_gone(processes: list[int]) -> None:
    end = time.monotonic() + 10
    while [number for number in processes if Path(f"/proc/{number}").exists()]:
        assert time.monotonic() < end, [command(number) for number in processes if Path(f"/proc/{number}").exists()]
        time.sleep(0.02)


def test_a_page_that_is_empty_without_its_scripts_is_looked_at_with_a_browser(looker: WebLooker, host: Site) -> None:
    host.answers = {"/": http_answer(SCRIPTED), "/1.png": http_answer(picture(), media_type="image/png")}
    look = looker.look(host.url())
    assert (look.outcome, look.title, look.media, look.sha256) == (Outcome.PRESENT, "An album", 1, "")
    assert (look.rendered, look.needs_browser, look.hosts) == (True, False, ("127.10.0.1",))
    assert [(hop.ip, hop.status) for hop in look.hops] == [("127.10.0.1", 200)]
    assert [(one.address, one.sha256) for one in look.fingerprints] == [
        (host.url("/1.png"), hashlib.sha256(picture()).hexdigest())
    ]


def test_a_script_may_be_all_that_says_that_nothing_is_there(looker: WebLooker, host: Site) -> None:
    host.answers["/"] = http_answer(b"<body><script>document.body.append('This page has been removed.')</script>")
    assert looker.look(host.url()).outcome is Outcome.MISSING


def test_a_page_that_leads_inside_by_script_is_refused(looker: WebLooker, host: Site) -> None:
    host.answers["/"] = http_answer(b"<script>location = 'http://169.254.169.254/latest/'</script>")
    look = looker.look(host.url())
    assert (look.outcome, look.rendered) == (Outcome.REFUSED, True)
    assert "metadata" in look.reason


def test_a_page_with_words_needs_no_browser_but_may_be_looked_at_with_one(looker: WebLooker, host: Site) -> None:
    host.answers["/"] = http_answer(b"<p>A page with more than a few words on it, and with no script.</p>")
    assert not looker.look(host.url()).rendered
    assert looker.render(host.url()).rendered


def test_where_no_browser_may_run_the_look_says_that_one_was_needed(host: Site, names: NameServer) -> None:
    looker = WebLooker(policy=POLICY, resolvers=names.resolvers, timeout=5, renders=False)
    host.answers["/"] = http_answer(SCRIPTED)
    try:
        look = looker.look(host.url())
        with pytest.raises(Final):
            looker.render(host.url())
    finally:
        looker.close()
    assert (look.outcome, look.needs_browser, look.rendered) == (Outcome.PRESENT, True, False)


def test_a_browser_that_gets_nowhere_leaves_what_came_without_it(looker: WebLooker, host: Site) -> None:
    answers = iter([http_answer(SCRIPTED)])
    host.answers["/"] = lambda connection: connection.sendall(next(answers, b""))
    look = looker.look(host.url())
    assert (look.outcome, look.rendered, look.needs_browser) == (Outcome.PRESENT, False, True)


@pytest.fixture
def marker() -> bytes:
    return random.randbytes(24).hex().encode()


@pytest.fixture
def held(looker: WebLooker, host: Site, marker: bytes) -> Iterator[list[int]]:
    """A browser in the middle of a marked page; all its processes, the renderer's first."""
    waiting, go_on = threading.Event(), threading.Event()

    def hold(connection: socket.socket) -> None:
        waiting.set()
        go_on.wait(20)

    host.answers = {"/": http_answer(b"<p>" + marker + SCRIPTED + b"<script src=/slow.js></script>"), "/slow.js": hold}
    with ThreadPoolExecutor(1) as threads:
        look = threads.submit(looker.render, host.url())
        assert waiting.wait(20)
        yield family(looker._processes[RENDERER].pid)
        go_on.set()
        assert isinstance(look.exception(timeout=40), Transient | None)


def test_the_browser_is_in_a_jail_of_its_own_and_has_a_sandbox_in_it(held: list[int]) -> None:
    browsers = [number for number in held if str(browser.PROGRAM) in command(number).split(" ")[0]]
    main = browsers[0]
    for kind in ("net", "mnt", "pid", "user", "ipc", "uts"):
        assert Path(f"/proc/{main}/ns/{kind}").readlink() != Path(f"/proc/self/ns/{kind}").readlink(), kind
    assert facts(main)["NoNewPrivs"] == "1"
    assert facts(main)["CapEff"] == "0000000000000000"
    assert "--no-sandbox" not in command(main)
    assert not [line for line in Path(f"/proc/{main}/net/dev").read_text().splitlines()[2:] if "lo:" not in line]
    pages = [number for number in browsers if "--type=renderer" in command(number)]
    # 2: a filter of system calls, which is Chromium's own (seccomp(2)).
    assert {facts(number)["Seccomp"] for number in pages} == {"2"}
    assert Path(f"/proc/{pages[0]}/ns/user").readlink() != Path(f"/proc/{main}/ns/user").readlink()


def test_the_browser_can_write_to_memory_only(held: list[int]) -> None:
    main = next(number for number in held if command(number).startswith(str(browser.PROGRAM)))
    lines = [line.split(" ") for line in Path(f"/proc/{main}/mountinfo").read_text().splitlines()]
    writable = {line[line.index("-") + 1] for line in lines if "rw" in line[5].split(",")}
    assert writable <= {"tmpfs", "proc", "devpts", "devtmpfs", "mqueue"}
    assert not [line for line in lines if line[4] in {"/home", "/root", "/var", "/etc"}]


def holds(path: Path, marker: bytes) -> bool:
    with suppress(OSError):  # somebody else's file, which has gone again
        return path.is_file() and marker in path.read_bytes()
    return False


def test_nothing_is_left_of_a_page_when_its_renderer_is_killed(held: list[int], marker: bytes) -> None:
    """Rule 2 of the house, for the browser: profile, cache and shared memory end with the process that started it."""
    temporary = Path("/tmp")  # noqa: S108 — looked into, not written
    before = set(temporary.iterdir())
    os.kill(held[0], signal.SIGKILL)
    wait_until_gone(held)
    places = [Path(name) for name in ("/dev/shm", "/var/tmp", "/var/crash")]  # noqa: S108
    places += [Path.home() / ".config", Path.home() / ".cache", *(set(temporary.iterdir()) - before)]
    assert not [path for place in places for path in (place, *place.rglob("*")) if holds(path, marker)]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where anything would lie that somebody writes beside us."""
    for name in ("HOME", "TMPDIR", "LYKTA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_marked_page_and_its_picture_are_kept_nowhere(
    host: Site,
    marker: bytes,
    home: Path,
    names: NameServer,
    capfd: pytest.CaptureFixture[str],
) -> None:
    host.answers = {
        "/": http_answer(SCRIPTED + b"<!-- " + marker + b" -->"),
        "/1.png": http_answer(picture(marker), media_type="image/png"),
    }
    looker = WebLooker(policy=POLICY, resolvers=names.resolvers, timeout=5, max_bytes=500_000)
    try:
        look = looker.look(host.url())
    finally:
        looker.close()
    assert look.fingerprints[0].sha256 == hashlib.sha256(picture(marker)).hexdigest()
    captured = capfd.readouterr()
    assert list(home.rglob("*")) == []
    assert marker not in repr(look).encode() + (captured.out + captured.err).encode()
    assert captured.err == ""


def test_closing_ends_every_browser(host: Site, names: NameServer) -> None:
    looker = WebLooker(policy=POLICY, resolvers=names.resolvers, timeout=5)
    started = threading.Event()

    def hold(connection: socket.socket) -> None:
        started.set()
        connection.recv(1)

    host.answers["/"] = hold
    with ThreadPoolExecutor(1) as threads:
        look = threads.submit(looker.render, host.url())
        assert started.wait(20)
        processes = family(looker._processes[RENDERER].pid)
        looker.close()
        assert isinstance(look.exception(timeout=10), Transient)
    wait_until_gone(processes)
