"""Hosts in running text: read them through a disguise, and tell a name from a time, a version or a file."""

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


def read_host(text: str, start: int, *, in_url: bool = False) -> Host | None:
    """The host that begins at a place; a spoken dot counts only before a common ending.

    Behind a scheme it may be an IPv6 address, or hold escapes.
    """
    plain = grammar.PLAIN_HOST.match(text, start)
    if plain and text[plain.end() : plain.end() + 1] not in grammar.MAY_HIDE_A_DOT:
        written = plain[0].rstrip("-_")
        return Host(written, start + len(written), disguised=False)
    match = (grammar.HOST_IN_URL if in_url else grammar.HOST).match(text, start)
    if match is None:
        return None
    if grammar.SPOKEN_DOT_NEXT.match(text, match.end()):
        spoken = grammar.SPOKEN_HOST.match(text, start)
        if spoken and spoken["ending"].lower() in _SPOKEN_ENDINGS:
            match = spoken
    written = match[0].rstrip("-_")
    name = grammar.DISGUISED_DOT.sub(".", written)
    return Host(name, start + len(written), disguised=name != written)


def may_stand_alone(name: str) -> bool:
    """Whether a name can be meant as a host although nothing says so: not a time, a version or a file."""
    before, _, last = name.rpartition(".")
    if last.isdecimal():
        return name.count(".") == 3
    if len(last) < 2 or not before:
        return False
    return web.is_top(last.lower() if last.isascii() else web.ascii_host(name).rpartition(".")[2])


def needs_more(host: Host) -> bool:
    """Whether a host without a scheme is taken for an address only with a port, a path or a disguise.

    `1.2.3.4` may be a version, `film.mov` a file, and `slut.Men` two sentences without a blank.
    """
    last = host.name.rpartition(".")[2]
    if last.islower() and last not in _FILE_ENDINGS:
        return False
    is_doubtful = last.isdecimal() or last.istitle() or last.lower() in _FILE_ENDINGS
    return is_doubtful and not host.disguised and not host.name.lower().startswith("www.")


def mail_domain(name: str) -> str:
    """The ASCII domain behind an @, "" where a name cannot be one."""
    return web.ascii_host(name) if may_stand_alone(name) and not name[-1].isdecimal() else ""
