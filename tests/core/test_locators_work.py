"""Hostile text: reading takes work in proportion to its length, never more, and ends at a stated number of places."""

import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lykta.core import locators
from lykta.core.locators import grammar, search

CONTENT = "bafybeiaaaebagbafaydqqcikbmga2dqpcaireeyuculbogazdinryhi6d4"
HOSTILE = [
    "(", " ", "[.]", "@", "a.", "hxxp", "http:", "http://", "a", "a-", "é.", "a dot ", "a [.] ", "a . ", "a@", "a[at]",
    "http://a:b@", "http://a.test/x,", "a.zip?", ".com ", "a.com,", "kik: a1 ", "@a@", "\u200b", "a\u200b.", "\ud800",
    "\x00", "\u202e", "ａ．", "%41", "1.1.1.1/", "/..", "\n",
]  # fmt: skip
NEW_KINDS = [
    "ipfs://", "ipfs://x/", "ipfs:x/", "/ipfs/", "magnet:?", "magnet:?xt=urn:btih:", "+46 ", "+4", "0046", "+1 (0)", f"{CONTENT} ",
    f"ipfs://{CONTENT}/", f"http://a.test/ipfs/{CONTENT},", "t.me/a1,", "x.com/ab ", "a-", "a-b.c ", "invite/", "a:b ", "a = @b ",
]  # fmt: skip


class Counting:
    """A pattern that counts what it is asked, and the characters that it passes over."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.work = 0

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        found = self.pattern.match(text, start)
        self.work += 1 + (found.end() - start if found else 0)
        return found

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        found = self.pattern.search(text, start)
        self.work += 1 + (found.end() if found else len(text)) - start
        return found

    def sub(self, by: str, text: str) -> str:
        self.work += len(text)
        return self.pattern.sub(by, text)


@pytest.fixture(name="counters")
def count_patterns() -> Iterator[list[Counting]]:
    """Every pattern of the grammar counts while the test runs."""
    counters = {name: Counting(pattern) for name, pattern in vars(grammar).items() if isinstance(pattern, re.Pattern)}
    with pytest.MonkeyPatch.context() as patch:
        for name, counter in counters.items():
            patch.setattr(grammar, name, counter)
        yield list(counters.values())


def work(text: str, counters: list[Counting]) -> int:
    for counter in counters:
        counter.work = 0
    locators.find(text)
    return sum(counter.work for counter in counters)


UNITS = st.lists(st.sampled_from([*HOSTILE, *NEW_KINDS, "x", "a.test", "x" * 60, ", ", "()"]), min_size=1, max_size=5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.sampled_from(["", "http://a.test/", "ipfs://", "magnet:?"]), unit=UNITS.map("".join))
def test_no_text_is_passed_over_more_than_a_few_times(counters: list[Counting], start: str, unit: str) -> None:
    """A log-in may be looked for at every scheme, 200 characters far; growing with the square would be thousands."""
    text = (start + unit * 16_000)[:16_000]
    assert work(text, counters) <= 40 * len(text)


@pytest.mark.parametrize("unit", [*HOSTILE, *NEW_KINDS])
def test_each_hostile_text_is_passed_over_a_few_times(counters: list[Counting], unit: str) -> None:
    assert work((unit * 16_000)[:16_000], counters) <= 20 * 16_000


def seconds(text: str) -> float:
    """The least CPU time of three: other work on the machine only adds."""
    times = []
    for _ in range(3):
        start = time.process_time()
        locators.find(text)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("start", ["", "http://a.test/"])
@pytest.mark.parametrize("unit", [*HOSTILE, *NEW_KINDS])
def test_eight_times_as_much_hostile_text_takes_about_eight_times_the_time(start: str, unit: str) -> None:
    """What the engine does inside one pattern shows in time only; a busy machine stays far below three times eight."""
    locators.find("a.test")
    little, much = ((start + unit * size)[:size] for size in (2_000, 16_000))
    assert seconds(much) < 24 * seconds(little)


@pytest.mark.parametrize("unit", [*HOSTILE, *NEW_KINDS])
def test_the_largest_hostile_text_is_read_to_its_end_or_said_to_be_cut(unit: str) -> None:
    text = (unit * 200_000)[:199_980] + " \n last.test/x"
    found = locators.find(text)
    assert found.cut or found.locators[-1].key == "last.test/x"


@pytest.mark.parametrize("unit", ["(", " ", "[.]", "@", "a.", "hxxp", "\u200b", "\ud800", "word ", "word, ", "Word. "])
def test_what_names_nothing_does_not_count_against_the_places(unit: str) -> None:
    text = (unit * 200_000)[:199_980] + " \n last.test/x"
    found = locators.find(text)
    assert (found.locators[-1].key, found.cut) == ("last.test/x", False)


def test_as_many_places_as_allowed_are_read_and_one_more_is_not() -> None:
    text = "a.test " * (search.MOST_PLACES - 1)
    assert locators.find(f"{text}last.test").locators[-1].key == "last.test/"
    found = locators.find(f"{text}last.test beyond.test")
    assert (found.locators[-1].key, found.cut) == ("last.test/", True)
