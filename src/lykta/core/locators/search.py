"""Find every locator of a text, in one pass from left to right."""

import re
from collections.abc import Iterator

from lykta.core.locators import grammar, hosts
from lykta.core.locators.model import Found, Locator
from lykta.core.locators.page import Page, read_page
from lykta.core.locators.readers import READERS, Step
from lykta.core.locators.web import defang

LONGEST_TEXT = 200_000
"""Characters; what follows is not read."""

MOST_PLACES = 16_000
"""Places of a text that are looked at more closely: one in twelve characters, more than any honest list has."""


def find(text: str, *, limit: int = 10_000) -> Found:
    """Everything that a text names, each key once, at most `limit`; never raises, whatever the text."""
    seen: dict[str, Locator] = {}
    page = read_page(text[:LONGEST_TEXT])
    cut = is_long = len(text) > LONGEST_TEXT
    for place, step in enumerate(_steps(page)):
        if place == MOST_PLACES:
            cut = True
            break
        if is_long and step.go_on >= len(page.text):
            break  # It may be half an address.
        cut = cut or step.too_long
        if step.locator is None or step.locator.key in seen:
            continue
        if len(seen) == limit:
            cut = True
            break
        seen[step.locator.key] = step.locator
    return Found(tuple(seen.values()), cut)


def read(one: str) -> Locator | None:
    """The locator that a person typed in a field, with or without a scheme; None if the field holds more or less."""
    typed = one.strip()
    for scheme in ("", "http://"):
        found = find(scheme + typed, limit=2).locators
        if len(found) != 1 or not _is_all(scheme + typed, found[0].written):
            continue
        host = found[0].host
        # `12.30` is a time, though a browser takes it for 12.0.0.30.
        if not scheme or (hosts.may_stand_alone(host) and (host in typed or not host[-1].isdecimal())):
            return found[0]._replace(written=found[0].written.removeprefix(scheme))
    return None


def _is_all(typed: str, written: str) -> bool:
    before, _, after = typed.partition(written)
    return not any(character.isalnum() for character in before + after)


def _steps(page: Page) -> Iterator[Step]:
    position = 0
    while match := grammar.STARTS.search(page.text, position):
        step = READERS[str(match.lastgroup)](page, match)
        position = step.go_on
        yield step


def defang_text(text: str) -> str:
    """The same words, with every address in them written so that nobody follows it."""
    written = {one.written: defang(one.address) for one in find(text).locators}
    longest_first = sorted(written, key=len, reverse=True)
    pattern = "|".join(re.escape(one) for one in longest_first)
    return re.sub(pattern, lambda match: written[match[0]], text) if written else text
