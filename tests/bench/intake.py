"""Reports through the real server: sealing on, durable before the receipt, 1 to 64 reporters at once.

Each reporter goes through the form as a browser without script does. The worker is stopped meanwhile, so that the
figures are those of the report face; driving it costs a little of the same processors, which `intake.driver_share`
tells. `intake.of_raw_limit` puts the speed at 16 reporters beside what the same commits and seals take without a web.
GlobaLeaks 5.0.15 measured 0.5 reports a second with 38 % failures at 4 reporters, Hush Line 0.7.23 37 a second, on
the same kind of machine.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import raw_limit
from tests.bench.figures import note, percentile
from tests.journeys.reporter import everything
from tests.support.installation import Installation
from tests.support.reporters import Result, Step, drive, through
from tests.support.weights import weigh

from lykta.core.vocabulary import Topic

SECONDS = 8
WARM_UP = 2
REPORTERS = (1, 4, 16, 64)
TEXT = "I saw this: hxxp://bilder.nordhost[.]test/album/1 and also http://album.example/2. " + "Some words. " * 20
TELL = "/en/tell/"
HEAVIEST = ("en", "my", "km")
"""Burmese and Khmer need most room; English is what most read."""
JOURNEY = through(
    [
        Step(TELL, shows=b'value="other"'),
        Step(TELL, {"answer": "other", "step": "go"}, carried=["state"], shows=b'value="unknown"'),
        Step(TELL, {"answer": "no", "step": "go"}, carried=["state"], shows=b'<textarea id="answer"'),
        Step(TELL, {"answer": TEXT, "step": "check"}, carried=["state"], shows=b'value="send"'),
        Step(TELL, {"step": "send"}, carried=["state"], shows=b'class="receipt"'),
    ]
)
"""The shortest complete report: what it is about, danger, what and where, check, receipt."""
COMMITS = 4
"""Durable transactions of one journey; each seals what was said so far."""


def run(running: Installation) -> None:
    with _paused(running, "work"):
        drive(running.port("report"), JOURNEY, max(REPORTERS), WARM_UP)
        speeds = {reporters: _measure(running, reporters) for reporters in REPORTERS}
        _beside_the_limit(running, speeds[16])
    _memory(running)
    _page(running)


def _measure(running: Installation, reporters: int) -> float:
    result = drive(running.port("report"), JOURNEY, reporters, SECONDS)
    _tell(f"c{reporters}", result)
    return result.per_second


def _tell(name: str, result: Result) -> None:
    """Times are those of one request, the speed is that of whole journeys."""
    note(f"intake.per_s.{name}", result.per_second, "reports/s")
    note(f"intake.p50_ms.{name}", percentile(result.latencies_ms, 0.5), "ms")
    note(f"intake.p99_ms.{name}", percentile(result.latencies_ms, 0.99), "ms")
    note(f"intake.failed.{name}", result.failures.total(), "reports")
    note(f"intake.driver_share.{name}", result.cpu_share, "processors")
    if result.failures:
        print(f"intake.failed.{name} because of {dict(result.failures)}", flush=True)


def _beside_the_limit(running: Installation, speed: float) -> None:
    size = running.sql("letterbox", "SELECT avg(length(sealed)) FROM letterbox_letter")[0][0]
    limit = raw_limit.reports_per_second(running.home, commits=COMMITS, sealed_bytes=int(size))
    note("intake.raw_limit_per_s", limit, "reports/s")
    note("intake.of_raw_limit", speed / limit, "of 1")


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
    """The heaviest page of all branches in the languages that need most room, with all that it loads, compressed."""
    known: dict[str, str] = {}
    shown = [
        page for language in HEAVIEST for topic in Topic for page in running.pages(everything(topic), language=language)
    ]
    note("report.page_kb_max", max(weigh(running, page.source, known) for page in shown) / 1024, "KiB")


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
