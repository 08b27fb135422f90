"""On whose pages the form may be shown in a frame: exactly the listed origins, of the setting and of partners' links.

Every page names all of them, since a frame leads from page to page without a cookie that could say whose it is.
"""

import logging
import time

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse

from lykta.records.letterbox import links
from lykta.sites.common.headers import GetResponse

logger = logging.getLogger(__name__)
FRESH = 30.0
"""Seconds that the list is good for, so that a page costs no look at the letterbox."""

_read: dict[str, tuple[float, tuple[str, ...]]] = {}
"""The list as it was read last, and when."""


def let_listed_frame(get_response: GetResponse) -> GetResponse:
    """Middleware, around `public_headers`. X-Frame-Options knows no list, so it goes where there is one."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        allowed = dict.fromkeys([*settings.FRAMED_BY, *listed()])
        if allowed:
            policy = response.headers["Content-Security-Policy"]
            ancestors = f"frame-ancestors {' '.join(allowed)}"
            response.headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", ancestors)
            del response.headers["X-Frame-Options"]
        return response

    return answer


def listed() -> tuple[str, ...]:
    """The origins of all links, at most `FRESH` seconds old; older while the letterbox cannot be read."""
    at, known = _read.get("links", (-FRESH, ()))
    if time.monotonic() - at >= FRESH:
        try:
            known = links.origins()
        except Error:
            logger.exception("The sites of partners' links could not be read; the list from before stays.")
        remember(known)
    return known


def remember(known: tuple[str, ...]) -> None:
    """Take these for the list until `FRESH` seconds are over."""
    _read["links"] = (time.monotonic(), known)


def forget() -> None:
    """Read the list anew at the next page."""
    _read.clear()
