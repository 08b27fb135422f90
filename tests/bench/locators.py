"""How fast addresses are found in what people paste, and the slowest answer to a hostile text."""

import time
from collections.abc import Callable
from functools import partial

from tests.bench.figures import note

from lykta.core import locators

LINES = 10_000
HOSTILE = (
    "(", " ", "[.]", "@", "a.", "hxxp", "hxxp://", "http://a[", "://", "\\", "%2", "xn--", "⁄", "a@", "[dot]", "1.", "a . ",
    "a dot ", "a.md,", "a@b.se ", "@ab ", "http:", "http://a:b@", "kik: a1 ", "t.me/a1,", "\u200b", "a\u200b.", "\ud800", "+46 ",
    "0046", "ipfs://", "ipfs://x/", "magnet:?", "magnet:?xt=urn:btih:", "word ",
)  # fmt: skip
DISTINCT = ("a{}.se ", "t.me/a{} ", "http://a.test/{} ", "a{}@b.se ", "@ab{} ", "a{} dot se ", "+4670{:07} ")
"""The worst that never repeats itself: as many different things as are kept."""
LIMIT_MS = 100


def run() -> None:
    text = "\n".join(
        f"{number} see hxxps://sub{number}.shop[.]example/pic/{number}?utm_source=x and mail me{number}@shop.example"
        for number in range(LINES)
    )
    parts = [text[at : at + 200_000] for at in range(0, len(text), 200_000)]
    seconds = _seconds(lambda: [locators.find(part) for part in parts])
    note("locators.lines_per_s", LINES / seconds, "lines/s")
    texts = [_filled(word) for word in HOSTILE] + [_counted(pattern) for pattern in DISTINCT]
    worst, text = max((_seconds(partial(locators.find, text)), text) for text in texts)
    note("locators.worst_ms", worst * 1000, "ms")
    print(
        f"  limit {LIMIT_MS} ms; the worst of {len(texts)} texts of 200,000 characters begins {text[:24]!r}", flush=True
    )
    short = f"{'Some words around it. ' * 20}www.shop.example and hxxps://other[.]example/a?b=c"[:500]
    note("locators.short_us", _seconds(lambda: [locators.find(short) for _ in range(100)]) * 10_000, "us")


def _filled(word: str) -> str:
    return (word * (200_000 // len(word) + 1))[:200_000]


def _counted(pattern: str) -> str:
    return "".join(pattern.format(number) for number in range(200_000 // len(pattern)))[:200_000]


def _seconds(work: Callable[[], object]) -> float:
    """The least CPU time of three: other work on the machine only adds."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)
