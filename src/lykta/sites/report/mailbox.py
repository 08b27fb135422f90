"""The mailbox of a report: where it stands, what the hotline wrote or asks, and boxes to write back."""

import logging
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, QueryDict
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
from lykta.sites.report.answering import text_problems

logger = logging.getLogger(__name__)

OWN = "text"
"""The box for whatever the reporter wants to say. The box of a question is named after its number."""
_REPLY = "reply-"
_BOX = re.compile(rf"{OWN}|{_REPLY}[0-9a-f-]{{36}}")


@dataclass(frozen=True, slots=True)
class Typed:
    """What the page carries: the code as it was typed, what stands in each box, and the number of the form."""

    code: str
    boxes: dict[str, str]
    nonce: str

    @classmethod
    def read(cls, post: QueryDict) -> "Typed":
        boxes = {name: words.clean_text(str(said)) for name, said in post.items() if _BOX.fullmatch(name)}
        nonce = words.nonce_or_new(post.get("nonce", ""))
        return cls(words.clean_line(post.get("code", "")), {OWN: "", **boxes}, nonce)

    def without(self, box: str) -> "Typed":
        """The next form, after one box was sent: what stands in the others stays."""
        return Typed(self.code, {**self.boxes, box: ""}, words.new_nonce())


@dataclass(frozen=True, slots=True)
class Said:
    """Something that the hotline wrote. A question has a `box` for its answer: the name of the field and its button."""

    text: str
    written_at: datetime
    box: str = ""
    answered: bool = False
    typed: str = ""


@only("GET", "POST")
def mailbox(request: HttpRequest) -> HttpResponse:
    """The code stays in the bodies of requests: never in an address, a cookie or a session."""
    typed = Typed.read(request.POST)
    if request.method != "POST" or request.POST.get("step") == "language":
        return _code_form(request, typed)
    return floods.pause(request, floods.CODES, typed.code) or _open(request, typed)


def status_of(parcels: list[Delivered]) -> ReporterStatus:
    """The latest status that the hotline put into the mailbox; RECEIVED until it does."""
    status = ReporterStatus.RECEIVED
    for parcel in parcels:
        # A newer staff side may know a status that this face does not: the one before it still holds.
        with suppress(ValueError):
            status = ReporterStatus(parcel.content.get("status", ""))
    return status


def said_in(parcels: list[Delivered], typed: Typed, *, sent: str = "") -> list[Said]:
    """What the hotline wrote and asks, oldest first. `sent`: the box of an answer that was stored just now.

    This face cannot open what was sent before: the hotline says in a parcel which questions have an answer.
    """
    boxes = {_box(parcel) for parcel in parcels if parcel.content.get("type") == "answered"}
    found = []
    for parcel in parcels:
        box = _box(parcel) if parcel.content.get("type") == "question" else ""
        if box or parcel.content.get("type") == "message":
            text = parcel.content.get("text", "")
            found.append(Said(text, parcel.written_at, box, box in {*boxes, sent}, typed.boxes.get(box, "")))
    return found


def _box(parcel: Delivered) -> str:
    return f"{_REPLY}{parcel.content.get('number', '')}"


def _open(request: HttpRequest, typed: Typed) -> HttpResponse:
    try:
        opened = mailboxes.open_with(typed.code, kinds={BoxKind.REPORTER})
    except Refusal as refusal:
        floods.count(request, floods.CODES)
        return _code_form(request, typed, status=422, problems=[Problem("code", str(refusal))])
    except Error:
        logger.exception("The letterbox could not be read.")
        return _code_form(request, typed, status=503, failed=True)
    return _inside(request, opened, typed)


def _inside(request: HttpRequest, opened: OpenBox, typed: Typed) -> HttpResponse:
    """The button pressed says what the holder of the code wants."""
    match request.POST.get("step"):
        case "write":
            return _write(request, opened, typed, OWN)
        case "note":
            return note.download(opened)
        case "delete":
            return _ask_first(request, opened, typed)
        case "forget":
            return _forget(request, opened, typed)
        case str(box) if box in {one.box for one in said_in(opened.parcels, typed) if one.box}:
            return _write(request, opened, typed, box)
        case _:
            return _show(request, opened, typed)


def _write(request: HttpRequest, opened: OpenBox, typed: Typed, box: str) -> HttpResponse:
    """Seal what stands in one of the boxes to the hotline."""
    text = typed.boxes.get(box, "")
    if problems := [Problem(box, one.message) for one in text_problems(text)]:
        return _show(request, opened, typed, status=422, pressed=box, problems=problems)
    if page := floods.pause(request, floods.SENDS, typed.nonce):
        return page
    to = {} if box == OWN else {"to": box.removeprefix(_REPLY)}
    try:
        letterbox.drop_reply(
            box=opened.box,
            code=opened.code,
            content={"text": text, "nonce": typed.nonce, **to},
            hotline_key=settings.HOTLINE_PUBLIC_KEY,
            now=clock.now(),
        )
    except Error:
        logger.exception("A reporter's reply could not be stored; the reporter was told so.")
        return _show(request, opened, typed, status=503, pressed=box, failed=True)
    floods.count(request, floods.SENDS)
    return _show(request, opened, typed.without(box), sent=box)


def _ask_first(request: HttpRequest, opened: OpenBox, typed: Typed, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"code": opened.code, "boxes": typed.boxes, "switch": {"to": "delete", "enter": "open"}, **more}
    return render(request, "delete.html", context, status=status)


def _forget(request: HttpRequest, opened: OpenBox, typed: Typed) -> HttpResponse:
    try:
        letterbox.close_box(box=opened.box, code=opened.code, hotline_key=settings.HOTLINE_PUBLIC_KEY, now=clock.now())
    except Error:
        logger.exception("A mailbox could not be closed; the reporter was told so.")
        return _ask_first(request, opened, typed, status=503, failed=True)
    return render(request, "deleted.html", {"alone": True})


def _show(
    request: HttpRequest, opened: OpenBox, typed: Typed, *, status: int = 200, sent: str = "", **more: Any
) -> HttpResponse:
    """The page. `sent` is the box that was stored just now; `more` says what went wrong in the box `pressed`."""
    said = said_in(opened.parcels, typed, sent=sent)
    context = {
        "code": opened.code,
        "nonce": typed.nonce,
        "text": typed.boxes[OWN],
        "expires_at": opened.box.expires_at,
        "standing": gettext(status_of(opened.parcels).sentence),
        "asked": [one for one in said if one.box and not one.answered],
        "said": [one for one in said if one.answered or not one.box],
        "sent": sent,
        "switch": {"to": "open", "enter": "write"},
        **more,
    }
    return render(request, "mailbox.html", context, status=status)


def _code_form(request: HttpRequest, typed: Typed, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"code": typed.code, "boxes": typed.boxes, "switch": {"to": "language", "enter": "open"}, **more}
    return render(request, "code.html", context, status=status)
