"""The platforms where people have names: what such a name looks like, and which links lead to one.

The table is `platforms.toml` beside this file, read once, when this module is imported.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PARTS = {
    "name": r"[\w.\-]{1,64}",
    "number": r"\+?[1-9]\d{6,14}",
    "id": r"\d{1,24}",
    "invite": r"[\w\-]{1,64}",
    "channel": r"[\w\-]{1,64}",
    "group": r"[\w\-](?:[\w.\-]{0,62}[\w\-])?",
    "app": r"[\w\-](?:[\w.\-]{0,126}[\w\-])?",
    "game": r"[\w\-]{1,64}",
}
"""What may stand for `{…}` in a path. A name is a user; a number is the telephone number of one."""

_COMMON_NAMES = r"[a-z0-9_](?:[a-z0-9_.\-]{0,62}[a-z0-9_])"
_UNKNOWN_NAMES = r"(?=[0-9_.]*[a-z])[a-z0-9_][a-z0-9_.]{1,30}[a-z0-9_]"
_COMMON_CODES = r"[\w\-]{2,64}"
_PLACEHOLDER = re.compile(r"(\{\w+\}|\*)")
_BEFORE_HOST = re.compile(r"www|m|mobile|web|old|new|mbasic|[a-z]{2}(?:-[a-z]{2})?")


@dataclass(frozen=True, slots=True)
class Platform:
    """`parts` are the patterns of what it gives names to, by the words of `_PARTS`: "name", "invite", "game" …"""

    name: str
    words: tuple[str, ...]
    parts: dict[str, re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class Site:
    """A host of a platform, and the links there that lead to somebody or something."""

    platform: Platform
    links: tuple[re.Pattern[str], ...]


def site_of(host: str) -> Site | None:
    """The site that an ASCII host belongs to, whichever language or device it is made for."""
    first, _, rest = host.partition(".")
    return _SITES.get(host) or (_SITES.get(rest) if _BEFORE_HOST.fullmatch(first) else None)


def is_platform(host: str) -> bool:
    """Whether people have names there, so that many share the host."""
    return site_of(host) is not None


def called(word: str) -> Platform | None:
    """The platform of that name, or that people call so."""
    return _CALLED.get(word.lower())


def is_clear(word: str) -> bool:
    """Whether a word before a colon means the platform: `kik: anna` does, `Line: anna` need not."""
    return word.lower() in _CLEAR_WORDS


def _link(template: str) -> re.Pattern[str]:
    """A path of the table as a pattern over path, query and fragment; what it does not ask for may be anything."""
    path, question, parameter = template.partition("?")
    path, hash_, fragment = path.partition("#")
    pattern = _filled(path) + ("" if path.endswith("/") else "/?")
    pattern += rf"\?(?:[^#]*&)?{_filled(parameter)}(?:&[^#]*)?" if question else r"(?:\?[^#]*)?"
    pattern += f"#{_filled(fragment)}" if hash_ else "(?:#.*)?"
    return re.compile(pattern, re.ASCII | re.DOTALL)


def _filled(template: str) -> str:
    pieces = _PLACEHOLDER.split(template)
    return "".join(_piece(piece) for piece in pieces)


def _piece(piece: str) -> str:
    if piece == "*":
        return r"[^/?#]{1,200}"
    if piece.startswith("{"):
        return f"(?P<{piece[1:-1]}>{_PARTS[piece[1:-1]]})"
    return re.escape(piece)


def _platforms(rows: list[dict[str, Any]]) -> dict[str, Platform]:
    """Every platform by name; rows of one name are one platform with several kinds of host."""
    found = {"unknown": Platform("unknown", (), {"name": re.compile(_UNKNOWN_NAMES)})}
    for row in rows:
        known = found.get(row["name"])
        names = row.get("names", known.parts["name"].pattern if known else _COMMON_NAMES)
        codes = row.get("codes", known.parts["invite"].pattern if known else _COMMON_CODES)
        own = {"name": names, "invite": codes}
        parts = {part: re.compile(own.get(part, pattern), re.ASCII) for part, pattern in _PARTS.items()}
        words = tuple(row.get("words", known.words if known else ()))
        found[row["name"]] = Platform(row["name"], words, parts)
    return found


_TABLE = tomllib.loads(Path(__file__).with_name("platforms.toml").read_text(encoding="utf-8"))
OWN_PAGES: frozenset[str] = frozenset(_TABLE["own_pages"])
PLATFORMS = _platforms(_TABLE["platform"])
_CALLED = {word: platform for platform in PLATFORMS.values() for word in (platform.name, *platform.words)}
_CLEAR_WORDS = frozenset(word for platform in PLATFORMS.values() for word in platform.words)
_SITES = {
    host: Site(PLATFORMS[row["name"]], tuple(_link(path) for path in row["paths"]))
    for row in _TABLE["platform"]
    for host in row.get("hosts", ())
}
