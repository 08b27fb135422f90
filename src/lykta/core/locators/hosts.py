"""Hosts in running text: read them through a disguise, and tell a name from a time, a version or a file."""

import re
from typing import NamedTuple

from lykta.core.locators import grammar, web

_FILE_ENDINGS = frozenset({"zip", "mov"})
"""Top-level names that in a report nearly always end the name of a file."""

_SPOKEN_ENDINGS = frozenset({
    "at", "au", "be", "biz", "br", "ca", "cc", "ch", "cn", "co", "com", "cz", "de", "dk", "edu", "ee", "eu",
    "example", "fi", "fr", "gov", "info", "io", "jp", "kh", "kr", "lt", "lv", "net", "nl", "onion", "org", "ph", "pl",
    "pt", "ro", "ru", "se", "test", "th", "tv", "tw", "ua", "uk", "vn", "ws", "xyz",
})  # fmt: skip
"""Endings believed after `dot` or a lonely dot; `polka dot dress` and `the end . now` name nothing."""


class Host(NamedTuple):
    """A host as written but undisguised, where it ends in the text, and whether it was disguised."""

    name: str
    end: int
    disguised: bool


def read_host(pattern: re.Pattern[str], text: str, start: int) -> Host | None:
    """The host that begins at a place; a spoken dot counts only before a common ending."""
    match = pattern.match(text, start)
    if match is None:
        return None
    if grammar.SPOKEN_DOT_NEXT.match(text, match.end()):
        spoken = grammar.SPOKEN_HOST.match(text, start)
        if spoken and spoken["ending"].lower() in _SPOKEN_ENDINGS:
            match = spoken
    written = match[0].rstrip("-_")
    name = written if written.isalnum() else grammar.DISGUISED_DOT.sub(".", written)
    return Host(name, start + len(written), disguised=name != written)


def may_stand_alone(name: str) -> bool:
    """Whether a name can be meant as a host although nothing says so: not a time, a version or a file."""
    last = name.rpartition(".")[2]
    if last.isdecimal():
        return name.count(".") == 3
    if len(last) < 2:
        return False
    return web.has_real_suffix(name.lower() if name.isascii() else web.ascii_host(name))


def needs_more(host: Host) -> bool:
    """Whether a host without a scheme is taken for an address only with a port, a path or a disguise.

    `1.2.3.4` may be a version, `film.mov` a file, and `slut.Men` two sentences without a blank.
    """
    first, *_, last = host.name.split(".")
    is_doubtful = last.isdecimal() or last.istitle() or last.lower() in _FILE_ENDINGS
    return is_doubtful and not host.disguised and first.lower() != "www"


def mail_domain(host: Host | None) -> str:
    """The ASCII domain behind an @, "" where there is none."""
    if host is None or not may_stand_alone(host.name) or host.name[-1].isdecimal():
        return ""
    return web.ascii_host(host.name)
