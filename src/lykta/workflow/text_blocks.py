"""Text blocks for answers, in the reporter's language where there is one; `blocks.toml` has their texts."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class Block:
    """A text that can be put into an answer. `language` is that of the text: English where there is no other.

    `is_own`: the hotline's wording has taken the place of the one that comes along.
    """

    name: str
    title: str
    text: str
    language: str
    is_own: bool = False


def blocks(language: str, own: Mapping[str, str]) -> list[Block]:
    """Every block as it reads in a language; `own` are the hotline's wordings in it, by name."""
    return [_block(entry, language, own.get(entry["name"], "")) for entry in _entries()]


def names() -> frozenset[str]:
    """The names of the blocks."""
    return frozenset(entry["name"] for entry in _entries())


def _block(entry: Mapping[str, str], language: str, own: str) -> Block:
    name, title, english = entry["name"], entry["title"], entry["en"]
    if own:
        return Block(name, title, own, language, is_own=True)
    if language in entry:
        return Block(name, title, entry[language], language)
    with translation.override(language):
        text = gettext(english)
    return Block(name, title, text, language if text != english else "en")


@cache
def _entries() -> tuple[Mapping[str, str], ...]:
    table = tomllib.loads((Path(__file__).parent / "blocks.toml").read_text(encoding="utf-8"))
    return tuple(table["block"])
