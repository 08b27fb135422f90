"""From the first page to the receipt. No session: each page carries what was typed."""

import logging
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lykta.core import locators
from lykta.lib import clock, codes
from lykta.records.letterbox import actions as letterbox
from lykta.sites.common import floods, language, words
from lykta.sites.common.problems import only
from lykta.sites.report import note
from lykta.sites.report.forms import TOPICS, Draft

LISTED = 50
"""Addresses that the check page lists; it counts the others."""

logger = logging.getLogger(__name__)


@only("GET")
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "start.html")


@only("GET", "POST")
def tell(request: HttpRequest) -> HttpResponse:
    """One address for the form, the check page and the receipt; the button pressed says which."""
    if request.method != "POST":
        return _form(request, Draft(nonce=words.new_nonce()))
    draft = Draft.read(request.POST)
    step = request.POST.get("step")
    if step == "change":
        return _form(request, draft)
    if problems := draft.problems():
        return _form(request, draft, status=422, problems=problems)
    return _send(request, draft) if step == "send" else _check(request, draft)


def _form(request: HttpRequest, draft: Draft, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"draft": draft, "topics": TOPICS, "switch": {"to": "change", "enter": "check"}, **more}
    return render(request, "tell.html", context, status=status)


def _check(request: HttpRequest, draft: Draft) -> HttpResponse:
    found = locators.find(draft.text)
    addresses = [locators.defang(locator.address) for locator in found.locators]
    context = {
        "draft": draft,
        "addresses": addresses[:LISTED],
        "unlisted": len(addresses[LISTED:]),
        "cut": found.cut,
        "switch": {"to": "check", "enter": "send"},
    }
    return render(request, "check.html", context)


def _send(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Store, then show the code: in that order, since a receipt means that the report is safe."""
    if page := floods.pause(request, floods.SENDS, draft.nonce):
        return page
    code = codes.new()
    chosen = language.of(request)
    try:
        letter = letterbox.drop_report(
            content=draft.sealed_content(language=chosen),
            code=code,
            hotline_key=settings.HOTLINE_PUBLIC_KEY,
            language=chosen,
            now=clock.now(),
            days=settings.ENVIRONMENT.box_days,
        )
    except Error:
        logger.exception("A report could not be stored; the reporter was told so.")
        return _form(request, draft, status=503, failed=True)
    floods.count(request, floods.SENDS)
    context = {
        "code": code,
        "groups": codes.spell(code).split("-"),
        "picture": note.picture(code),
        "expires_at": letter.box.expires_at,
        "alone": True,
    }
    return render(request, "receipt.html", context)
