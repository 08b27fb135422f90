"""How fast addresses are found in what people paste, and the slowest answer to a hostile text."""

import time
from collections.abc import Callable
from functools import partial

from tests.bench.figures import note

from lykta.core import locators

LINES = 10_000
HOSTILE = (
    "(",
    " ",
    "[.]",
    "@",
    "a.",
    "hxxp",
    "hxxp://",
    "http://a[",
    "://",
    "\\",
    "%2",
    "xn--",
    "⁄",
    "a@",
    "[dot]",
    "1.",
)


def run() -> None:
    text = "\n".join(
        f"{number} see hxxps://sub{number}.shop[.]example/pic/{number}?utm_source=x and mail me{number}@shop.example"
        for number in range(LINES)
    )
    parts = [text[at : at + 200_000] for at in range(0, len(text), 200_000)]
    seconds = _seconds(lambda: [locators.find(part) for part in parts])
    note("locators.lines_per_s", LINES / seconds, "lines/s")
    worst = max(_seconds(partial(locators.find, _filled(word))) for word in HOSTILE)
    note("locators.worst_ms", worst * 1000, "ms")


def _filled(word: str) -> str:
    return (word * (200_000 // len(word) + 1))[:200_000]


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
