"""Clients that others wrote, as their registries have them, at a running hotline: two report, one fetches our list.

`tests/clients/fetch.sh` brings them, and says where one cannot run here; `tests/clients/report.*` are what a company
would write with each.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.support.installation import ROOT, Installation, installation

from lykta.core.vocabulary import Asked, Topic
from lykta.lib import fingerprints, sealing
from lykta.practice.pictures import MARKER, draw

pytestmark = pytest.mark.journey
PROGRAMS = ROOT / "tests" / "clients"
FETCHED = ROOT / ".venv" / "clients"
PYTHON = FETCHED / "python" / "bin" / "python"
NPM = FETCHED / "npm"
EXCHANGE = FETCHED / "exchange" / "bin" / "python"
CLIENTS = [name for name, here in (("npm", NPM.is_dir() or "CI" in os.environ), ("python", PYTHON.exists())) if here]
"""The second one only where there is a Python that is new enough for it; the first one always where it counts."""
MATERIAL = ["https://pictures.example/rings?page=2&size=7", "https://cdn.example/rings.png"]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    home = tmp_path_factory.mktemp("clients") / "home"
    temporary = home / "temporary"
    home.mkdir(mode=0o700)
    temporary.mkdir(mode=0o700)
    with installation(home, TMPDIR=str(temporary)) as made:
        yield made


def drive(client: str, *arguments: str, picture: bytes) -> dict[str, Any]:
    """What the company's program prints. Nothing of the environment of the tests is in its own."""
    assert client != "npm" or NPM.is_dir(), "the clients are not here: tests/clients/fetch.sh .venv/clients"
    # As an argument, a module finds packages beside the folder where node runs.
    module = ["node", "--input-type=module", "--eval", (PROGRAMS / "report.mjs").read_text(encoding="utf-8")]
    command = module if client == "npm" else [str(PYTHON), str(PROGRAMS / "report.py")]
    done = subprocess.run(
        [*command, *arguments],
        input=picture,
        cwd=NPM if client == "npm" else FETCHED,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr.decode()
    answered: dict[str, Any] = json.loads(done.stdout)
    return answered


def registered(running: Installation, slug: str, scope: str = "cybertip") -> str:
    """The token of a new partner."""
    said = running.run("partners", "add", slug, f"Example {slug}", "--scopes", scope).stdout
    return said.splitlines()[0].removeprefix(f"{slug}: ")


def reports_of(running: Installation, slug: str) -> list[dict[str, Any]]:
    """What the desk reads in the reports that came from a partner."""
    rows = "SELECT c.uuid, r.words FROM cases_report r JOIN cases_case c ON c.id = r.case_id"
    found = []
    for case, words in running.sql("casebook", rows):
        keys = running.home / "keyring" / case[:2]
        said = sealing.unlock(words, key=(keys / f"{case}.key").read_bytes())
        contact = bytes.fromhex(said["sealed_contact"])
        said |= sealing.unlock(contact, key=(keys / f"{case}.contact").read_bytes())
        if f"({slug})" in said["contact"]:
            found.append(said)
    return found


def holding(running: Installation, piece: bytes) -> list[Path]:
    return [path for path, content in running.at_rest() if piece in content]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_of_others_reports_and_no_byte_of_its_picture_is_kept(running: Installation, client: str) -> None:
    token = registered(running, client)
    picture = draw(client)
    md5, sha1, sha256 = (hashlib.new(name, picture).hexdigest() for name in ("md5", "sha1", "sha256"))

    answered = drive(client, f"{running.url('partners')}/ispws", client, token, picture=picture)

    assert answered["status"] == f"Remote User : {client}"
    assert answered["done"] == answered["report"] != answered["retracted"] > 0
    assert answered["md5"] == md5
    end = time.monotonic() + 30
    while running.sql("letterbox", "SELECT 1 FROM letterbox_letter"):
        assert time.monotonic() < end, running.log()[-2000:]
        time.sleep(0.1)
    (report,) = reports_of(running, client)  # what was taken back is none, and nothing waits that would become one
    answers = report["answers"]
    assert answers[Asked.TOPIC] == Topic.WEB
    assert answers[Asked.WHERE] == MATERIAL[0]
    assert answers[Asked.FINGERPRINTS] == f"sha256:{sha256}"
    assert report["contact"].endswith(f": {answered['report']} · Test Reporter")
    for said in ("file: rings.png", md5, sha1, "rings-as-sent.png", *MATERIAL, "fileAnnotations", "viral"):
        assert said in answers[Asked.WORDS]
    inner = picture[len(picture) // 2 :][:24]
    assert (holding(running, MARKER), holding(running, inner)) == ([], [])
    assert holding(running, b"SQLite format 3"), "the search finds what is there"


LISTED, TAKEN_OFF = 2_300, 300
PUBLISH = """
import json, sys
from datetime import UTC, datetime
from uuid import UUID
from lykta.config.loading import load
load("worker")
from lykta.records.letterbox import feed
first, last, revision, deleted, moment = json.load(sys.stdin)
lines = [
    feed.Line(entry=UUID(int=number), revision=revision, deleted=deleted, kind="film" if number % 10 == 0 else "picture",
              grade="" if deleted else "A1", md5="" if deleted else f"{number:032x}", pdq="" if deleted else f"{number:064x}")
    for number in range(first, last)
]
feed.append(lines, now=datetime.fromtimestamp(moment, UTC))
"""
"""What the worker does when enough people have agreed, with a clock of its own: the tests do not wait for hours."""


def publish(running: Installation, numbers: range, *, moment: float, revision: int = 1, deleted: bool = False) -> None:
    given = json.dumps([numbers.start, numbers.stop, revision, deleted, moment])
    command = [sys.executable, "-c", PUBLISH]
    subprocess.run(command, input=given, env=running.environment, text=True, check=True, timeout=60)


def fetch(running: Installation, token: str, *, until: float, since: int | str = "") -> dict[str, Any]:
    """What the company's program prints."""
    assert EXCHANGE.exists(), "the clients are not here: tests/clients/fetch.sh .venv/clients"
    command = [EXCHANGE, PROGRAMS / "fetch_hashes.py", f"{running.url('partners')}/hashsharing", "social", token]
    done = subprocess.run(
        [*map(str, command), str(int(until)), str(since)],
        env={"TZ": "UTC", "PYTHONPATH": str(PROGRAMS / "absent")},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def key(number: int) -> str:
    """How that client names an entry: the member's number, and the entry's."""
    return f"1-{UUID(int=number)}"


def test_a_client_of_others_fetches_our_list_page_by_page_and_goes_on_from_its_checkpoint(
    running: Installation,
) -> None:
    token = registered(running, "social", "hashes")
    start = time.time()
    publish(running, range(1, LISTED + 1), moment=start - 7_200)

    first = fetch(running, token, until=start - 3_600)

    assert first["status"][1] == "Example social"
    assert first["members"] == [[1, "Practice hotline"], first["status"]]
    assert first["pages_of_all"] == [1_000, 1_000, 300]
    assert set(first["added"]) == {key(number) for number in range(1, LISTED + 1)}
    assert first["added"][key(7)] == ["image", "A1", {"md5": f"{7:032x}", "pdq": f"{7:064x}"}]
    assert first["added"][key(10)][0] == "video"
    assert first["deleted"] == []
    assert first["abroad"] == 400
    assert len(first["distances"]) >= 60
    assert all(fingerprints.distance(one, other) == bits for one, other, bits in first["distances"])

    publish(running, range(1, TAKEN_OFF + 1), moment=start - 1_800, revision=2, deleted=True)
    publish(running, range(LISTED + 1, LISTED + 3), moment=start - 1_200)
    second = fetch(running, token, until=start, since=first["checkpoint"])

    assert set(second["added"]) == {key(LISTED + 1), key(LISTED + 2)}
    assert set(second["deleted"]) == {key(number) for number in range(1, TAKEN_OFF + 1)}
    assert second["checkpoint"] > first["checkpoint"]
    said = running.sql("letterbox", "SELECT slug, entry, objection FROM letterbox_feedback ORDER BY id")
    one, other = (UUID(entry).hex for entry in second["said"])
    assert said == [("social", one, ""), ("social", other, "not_abuse")]
    [(added, deleted)] = running.sql("letterbox", "SELECT SUM(added), SUM(deleted) FROM letterbox_fetch")
    assert added >= LISTED + 2
    assert deleted >= TAKEN_OFF
