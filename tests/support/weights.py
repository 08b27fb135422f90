"""How many bytes a page is with all that it loads, compressed as a server in front does it."""

import gzip
import re

from tests.support.installation import Installation

LEVEL = 6
"""Of gzip: what nginx in docs/operations/install.md uses."""
_LOADED = re.compile(r'<(?:link rel="stylesheet" href|script type="module" src)="([^"]+)"')
ALSO_LOADED = re.compile(r"<(?:img|iframe|video|audio|object|embed|input type=.image)\b|@import|url\(")
"""What would make a page, or a style sheet, load something else."""


def packed(data: str) -> int:
    return len(gzip.compress(data.encode(), LEVEL))


def weigh(running: Installation, source: str, known: dict[str, str]) -> int:
    """Bytes of a page and all that it loads. What it loads loads nothing more."""
    total = packed(source)
    for path in _LOADED.findall(source):
        if path not in known:
            status, known[path] = running.ask("GET", "report", path)
            assert status == 200, path
            assert not ALSO_LOADED.search(known[path]), path
        total += packed(known[path])
    return total
