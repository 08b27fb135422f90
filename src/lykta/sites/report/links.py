"""Partners' links, `/r/CODE`: counted by day, about nobody; and a page to print."""

import logging

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe

from lykta.lib import clock, qr
from lykta.records.letterbox import links as registry
from lykta.records.letterbox import queries, tallies
from lykta.sites.common import floods
from lykta.sites.common.leaving import see_other
from lykta.sites.common.problems import only
from lykta.sites.report.journey import Journey

logger = logging.getLogger(__name__)


def known(code: str) -> str:
    """The code as it is listed, whatever its case; empty for one that is not, or while the list cannot be read."""
    if not code:
        return ""
    try:
        link = registry.link_with(code)
    except (Error, ValueError):
        logger.exception("A partner's link could not be looked up.")
        return ""
    return link.code if link else ""


def followed(request: HttpRequest, code: str) -> str:
    """Count the visit. Returns what `known` does."""
    link = known(code)
    if link and request.method == "GET" and floods.delay(request, floods.ARRIVALS, "", "") is None:
        count(link, visits=1)
        floods.count(request, floods.ARRIVALS)
    return link


def begun_with(link: str) -> str:
    """What stands behind the address of a page, so that it begins with this link."""
    return f"?via={link}" if link else ""


@only("GET")
def visit(request: HttpRequest, code: str) -> HttpResponse:
    """Count it, and on to the start page. A link that is not listed leads there, too."""
    return see_other(reverse("start") + begun_with(followed(request, code)))


@only("GET")
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """A page to print: what to do, the QR code and the address."""
    link = known(code)
    if not link:
        raise Http404
    drawn = mark_safe(qr.of(address(link)).svg())  # noqa: S308 - drawn by ourselves
    context = {"address": address(link), "picture": drawn}
    return render(request, "poster.html", context)


def address(link: str) -> str:
    return f"{settings.ENVIRONMENT.url('report')}/r/{link}"


def is_new_tip(journey: Journey) -> bool:
    """Whether it began with a link and was not sent before: pressing *send* twice is one tip."""
    try:
        return bool(journey.link) and queries.is_being_written(journey.code)
    except Error:
        return False


def count(link: str, *, visits: int = 0, tips: int = 0) -> None:
    """Where it cannot be counted, nobody has to wait for it."""
    try:
        tallies.add(link, day=clock.now().date(), visits=visits, tips=tips)
    except Error:
        logger.exception("A partner's link could not be counted.")
