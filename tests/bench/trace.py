"""Items traced a second, where every server of the practice world takes its time, and some never answer."""

import time

from tests.bench.figures import note
from tests.support.bulk import PLACES, write_list
from tests.support.installation import Installation

LATENCY = 0.05
"""Seconds before each answer of name server, registry and host."""
SETTINGS = {"LYKTA_PRACTICE_LATENCY": str(LATENCY)}
ITEMS = 600
SILENT = sum("silent" in place for place in PLACES) * ITEMS // len(PLACES)
"""Items on a server that never answers: they take their whole time, and nobody else's."""
PATIENCE = 120.0


def run(running: Installation) -> None:
    path = running.home / "list.csv"
    write_list(path, items=ITEMS, port=running.port("practice_web"))
    start = time.monotonic()
    running.run("import", str(path), "--map", "url=Link,notes=Comment")
    while _traced(running) < ITEMS - SILENT:
        assert time.monotonic() < start + PATIENCE, f"{_traced(running)} of {ITEMS}:\n{running.log()[-2000:]}"
        time.sleep(0.1)
    note("trace.items_per_s", (ITEMS - SILENT) / (time.monotonic() - start), "items/s")


def _traced(running: Installation) -> int:
    return int(running.sql("casebook", "SELECT count(*) FROM tracing_trace")[0][0])
