"""A text made readable: look-alike letters replaced, invisible characters removed, and the way back to the original."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field

from lykta.core.locators.model import Locator

_LOOK_ALIKES = {
    "\u2024": ".",
    "\u3002": ".",
    "\uff61": ".",
    "\u2044": "/",
    "\u2215": "/",
    "\u29f8": "/",
    "\u02d0": ":",
    "\u2236": ":",
    "\ua789": ":",
    "\ufe55": ":",
    "\ufe52": ".",
    "\ufe6b": "@",
}
_STANDS_FOR = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.:/\\@-_+")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]+"
)
_ODD = re.compile(
    "[\u00ad\u02d0\u034f\u061c\u180e\u200b-\u200f\u2024\u202a-\u202e\u2044\u2060-\u206f\u2102-\u2149\u2215\u2236\u29f8\u3000-\u3002"
    "\ua789\ufb20-\ufb29\ufe00-\ufe0f\ufe52-\ufe55\ufe6b\ufeff\uff01-\uff61\uffe0-\uffe6"
    "\U0001d400-\U0001d7ff\U0001ee00-\U0001eeff\U0001fbf0-\U0001fbf9\U000e0000-\U000e007f]"
)
"""Every character that is replaced or removed, and a few more: a text without one is read as it is."""
_IDEOGRAPHIC_STOP = re.compile("(?<![A-Za-z0-9])[\u3002\uff61]|[\u3002\uff61](?![A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class Page:
    """`text` is what the patterns read; `written` gives back what stood there.

    `_removed` are the places of `text` before which characters were removed, `_lost` how many before each and in all.
    `known` is what its addresses were found to name, since a page may repeat one thousands of times.
    """

    original: str
    text: str
    _removed: list[int] = field(default_factory=list)
    _lost: list[int] = field(default_factory=lambda: [0])
    known: dict[str, Locator | None] = field(default_factory=dict)

    def written(self, start: int, end: int) -> str:
        """The original characters behind `text[start:end]`, which must not be empty."""
        return self.original[self._origin(start) : self._origin(end - 1) + 1]

    def _origin(self, position: int) -> int:
        return position + self._lost[bisect_right(self._removed, position)]


def read_page(original: str) -> Page:
    """Full-width and mathematical letters, dots, slashes and colons become ASCII; zero-width and bidi marks go.

    Brackets stay as they are: a full-width bracket in a path belongs to another page than an ASCII one.
    """
    if original.isascii() or not _ODD.search(original):
        return Page(original, original)
    # An ideographic full stop ends a sentence, except between two Latin letters or digits.
    text = _IDEOGRAPHIC_STOP.sub("\u3001", original)
    text = text.translate({ord(character): _plain(character) for character in set(text)})
    removed, lost = [], [0]
    for match in _INVISIBLE.finditer(text):
        removed.append(match.start() - lost[-1])
        lost.append(lost[-1] + match.end() - match.start())
    return Page(original, _INVISIBLE.sub("", text), removed, lost)


def _plain(character: str) -> str:
    if character in _LOOK_ALIKES:
        return _LOOK_ALIKES[character]
    if unicodedata.decomposition(character).startswith(("<wide>", "<font>")):
        plain = unicodedata.normalize("NFKC", character)
        if plain in _STANDS_FOR:
            return plain
    return character
