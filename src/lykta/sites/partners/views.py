"""Police, partner hotlines and hosts read here what the hotline sent, and answer it. The code is in their mail."""

import logging
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lykta.core import locators
from lykta.core.refusals import Refusal
from lykta.core.vocabulary import Answer, BoxKind
from lykta.lib import clock
from lykta.records.letterbox import actions as letterbox
from lykta.sites.common import floods, mailboxes, words
from lykta.sites.common.mailboxes import OpenBox
from lykta.sites.common.problems import only
from lykta.sites.common.words import Problem
from lykta.sites.partners.forms import CHOICES, NEXT, Reply

LISTED = 1_000
"""Addresses of one parcel that the page lists; it counts the others."""

logger = logging.getLogger(__name__)


@only("GET", "POST")
def answer(request: HttpRequest) -> HttpResponse:
    """One address for the code, the message and the answer; the button pressed says which."""
    if request.method != "POST":
        return render(request, "code.html")
    typed = words.clean_line(request.POST.get("code", ""))
    reply = Reply.read(request.POST)
    if request.POST.get("step") == "language":
        return _code_form(request, typed, reply)
    return floods.pause(request, floods.CODES, typed) or _open(request, typed, reply)


def _open(request: HttpRequest, typed: str, reply: Reply) -> HttpResponse:
    try:
        opened = mailboxes.open_with(typed, kinds={*CHOICES})
    except Refusal as refusal:
        floods.count(request, floods.CODES)
        return _code_form(request, typed, reply, status=422, problems=[Problem("code", str(refusal))])
    except Error:
        logger.exception("The letterbox could not be read.")
        return _code_form(request, typed, reply, status=503, failed=True)
    if request.POST.get("step") == "answer":
        return _answer(request, opened, reply)
    return _show(request, opened, reply)


def _answer(request: HttpRequest, opened: OpenBox, reply: Reply) -> HttpResponse:
    if problems := reply.problems(BoxKind(opened.box.kind)):
        return _show(request, opened, reply, status=422, problems=problems)
    if page := floods.pause(request, floods.SENDS, reply.nonce):
        return page
    try:
        letterbox.drop_reply(
            box=opened.box,
            code=opened.code,
            content=reply.sealed_content(),
            hotline_key=settings.HOTLINE_PUBLIC_KEY,
            now=clock.now(),
        )
    except Error:
        logger.exception("A recipient's answer could not be stored; the recipient was told so.")
        return _show(request, opened, reply, status=503, failed=True)
    floods.count(request, floods.SENDS)
    context = {
        "chosen": CHOICES[BoxKind(opened.box.kind)][Answer(reply.answer)],
        "next": NEXT[Answer(reply.answer)],
        "reference": reply.reference,
        "alone": True,
    }
    return render(request, "answered.html", context)


def _show(request: HttpRequest, opened: OpenBox, reply: Reply, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "code": opened.code,
        "kind": opened.box.kind,
        "expires_at": opened.box.expires_at,
        "messages": [_message(parcel.content) for parcel in opened.parcels],
        "choices": CHOICES[BoxKind(opened.box.kind)],
        "reply": reply,
        "switch": {"to": "open", "enter": "answer"},
        **more,
    }
    return render(request, "message.html", context, status=status)


def _message(content: dict[str, Any]) -> dict[str, Any]:
    """A parcel as the page shows it: plain text, and addresses that nobody follows by mistake."""
    addresses = [locators.defang(address) for address in content.get("addresses", [])]
    return {
        "title": content.get("title", ""),
        "text": content.get("text", ""),
        "addresses": addresses[:LISTED],
        "unlisted": len(addresses[LISTED:]),
    }


def _code_form(request: HttpRequest, typed: str, reply: Reply, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"code": typed, "reply": reply, "switch": {"to": "language", "enter": "open"}, **more}
    return render(request, "code.html", context, status=status)
