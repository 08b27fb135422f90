"""How long an honest reporter waits while a hundred networks send reports without pause, for a minute.

The reporter goes through the whole form every 0.3 seconds, three requests on a connection, from a network of its own.
The strangers share this machine's processors with the server, which makes the figure worse than it is.
"""

import http.client
import time

from tests.bench.figures import note, percentile
from tests.support.flooders import flood
from tests.support.installation import Installation

NETWORKS = 100
SECONDS = 60.0
PAUSE = 0.3


def run(running: Installation) -> None:
    waits: list[float] = []
    failed = 0
    with flood(running, networks=NETWORKS, seconds=SECONDS) as answered:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            begun = time.monotonic()
            try:
                running.report("I saw this: http://pictures.example/1")
            except (AssertionError, OSError, http.client.HTTPException):
                failed += 1
            else:
                waits.append(time.monotonic() - begun)
            time.sleep(max(0.0, PAUSE - (time.monotonic() - begun)))
    note("flood.honest_p50_ms", percentile(waits, 0.5) * 1000, "ms")
    note("flood.honest_p99_ms", percentile(waits, 0.99) * 1000, "ms")
    note("flood.honest_failed", failed, "reports")
    note("flood.stranger_per_s", answered.total() / SECONDS, "requests/s")
    note("flood.stranger_sent", answered[200], "reports")
