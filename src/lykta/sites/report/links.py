"""Partners' links, `/r/CODE`: counted by day, about nobody; and what a partner shows: a link, a QR code, a poster.

They stand in `data/links.toml` of LYKTA_HOME, a `[[link]]` table with `code` and `name` for each.
"""

import logging
import re
import tomllib
from pathlib import Path

import qrcode
from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from qrcode.constants import ERROR_CORRECT_Q

from lykta.core.refusals import NotUnderstood
from lykta.lib import clock
from lykta.records.letterbox import queries, tallies
from lykta.sites.common import floods
from lykta.sites.common.leaving import see_other
from lykta.sites.common.problems import only
from lykta.sites.report import note
from lykta.sites.report.journey import Journey

logger = logging.getLogger(__name__)
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,31}")


def listed(file: Path) -> dict[str, str]:
    """Code → name of the partner; none where there is no file. Raises NotUnderstood, naming what is wrong."""
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8")).get("link", [])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise NotUnderstood(f"{file} cannot be read: {error}") from error
    found: dict[str, str] = {}
    for table in tables:
        code, name = str(table.get("code", "")), str(table.get("name", ""))
        if not _CODE.fullmatch(code) or not name or set(table) != {"code", "name"}:
            raise NotUnderstood(f"{file}: {code}: give a code of capital letters, digits and hyphens, and a name.")
        if code in found:
            raise NotUnderstood(f"{file}: {code} stands there twice.")
        found[code] = name
    return found


def known(code: str) -> str:
    """The code as it is listed, whatever its case; empty for one that is not, or while the list cannot be read."""
    if not code:
        return ""
    try:
        return code.upper() if code.upper() in listed(settings.LINKS) else ""
    except NotUnderstood:
        logger.exception("The list of partners' links cannot be read: `lykta links` says why.")
        return ""


@only("GET")
def visit(request: HttpRequest, code: str) -> HttpResponse:
    """Count it, and on to the start page. A link that is not listed leads there, too."""
    link = known(code)
    if link and request.method == "GET" and floods.delay(request, floods.ARRIVALS, "", "") is None:
        count(link, visits=1)
        floods.count(request, floods.ARRIVALS)
    return see_other(reverse("start") + (f"?via={link}" if link else ""))


@only("GET")
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """A page to print: what to do, the QR code and the address."""
    link = known(code)
    if not link:
        raise Http404
    context = {"address": address(link), "picture": mark_safe(picture(address(link)))}  # noqa: S308 - drawn by ourselves
    return render(request, "poster.html", context)


def address(link: str) -> str:
    return f"{settings.ENVIRONMENT.url('report')}/r/{link}"


def picture(written: str) -> str:
    """A QR code as SVG; a quarter of it may be dirty or torn."""
    drawn = qrcode.QRCode(error_correction=ERROR_CORRECT_Q)
    drawn.add_data(written)
    drawn.make(fit=True)
    return note.as_svg(drawn)


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
