"""Where a line of text may end, in every script that Lykta writes (after Unicode UAX 14, and much simpler).

Thai, Khmer and Burmese put no space between words: a translator marks the words with U+200B. Where none is marked and a
stretch is too long for a line, it ends between two clusters, so that no letter loses the signs that belong to it.
"""

import re
import unicodedata
from collections.abc import Callable

MARK = "\u200b"
"""ZERO WIDTH SPACE: a line may end here."""

_IDEOGRAPHS = r"\u2e80-\u2fff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_NO_START = r"\u3001\u3002\uff0c\uff1b\uff1a\uff1f\uff01\uff09\u300b\u2019\u201d\u2026\u2014\u00b7\u300d\u3011"
_NO_END = r"\uff08\u300a\u2018\u201c\u300c\u3010"
_PIECE = re.compile(
    rf"[{_NO_END}]*[{_IDEOGRAPHS}][{_NO_START}]*|[^\s{MARK}{_IDEOGRAPHS}]+?(?=[{_NO_END}]*[{_IDEOGRAPHS}]|[\s{MARK}]|$)"
    rf"|[ \n{MARK}]+"
)

_ENDS = ".!?…؟。？！។။።"
_SENTENCE = re.compile(rf"[^{_ENDS}]*[{_ENDS}]+(?![^\s{_IDEOGRAPHS}])|.+$")

_THAI_SPACE = re.compile(r"(?<=[\u0e00-\u0e7f]) +(?=[\u0e00-\u0e7f])")

_BEFORE = "เแโใไ"
"""Thai vowels that are written before the letter to which they belong."""
_AFTER = "ะาำๅๆฯ"
"""Thai signs that are letters to Unicode and stand after the one to which they belong."""
_STACKED = "\u17d2\u1039"
"""Khmer COENG and Burmese VIRAMA: the next letter stands below this one."""
_SILENT = "\u103a\u1039"
"""After these a Burmese letter ends the syllable before it, or joins it to the next."""

Measure = Callable[[str], float]
"""How wide a text is."""


def wrapped(text: str, *, width: float, measure: Measure) -> list[str]:
    """The lines of a text, none wider than `width` unless one cluster alone is; marks are left out."""
    lines = [""]
    for piece in _pieces(text):
        joined = lines[-1] + piece
        if measure(joined.rstrip()) <= width:
            lines[-1] = joined
        elif measure(piece.strip()) <= width:
            lines.append(piece.lstrip())
        else:
            _add_in_parts(lines, piece, width, measure)
    return [line.strip() for line in lines if line.strip()]


def balanced(text: str, *, width: float, measure: Measure) -> list[str]:
    """As many lines as `wrapped` needs, of lengths as even as that allows: no word stands alone on the last.

    No stretch is taken apart that fits on a line.
    """
    best = wrapped(text, width=width, measure=measure)
    whole = [measure(piece.strip()) for piece in _pieces(text)]
    narrow, wide = max((size for size in whole if size <= width), default=0.0), width
    for _ in range(8):
        middle = (narrow + wide) / 2
        tried = wrapped(text, width=middle, measure=measure)
        if len(tried) > len(best) or any(measure(line) > middle for line in tried):
            narrow = middle
        else:
            best, wide = tried, middle
    return best


def sentences(text: str) -> list[str]:
    """Each with the sign that ends it. In Thai a space does that."""
    return [part for found in _SENTENCE.findall(text) for part in _THAI_SPACE.split(found.strip()) if part]


def clusters(text: str) -> list[str]:
    """The text in the smallest parts that stay legible on their own."""
    found: list[str] = []
    for place, sign in enumerate(text):
        if found and (_clings(sign, text[place + 1 : place + 2]) or found[-1][-1] in _BEFORE + _STACKED):
            found[-1] += sign
        else:
            found.append(sign)
    return found


def _clings(sign: str, following: str) -> bool:
    """Whether a sign belongs to what stands before it."""
    silent = "\u1000" <= sign <= "\u102a" and following != "" and following in _SILENT
    return unicodedata.category(sign)[0] in "MP" or sign in _AFTER or sign in "\u200c\u200d" or silent


def _pieces(text: str) -> list[str]:
    """Between any two of them a line may end; a space stays with what is before it."""
    found: list[str] = []
    for match in _PIECE.finditer(text):
        piece = match[0].replace(MARK, "").replace("\n", " ")
        if found and not piece.strip():
            found[-1] += piece
        else:
            found.append(piece)
    return found


def _add_in_parts(lines: list[str], piece: str, width: float, measure: Measure) -> None:
    for part in clusters(piece):
        if lines[-1] and measure((lines[-1] + part).rstrip()) > width:
            lines.append("")
        lines[-1] += part
