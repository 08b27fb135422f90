"""20,000 items imported and traced in the practice world, with the desk's pages beside it: `make bench ONLY=bulk`.

Runs only when it is asked for, since it takes as long as the tracing of 20,000 items does. LYKTA_BULK_ITEMS says how
many where fewer are wanted.
"""

import os
import time
from pathlib import Path

from tests.bench.figures import note
from tests.support.bulk import take_through
from tests.support.installation import Installation

from lykta.practice.pictures import MARKER

ITEMS = int(os.environ.get("LYKTA_BULK_ITEMS", "20000"))
SLOWEST_PER_S = 2.0
"""Slower than this, and it is given up."""


def run(running: Installation) -> None:
    taken = take_through(running, items=ITEMS, patience=ITEMS / SLOWEST_PER_S)
    note("bulk.items", taken.items, "items")
    note("bulk.import_rows_per_s", taken.items / taken.imported, "rows/s")
    note("bulk.opened_s", taken.opened, "s")
    note("bulk.traced_s", taken.traced, "s")
    note("bulk.traced_per_s", taken.items / taken.traced, "items/s")
    note("bulk.casebook_kb_per_item", (running.home / "casebook.sqlite3").stat().st_size / taken.items / 1024, "KiB")
    note(
        "bulk.failed",
        running.sql("casebook", "SELECT count(*) FROM steps_step WHERE failed_at IS NOT NULL")[0][0],
        "steps",
    )
    start = time.monotonic()
    note("bulk.files_with_the_marked_picture", len(marked(running)), "files")
    note("bulk.search_s", time.monotonic() - start, "s")


def marked(running: Installation) -> list[Path]:
    """The files and open memory files that hold the marked picture: there must be none."""
    return [path for path, content in running.at_rest() if MARKER in content]
