"""Two CyberTipline clients that others wrote, as their registries have them, report to a running hotline.

`tests/clients/fetch.sh` brings them, and says where one cannot run here; `tests/clients/report.*` are what a company
would write with each.
"""

import hashlib
import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.installation import ROOT, Installation, installation

from lykta.core.vocabulary import Asked, Topic
from lykta.lib import sealing
from lykta.practice.pictures import MARKER, draw

pytestmark = pytest.mark.journey
PROGRAMS = ROOT / "tests" / "clients"
FETCHED = ROOT / ".venv" / "clients"
PYTHON = FETCHED / "python" / "bin" / "python"
NPM = FETCHED / "npm"
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


def registered(running: Installation, slug: str) -> str:
    """The token of a new partner."""
    said = running.run("partners", "add", slug, f"Example {slug}", "--scopes", "cybertip").stdout
    return said.splitlines()[0].removeprefix(f"{slug}: ")


def reports_of(running: Installation, slug: str) -> list[dict[str, Any]]:
    """What the desk reads in the reports that came from a partner."""
    rows = "SELECT c.uuid, r.words FROM cases_report r JOIN cases_case c ON c.id = r.case_id"
    found = []
    for case, words in running.sql("casebook", rows):
        key = (running.home / "keyring" / case[:2] / f"{case}.key").read_bytes()
        said = sealing.unlock(words, key=key)
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
