"""`kill -9` while files are on their way: no byte that was acknowledged is lost, and nothing of it lies about in clear."""

import hashlib
import http.client
import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.support.installation import Installation, new_network
from tests.support.parts import Parts

from lykta.core.attaching import PIECE_BYTES, pieces
from lykta.lib import sealing

pytestmark = pytest.mark.journey
MIB = 2**20
DICE = random.Random(7)
KILLS = 4
"""Of each process; starting again is what takes the time."""
PATH = "/en/tell/chunk/"
DROP = """
import sys, django
from datetime import timedelta
django.setup()
from django.conf import settings
from lykta.lib import clock, codes
from lykta.records.letterbox.actions import Post, drop_report
until = clock.now() + timedelta(days=30)
post = Post(hotline_key=settings.HOTLINE_PUBLIC_KEY, language="en", now=clock.now(), expires_at=until)
answers = {"topic": "contact", "words": "Somebody asks for pictures."}
drop_report(content={"answers": answers, "files": sys.argv[1:], "language": "en"}, code=codes.new(), post=post)
"""


def document(size: int) -> bytes:
    return b"%PDF-1.7\n" + DICE.randbytes(size - 9)


def chat(size: int) -> bytes:
    return bytes(DICE.choices(b"abcdefghijklmnopqrstuvwxyz ,.\n", k=size))


FILES = {
    "one.txt": b"x",
    "below.txt": chat(MIB - 1),
    "even.txt": chat(MIB),
    "above.txt": chat(MIB + 1),
    "large.pdf": document(30_000_000),
}


@dataclass
class Sender:
    """Sends one file as the page's script does: one piece after the other, again until it is answered."""

    port: int
    name: str
    number: UUID = field(default_factory=uuid4)
    acknowledged: int = 0
    lost: int = 0
    network: str = field(default_factory=new_network)

    @property
    def data(self) -> bytes:
        return FILES[self.name]

    def run(self) -> None:
        last = pieces(len(self.data)) + 2
        while self.acknowledged < last:
            try:
                self._go_on(last)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)

    def _go_on(self, last: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10, source_address=(self.network, 0))
        try:
            kept = self._ask(line)
            self.lost += max(0, self.acknowledged - kept)
            while kept < last:
                self.acknowledged = kept = self._ask(line, kept)
        finally:
            line.close()

    def _ask(self, line: http.client.HTTPConnection, index: int | None = None) -> int:
        kind = "application/pdf" if self.name.endswith(".pdf") else "text/plain"
        headers = {"Lykta-Upload": self.number.hex, "Lykta-Kind": kind}
        body = b""
        if index is not None:
            headers |= {"Lykta-Index": str(index)}
            said = self._said(index, kind)
            headers["Content-Type"] = "application/octet-stream" if isinstance(said, bytes) else "application/json"
            body = said if isinstance(said, bytes) else json.dumps(said).encode()
        line.request("POST", PATH, body=body, headers=headers)
        answer = json.loads(line.getresponse().read())
        return int(answer["kept"])

    def _said(self, index: int, kind: str) -> bytes | dict[str, object]:
        size = len(self.data)
        if index == 0:
            return {"name": self.name, "type": kind, "size": size}
        if index > pieces(size):
            return {"size": size, "sha256": hashlib.sha256(self.data).hexdigest()}
        return self.data[(index - 1) * PIECE_BYTES : index * PIECE_BYTES]


@contextmanager
def hotline(home: Path) -> Iterator[tuple[Installation, Parts]]:
    temporary = home.parent / "temporary"
    temporary.mkdir()
    running = Installation(home, {"LYKTA_ATTACHMENTS": "contact", "TMPDIR": str(temporary)})
    home.mkdir(mode=0o700)
    running.run("init", "--practice")
    parts = Parts(running)
    parts.start("serve report")
    running.wait_for("report")
    try:
        yield running, parts
    finally:
        parts.stop()


def kill_while(parts: Parts, name: str, *, moves: Callable[[], int], ended: Callable[[], bool], most: int) -> int:
    """Kill a process at random moments, each time after it has moved something; returns how often."""
    end = time.monotonic() + 300
    for kills in range(most):
        before = moves()
        while moves() == before and not ended():
            assert time.monotonic() < end, "it does not come to an end"
            time.sleep(0.01)
        time.sleep(DICE.uniform(0, 0.4))
        if ended():
            return kills
        parts.kill(name)
        parts.start(name)
    while not ended():
        assert time.monotonic() < end, "it does not come to an end"
        time.sleep(0.05)
    return most


def send_all(running: Installation, parts: Parts) -> list[Sender]:
    """All files at once, while the process that takes them is killed again and again."""
    senders = [Sender(running.port("report"), name) for name in FILES]
    threads = [threading.Thread(target=sender.run, daemon=True) for sender in senders]
    for thread in threads:
        thread.start()
    kills = kill_while(
        parts,
        "serve report",
        moves=lambda: sum(sender.acknowledged for sender in senders),
        ended=lambda: not any(thread.is_alive() for thread in threads),
        most=KILLS,
    )
    assert kills >= 2
    return senders


def take_in(running: Installation, parts: Parts, senders: list[Sender]) -> None:
    """A report names the files, and the worker is killed while it moves them."""
    environment = {**running.environment, "DJANGO_SETTINGS_MODULE": "lykta.config.settings.report"}
    command = [sys.executable, "-c", DROP, *(sender.number.hex for sender in senders)]
    subprocess.run(command, env=environment, check=True)

    parts.start("work")
    kill_while(
        parts,
        "work",
        moves=lambda: running.sql("casebook", "SELECT count(*) FROM cases_attachmentchunk")[0][0],
        ended=lambda: not running.sql("letterbox", "SELECT 1 FROM letterbox_letter"),
        most=KILLS,
    )


def arrived(running: Installation) -> dict[str, tuple[bytes, bool]]:
    """What the desk has: the bytes of each file by its name, and whether it is whole."""
    found: dict[str, tuple[bytes, bool]] = {}
    rows = (
        "SELECT a.id, a.label, a.complete, c.uuid FROM cases_attachment a"
        " JOIN cases_report r ON r.id = a.report_id JOIN cases_case c ON c.id = r.case_id"
    )
    for number, label, complete, case in running.sql("casebook", rows):
        key = (running.home / "keyring" / case[:2] / f"{case}.key").read_bytes()
        locked = 'SELECT locked FROM cases_attachmentchunk WHERE attachment_id = ? ORDER BY "index"'
        data = b"".join(sealing.unlock_bytes(row[0], key=key) for row in running.sql("casebook", locked, number))
        found[sealing.unlock(label, key=key)["name"]] = (data, bool(complete))
    return found


def in_clear(folder: Path) -> list[str]:
    """Files that hold a piece of what was sent, or one of the names."""
    marks = [data[at : at + 64] for data in FILES.values() if len(data) > 64 for at in (1000, PIECE_BYTES + 500)]
    marks += [name.encode() for name in FILES]
    found = []
    for path in folder.rglob("*"):
        with suppress(OSError):
            if path.is_file() and any(mark in path.read_bytes() for mark in marks):
                found.append(str(path))
    return found


def test_no_acknowledged_byte_is_lost_whatever_is_killed(tmp_path: Path) -> None:
    with hotline(tmp_path / "home") as (running, parts):
        senders = send_all(running, parts)
        assert [sender.lost for sender in senders] == [0] * len(FILES)
        assert in_clear(tmp_path) == []
        take_in(running, parts, senders)
        assert {
            name: (hashlib.sha256(data).hexdigest(), whole) for name, (data, whole) in arrived(running).items()
        } == {name: (hashlib.sha256(data).hexdigest(), True) for name, data in FILES.items()}
        assert running.sql("letterbox", "SELECT count(*) FROM letterbox_chunk") == [(0,)]
        assert in_clear(tmp_path) == []
        assert list((tmp_path / "temporary").iterdir()) == []
