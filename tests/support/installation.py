"""A whole Lykta of real processes in a throw-away LYKTA_HOME on free ports, for journeys, crashes and benchmarks."""

import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from lykta.core import asking
from lykta.core.asking import Answers
from lykta.core.vocabulary import Asked, Topic

Form = Mapping[str, str] | Sequence[tuple[str, str]]
ROOT = Path(__file__).resolve().parents[2]
PORTS = (
    "PAGES_PORT",
    "REPORT_PORT",
    "DESK_PORT",
    "PARTNERS_PORT",
    "PRACTICE_PORT",
    "PRACTICE_DNS_PORT",
    "PRACTICE_WEB_PORT",
    "PRACTICE_RDAP_PORT",
    "PRACTICE_SMTP_PORT",
)
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_CODE = re.compile(r"\b[0-9A-Z]{4}(?:[-\s]+[0-9A-Z]{4}){5}[-\s]+[0-9A-Z]{3}\b")
_TAGS = re.compile(r"<[^>]+>")
_NETWORKS = count(60 * 256)
"""The middle two numbers of 127.60.0.1 and onwards: a network of its own for each that asks, all of them here."""


@dataclass(frozen=True)
class Shown:
    """A page of the form: which one, and what was answered to the request for it."""

    name: str
    status: int
    source: str

    def answered(self, said: Answers, step: str) -> list[tuple[str, str]]:
        """What a browser sends from here: its `step` is what the page asks or tells, or `check`."""
        if step == "check":
            return [*_hidden(self.source), ("step", "send")]
        answers = said.get(Asked(step), "") if step in set(Asked) else ""
        typed = answers.split() if step in asking.SEVERAL else [answers] if answers else []
        return [*_hidden(self.source), *(("answer", one) for one in typed), ("step", "go")]


@dataclass
class Installation:
    """`lykta init --practice` and `lykta up --practice`, and a way to ask each face."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    def __post_init__(self) -> None:
        if not self.settings.get("LYKTA_REPORT_PORT"):
            self.settings |= {f"LYKTA_{name}": str(port) for name, port in zip(PORTS, _free_ports(), strict=True)}

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("LYKTA_", "DJANGO_"))}
        inherited["PYTHONPATH"] = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
        # Beside the source, as in other tests: each home would compile for itself otherwise, for seven seconds.
        inherited["NUMBA_CACHE_DIR"] = ""
        return {**inherited, "LYKTA_HOME": str(self.home), "PYTHONUNBUFFERED": "1", **self.settings}

    def port(self, face: str) -> int:
        return int(self.settings[f"LYKTA_{face.upper()}_PORT"])

    def url(self, face: str) -> str:
        return f"http://127.0.0.1:{self.port(face)}"

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a `lykta` command to its end."""
        command = [sys.executable, "-m", "lykta", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=120)
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def start(self) -> None:
        self.run("init", "--practice")
        log = (self.home / "log.txt").open("a")
        command = [sys.executable, "-m", "lykta", "up", "--practice"]
        self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, text=True)
        log.close()
        self.wait_for_all()

    def wait_for_all(self, seconds: float = 60) -> None:
        for face in ("pages", "report", "desk", "partners", "practice"):
            self.wait_for(face, seconds)

    def wait_for(self, face: str, seconds: float = 60) -> None:
        """Until a face answers."""
        end = time.monotonic() + seconds
        while True:
            try:
                self.ask("GET", face, "/")
            except (OSError, http.client.HTTPException):
                if time.monotonic() > end:
                    raise AssertionError(f"{face} does not answer:\n{self.log()[-4000:]}") from None
                time.sleep(0.05)
            else:
                return

    def stop(self) -> int:
        """Ask everything to end, and wait until it has."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=40)
        self.process = None
        return code

    def log(self) -> str:
        return (self.home / "log.txt").read_text(errors="replace")

    def processes(self) -> dict[str, list[int]]:
        """The running process numbers by name: report, worker and so on; a server's own workers are its children."""
        found: dict[str, list[int]] = {}
        marker = f"LYKTA_HOME={self.home}".encode()
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                if marker not in (entry / "environ").read_bytes().split(b"\0"):
                    continue
                words = (entry / "cmdline").read_text().split("\0")
            except OSError:
                continue
            if "lykta" in words:
                name = " ".join(
                    word for word in words[words.index("lykta") + 1 :] if word and word[0] != "-" and not word.isdigit()
                )
                found.setdefault(name, []).append(int(entry.name))
        return found

    def at_rest(self) -> Iterator[tuple[Path, bytes]]:
        """Every file of the installation, and the memory files that its processes hold open."""
        for path in self.home.rglob("*"):
            if path.is_file():
                yield path, path.read_bytes()
        for numbers in self.processes().values():
            for number in numbers:
                for handle in Path(f"/proc/{number}/fd").iterdir():
                    target = handle.readlink()
                    if target.is_file() and self.home not in target.parents and "/dev/" not in str(target):
                        yield target, target.read_bytes()

    def ask(
        self, method: str, face: str, path: str, form: Form | None = None, *, source: str = "127.0.0.1"
    ) -> tuple[int, str]:
        """One request on a connection of its own, from a loopback address: (status, page)."""
        visitor = (source, 0)
        connection = http.client.HTTPConnection("127.0.0.1", self.port(face), timeout=30, source_address=visitor)
        try:
            return _ask(connection, method, path, form)
        finally:
            connection.close()

    def report(self, text: str, *, source: str = "", contact: str = "") -> str:
        """Tell something in one's own words; returns the receipt code. `source` is as in `pages`."""
        said = {Asked.TOPIC: Topic.OTHER, Asked.DANGER: "no", Asked.WORDS: text, Asked.CONTACT: contact}
        *_, receipt = self.pages(said, source=source)
        return receipt_code(receipt.source)

    def pages(self, said: Answers, *, language: str = "en", source: str = "") -> Iterator[Shown]:
        """Go through the form as a browser without script does: each page as it came, before it is answered.

        What is not in `said` is left out. `source` is the loopback address to come from: by default one of another
        network for each report.
        """
        visitor = (source or new_network(), 0)
        connection = http.client.HTTPConnection("127.0.0.1", self.port("report"), timeout=30, source_address=visitor)
        path = f"/{language}/tell/"
        try:
            shown = Shown(str(Asked.TOPIC), *_ask(connection, "GET", path))
            steps = [*asking.path(said), "check"]
            for step, name in zip(steps, [*map(str, steps[1:]), "receipt"], strict=True):
                assert shown.status == 200, shown.source
                yield shown
                shown = Shown(name, *_ask(connection, "POST", path, shown.answered(said, step)))
            assert shown.status == 200, shown.source
            yield shown
        finally:
            connection.close()

    def accounts(self) -> dict[str, dict[str, str]]:
        listed: list[dict[str, str]] = json.loads((self.home / "practice" / "accounts.json").read_text())
        return {account["username"]: account for account in listed}

    def totp(self, name: str) -> str:
        return self.run("code", name).stdout.split()[-1] if name else ""

    def sql(self, database: str, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask an SQLite database of this installation."""
        import sqlite3  # noqa: PLC0415 - only here

        connection = sqlite3.connect(self.home / f"{database}.sqlite3", timeout=20)
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()


def new_network() -> str:
    """A loopback address in a /24 from which nobody came before."""
    number = next(_NETWORKS) % 2**16
    return f"127.{number // 256}.{number % 256}.1"


def receipt_code(page: str) -> str:
    """The receipt code on a page."""
    found = _CODE.search(_TAGS.sub(" ", page))
    assert found, page
    return re.sub(r"\s+", "-", found.group().replace("-", " "))


@contextmanager
def installation(home: Path, **settings: str) -> Iterator[Installation]:
    """An installation that runs, and is gone afterwards, whatever happened."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = Installation(home, dict(settings))
    try:
        made.start()
        yield made
    finally:
        if made.process is not None and made.process.poll() is None:
            made.process.send_signal(signal.SIGTERM)
            try:
                made.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                made.process.kill()
                made.process.wait()
        for numbers in made.processes().values():
            for number in numbers:
                os.kill(number, signal.SIGKILL)


def _ask(connection: http.client.HTTPConnection, method: str, path: str, form: Form | None = None) -> tuple[int, str]:
    body = urlencode(form) if form is not None else None
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
    connection.request(method, path, body=body, headers=headers)
    response = connection.getresponse()
    return response.status, response.read().decode()


def _hidden(page: str) -> list[tuple[str, str]]:
    return _HIDDEN.findall(page)


def _free_ports() -> list[int]:
    """Below the range from which Linux takes ports for outgoing connections, so that none is taken meanwhile."""
    ports: list[int] = []
    with ExitStack() as held:
        while len(ports) < len(PORTS):
            port = random.SystemRandom().randrange(15_000, 32_000)
            try:
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                    held.enter_context(socket.socket(type=kind)).bind(("0.0.0.0", port))
            except OSError:
                continue
            ports.append(port)
    return ports
