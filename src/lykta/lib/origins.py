"""Origins of websites (RFC 6454), as people write them: scheme, host and port, nothing that stands for many."""

import re

from lykta.core.refusals import NotUnderstood

MOST = 20
"""For one partner. All of them stand in a header of every page."""

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ORIGIN = re.compile(rf"https://(?=[^/:]{{1,253}}(?::|$)){_LABEL}(?:\.{_LABEL})+(?::(?P<port>[1-9][0-9]{{0,4}}))?")


def read(written: str) -> tuple[str, ...]:
    """Each origin once, as a browser writes it. Between them spaces, lines or commas. Raises NotUnderstood."""
    found = dict.fromkeys(_origin(word) for word in re.split(r"[\s,]+", written) if word)
    if len(found) > MOST:
        raise NotUnderstood("There may be at most 20 sites.")
    return tuple(found)


def _origin(word: str) -> str:
    origin = word.lower().removesuffix("/")
    match = _ORIGIN.fullmatch(origin)
    if match is None or int(match["port"] or 0) > 65_535:
        raise NotUnderstood("Write each site as https://school.example, without a path and without a star.")
    return origin.removesuffix(":443")
