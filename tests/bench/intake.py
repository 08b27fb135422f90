"""Reports through the real server: sealing on, durable before the receipt, 1 to 64 reporters at once.

Each reporter opens a connection, gets the form, checks it and sends it, as a browser without script does. The worker
is stopped meanwhile, so that the figures are those of the report face. GlobaLeaks 5.0.15 measured 0.5 reports a second
with 38 % failures at 4 reporters, Hush Line 0.7.23 37 a second, on the same kind of machine.
"""

import gzip
import http.client
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.figures import note, percentile
from tests.support.installation import Installation

SECONDS = 8
TEXT = "I saw this: hxxp://bilder.nordhost[.]test/album/1 and also http://album.example/2. " + "Some words. " * 20


def run(running: Installation) -> None:
    with _paused(running, "work"):
        for reporters in (1, 4, 16, 64):
            _measure(running, reporters)
    _memory(running)
    _page(running)


def _measure(running: Installation, reporters: int) -> None:
    times: list[float] = []
    failures: list[str] = []
    end = time.monotonic() + SECONDS

    def report() -> None:
        while time.monotonic() < end:
            start = time.monotonic()
            try:
                running.report(TEXT)
            except (AssertionError, OSError, http.client.HTTPException) as error:
                failures.append(type(error).__name__)
            else:
                times.append(time.monotonic() - start)

    threads = [threading.Thread(target=report) for _ in range(reporters)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - begun
    name = f"c{reporters}"
    note(f"intake.per_s.{name}", len(times) / took, "reports/s")
    note(f"intake.p50_ms.{name}", percentile(times, 0.5) * 1000, "ms")
    note(f"intake.p99_ms.{name}", percentile(times, 0.99) * 1000, "ms")
    note(f"intake.failed.{name}", len(failures), "reports")


def _memory(running: Installation) -> None:
    for name, numbers in running.processes().items():
        face = name.split()[-1]
        note(f"rss_mb.{face}", sum(_proportional_kb(number) for number in numbers) / 1024, "MB")


def _proportional_kb(number: int) -> int:
    """Proportional set size: what several processes share is counted once."""
    for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def _page(running: Installation) -> None:
    """The start page with its style sheet, compressed as a server in front would."""
    _, page = running.ask("GET", "report", "/en/")
    styles = [running.ask("GET", "report", word)[1] for word in page.split('"') if word.endswith(".css")]
    note("report.page_kb", sum(len(gzip.compress(part.encode())) for part in [page, *styles]) / 1024, "KiB")


@contextmanager
def _paused(running: Installation, name: str) -> Iterator[None]:
    numbers = running.processes()[name]
    for number in numbers:
        os.kill(number, signal.SIGSTOP)
    try:
        yield
    finally:
        for number in numbers:
            os.kill(number, signal.SIGCONT)
