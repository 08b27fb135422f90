"""The desk with a million items: how long its pages take, and how many keys a decision needs.

`desk.page_p95_ms.sqlite` and `.postgres` are those of the slowest page; each page has a figure of its own besides.
PostgreSQL is measured where its programs are. LYKTA_DESK_ITEMS says how many items where fewer are wanted.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import postgres
from tests.bench.figures import note
from tests.journeys.keyboard import keystrokes
from tests.journeys.tour import chromium
from tests.support.installation import Installation

ITEMS = os.environ.get("LYKTA_DESK_ITEMS", "1000000")


def run(running: Installation) -> None:
    with chromium() as browser:
        found = keystrokes(running, browser)
    note("desk.keystrokes.new", found.new, "keys")
    note("desk.keystrokes.known", found.known, "keys")
    _pages("sqlite", {})
    programs = postgres.find_programs()
    if programs is not None:
        with postgres.server(programs) as address:
            _pages("postgres", {"LYKTA_CASEBOOK_URL": f"{address}/casebook"})


def _pages(database: str, settings: dict[str, str]) -> None:
    """In a process and a home of its own, so that nothing else of the installation answers meanwhile."""
    with tempfile.TemporaryDirectory(prefix="lykta-desk-") as home:
        # In practice the app of `scenes` is enough to log in.
        environment = Installation(Path(home), {"LYKTA_MODE": "practice", **settings}).environment
        command = [sys.executable, "-m", "tests.bench.desk_pages", database, ITEMS]
        subprocess.run(command, env=environment, check=True)
