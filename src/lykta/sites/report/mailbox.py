"""The mailbox of a report: where it stands, what the hotline answered, and a box to write back."""

import logging
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from lykta.core.refusals import Refusal
from lykta.core.vocabulary import BoxKind, ReporterStatus
from lykta.lib import clock
from lykta.records.letterbox import actions as letterbox
from lykta.records.letterbox.queries import Delivered
from lykta.sites.common import floods, mailboxes, words
from lykta.sites.common.mailboxes import OpenBox
from lykta.sites.common.problems import only
from lykta.sites.common.words import Problem
from lykta.sites.report import note
from lykta.sites.report.forms import text_problems

logger = logging.getLogger(__name__)


@only("GET", "POST")
def mailbox(request: HttpRequest) -> HttpResponse:
    """The code stays in the bodies of requests: never in an address, a cookie or a session."""
    if request.method != "POST":
        return render(request, "code.html")
    typed = words.clean_line(request.POST.get("code", ""))
    text = words.clean_text(request.POST.get("text", ""))
    nonce = words.nonce_or_new(request.POST.get("nonce", ""))
    if request.POST.get("step") == "language":
        return _code_form(request, typed, text)
    return floods.pause(request, floods.CODES, typed) or _open(request, typed, text, nonce)


def status_of(parcels: list[Delivered]) -> ReporterStatus:
    """The latest status that the hotline put into the mailbox; RECEIVED until it does."""
    status = ReporterStatus.RECEIVED
    for parcel in parcels:
        # A newer staff side may know a status that this face does not: the one before it still holds.
        with suppress(ValueError):
            status = ReporterStatus(parcel.content.get("status", ""))
    return status


def _open(request: HttpRequest, typed: str, text: str, nonce: str) -> HttpResponse:
    try:
        opened = mailboxes.open_with(typed, kinds={BoxKind.REPORTER})
    except Refusal as refusal:
        floods.count(request, floods.CODES)
        return _code_form(request, typed, text, status=422, problems=[Problem("code", str(refusal))])
    except Error:
        logger.exception("The letterbox could not be read.")
        return _code_form(request, typed, text, status=503, failed=True)
    return _inside(request, opened, text, nonce)


def _inside(request: HttpRequest, opened: OpenBox, text: str, nonce: str) -> HttpResponse:
    """The button pressed says what the holder of the code wants."""
    match request.POST.get("step"):
        case "write":
            return _write(request, opened, text, nonce)
        case "note":
            return note.download(opened)
        case "delete":
            return _ask_first(request, opened, text)
        case "forget":
            return _forget(request, opened, text)
        case _:
            return _show(request, opened, text=text, nonce=nonce)


def _write(request: HttpRequest, opened: OpenBox, text: str, nonce: str) -> HttpResponse:
    if problems := text_problems(text):
        return _show(request, opened, text=text, nonce=nonce, status=422, problems=problems)
    if page := floods.pause(request, floods.SENDS, nonce):
        return page
    try:
        letterbox.drop_reply(
            box=opened.box,
            code=opened.code,
            content={"text": text, "nonce": nonce},
            hotline_key=settings.HOTLINE_PUBLIC_KEY,
            now=clock.now(),
        )
    except Error:
        logger.exception("A reporter's reply could not be stored; the reporter was told so.")
        return _show(request, opened, text=text, nonce=nonce, status=503, failed=True)
    floods.count(request, floods.SENDS)
    return _show(request, opened, nonce=words.new_nonce(), received=True)


def _ask_first(request: HttpRequest, opened: OpenBox, text: str, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"code": opened.code, "text": text, "switch": {"to": "delete", "enter": "open"}, **more}
    return render(request, "delete.html", context, status=status)


def _forget(request: HttpRequest, opened: OpenBox, text: str) -> HttpResponse:
    try:
        letterbox.close_box(box=opened.box, code=opened.code, hotline_key=settings.HOTLINE_PUBLIC_KEY, now=clock.now())
    except Error:
        logger.exception("A mailbox could not be closed; the reporter was told so.")
        return _ask_first(request, opened, text, status=503, failed=True)
    return render(request, "deleted.html", {"alone": True})


def _show(request: HttpRequest, opened: OpenBox, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "code": opened.code,
        "expires_at": opened.box.expires_at,
        "standing": gettext(status_of(opened.parcels).sentence),
        "messages": [parcel for parcel in opened.parcels if parcel.content.get("type") == "message"],
        "switch": {"to": "open", "enter": "write"},
        **more,
    }
    return render(request, "mailbox.html", context, status=status)


def _code_form(request: HttpRequest, typed: str, text: str, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"code": typed, "text": text, "switch": {"to": "language", "enter": "open"}, **more}
    return render(request, "code.html", context, status=status)
