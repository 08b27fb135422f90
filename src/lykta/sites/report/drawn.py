"""Pages that differ in a few values only are drawn once; then the values are put in. Drawing is most of what one costs.

Nothing that a reporter said is part of what is kept: it comes as a value, and goes where its hole is.
"""

import secrets
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.html import conditional_escape

MOST = 2000
"""Pages that are kept, some megabytes: there are a few hundred that reporters meet often."""

Draw = Callable[[Mapping[str, str]], HttpResponse]
"""Makes a page of values by name."""

_SECRET = secrets.token_hex(16)

_shelf: tuple[Any, dict[Hashable, bytes]] = (None, {})
"""The settings with which pages were drawn, and the pages. To compare settings by value costs more than filling."""


def filled(key: Hashable, draw: Draw, values: Mapping[str, str]) -> HttpResponse:
    """The page that `draw` makes of `values`, escaped as a template does it.

    `draw` is called once for each `key`, with other words in their place; all else that it depends on is in the `key`.
    """
    pages = _pages()
    page = pages.get(key)
    if page is None:
        if len(pages) >= MOST:
            pages.clear()
        page = pages[key] = draw({name: _hole(name) for name in values}).content
    for name, value in values.items():
        page = page.replace(_hole(name).encode(), conditional_escape(value).encode())
    return HttpResponse(page)


def _pages() -> dict[Hashable, bytes]:
    global _shelf  # noqa: PLW0603 - a memory of this process
    if _shelf[0] is not settings.ENVIRONMENT:
        _shelf = (settings.ENVIRONMENT, {})
    return _shelf[1]


def _hole(name: str) -> str:
    """Words that nobody else knows, so that no reporter can write them."""
    return f"{_SECRET}-{name}-"
