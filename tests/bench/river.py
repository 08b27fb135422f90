"""From a submission to "traced and on the desk" in the practice world, and how many tips the machine takes through."""

import time

from tests.bench.figures import note, percentile
from tests.support.installation import Installation

TIPS = 40
BURST = 200


def run(running: Installation) -> None:
    waits = [_time_to_ready(running, number) for number in range(TIPS)]
    note("river.ready_p50_s", percentile(waits, 0.5), "s")
    note("river.ready_p95_s", percentile(waits, 0.95), "s")
    note("river.tips_per_s", _burst(running), "tips/s")


def _time_to_ready(running: Installation, number: int) -> float:
    """Seconds from the receipt until the tip's item waits for an analyst."""
    running.report(_text(running, number))
    start = time.monotonic()
    while _ready(running) <= number:
        if time.monotonic() - start > 60:
            raise AssertionError(f"tip {number} did not become ready")
        time.sleep(0.02)
    return time.monotonic() - start


def _burst(running: Installation) -> float:
    """Tips a second through the automated river: opened, sorted, traced."""
    start = time.monotonic()
    for number in range(TIPS, TIPS + BURST):
        running.report(_text(running, number))
    while _ready(running) < TIPS + BURST:
        if time.monotonic() - start > 300:
            raise AssertionError("the burst did not become ready")
        time.sleep(0.1)
    return BURST / (time.monotonic() - start)


def _ready(running: Installation) -> int:
    return int(running.sql("casebook", "SELECT count(*) FROM cases_item WHERE state = 'ready'")[0][0])


def _text(running: Installation, number: int) -> str:
    return f"See http://pictures.example:{running.port('practice_web')}/gallery?number={number} please"
