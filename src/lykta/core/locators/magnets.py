"""Magnet links: named by the hash of what they share, whatever trackers and titles stand beside it."""

import base64
import re

from lykta.core.locators.model import Locator
from lykta.core.vocabulary import ItemKind

_TOPIC = re.compile(
    r"(?:^|[?&;])xt(?:\.\d{1,3})?=urn:(?:(?P<one>btih):(?P<hash>[0-9a-f]{40}|[a-z2-7]{32})(?![0-9a-z])"
    r"|(?P<two>btmh):1220(?P<long>[0-9a-f]{64})(?![0-9a-z]))",
    re.IGNORECASE,
)
"""BitTorrent enhancement proposals 9 (version 1) and 52 (version 2)."""


def locate(parameters: str, written: str) -> Locator | None:
    """What a magnet link shares, None where it names no torrent. The first hash counts, in hexadecimal."""
    match = _TOPIC.search(parameters.replace("%3A", ":").replace("%3a", ":"))
    if match is None:
        return None
    if match["two"]:
        space, topic = "btmh", f"1220{match['long'].lower()}"
    else:
        raw = match["hash"]
        space, topic = "btih", (raw if len(raw) == 40 else base64.b32decode(raw.upper()).hex()).lower()
    return Locator(ItemKind.MAGNET, written, f"magnet:?xt=urn:{space}:{topic}", f"{space}/{topic}", "bittorrent")
