"""What pages say, in many languages: that something is gone, that one must log in, and which language it is. Pure.

The phrases are data, `pages.toml`; read when this module is, before the decoder gives up opening files.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

LANGUAGES: tuple[Mapping[str, Any], ...] = tuple(
    tomllib.loads((Path(__file__).parent / "pages.toml").read_text(encoding="utf-8"))["language"]
)
FEWEST_WORDS = 3
"""Small words that have to be there before a language is believed."""
LETTER_SHARE = 0.2
"""Of all letters; pages in a language without spaces still name things in Latin letters."""

_WORD = re.compile(r"[^\W\d_]+")
_NAMED = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{1,8}){0,4}", re.IGNORECASE)


def says_gone(text: str) -> bool:
    """Whether a text in lower case says that what was here is not here."""
    return _GONE.search(text) is not None


def asks_login(text: str) -> bool:
    """Whether a text in lower case asks to log in first."""
    return _LOGIN.search(text) is not None


def language_of(named: str, text: str) -> str:
    """The code of a page's language, as the page names it (`lang`), or else by its words; "" where neither says."""
    given = _NAMED.fullmatch(named.strip()[:40])
    return given[1].lower() if given else _guess(text.lower())


def _guess(text: str) -> str:
    words = Counter(_WORD.findall(text))
    letters = sum(len(word) * count for word, count in words.items())
    for language in LANGUAGES:
        own = language.get("letters")
        if own and letters and len(re.findall(f"[{own}]", text)) > LETTER_SHARE * letters:
            return str(language["code"])
    found = Counter({one["code"]: sum(words[word] for word in one.get("words", ())) for one in LANGUAGES})
    (best, most), (_, second) = found.most_common(2)
    # Neighbours share their small words: a draw is no answer.
    return best if most >= FEWEST_WORDS and most > second else ""


def _pattern(kind: str) -> re.Pattern[str]:
    spaced = _alternatives(one[kind] for one in LANGUAGES if one.get("spaced", True))
    running = _alternatives(one[kind] for one in LANGUAGES if not one.get("spaced", True))
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)|{running}")


def _alternatives(lists: Iterable[list[str]]) -> str:
    return "|".join(re.escape(phrase) for phrases in lists for phrase in phrases)


_GONE, _LOGIN = _pattern("gone"), _pattern("login")
