"""Schemathesis, which knows the partners' interface from its description alone, finds nothing wrong with it.

Against the real face, every check on. Its limit on requests is off: over it every answer would be the same.
"""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from tests.support.installation import ROOT, Installation

pytestmark = pytest.mark.journey
TOOL = [str(ROOT / ".venv" / "bin" / "schemathesis"), "run", "--checks", "all", "--seed", "7", "--no-color"]
EXAMPLES = 100
"""Of what is made up for each operation, beside the examples and the limits of the description itself."""
FACE = """
import sys
from lykta.sites.common.floods import Buckets
Buckets.spend = lambda *_: 0.0
from lykta.config.command import main
sys.exit(main(["serve", "partners"]))
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    home = tmp_path_factory.mktemp("schemathesis") / "home"
    home.mkdir(mode=0o700)
    made = Installation(home)
    made.run("init", "--practice")
    with (home / "log.txt").open("a") as log:
        face = subprocess.Popen([sys.executable, "-c", FACE], env=made.environment, stdout=log, stderr=log)
    try:
        made.wait_for("partners")
        yield made
    finally:
        face.terminate()
        face.wait(timeout=30)


def schemathesis(running: Installation, token: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [*TOOL, "--header", f"Authorization: Bearer {token}", *options]
    return subprocess.run(
        [*command, f"{running.url('partners')}/api/v1/openapi.json"],
        cwd=running.home,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_schemathesis_finds_nothing(running: Installation) -> None:
    said = running.run("partners", "add", "example-social", "Example Social").stdout
    token = said.splitlines()[0].removeprefix("example-social: ")
    done = schemathesis(running, token, "--max-examples", str(EXAMPLES))
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr + running.log()[-2000:]
    tried = re.search(r"(\d+) generated", done.stdout)
    assert tried, done.stdout
    assert int(tried[1]) > 300
    letters = running.sql("letterbox", "SELECT count(*) FROM letterbox_letter")[0][0]
    assert letters > 20, "much of it was received"


def test_what_schemathesis_finds_is_not_missed(running: Installation) -> None:
    """The control: no answer comes within a millionth of a second."""
    options = ["--phases", "examples", "--no-shrink", "--max-response-time", "0.000001"]
    done = schemathesis(running, "a-strangers-token", *options)
    assert done.returncode == 1, done.stdout
