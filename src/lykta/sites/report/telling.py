"""From the first question to the receipt: one question a page, each answer sealed and durable before the next page."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from lykta.core.asking import Told
from lykta.core.refusals import NotAllowed
from lykta.core.vocabulary import Asked
from lykta.lib import clock
from lykta.records.letterbox import actions as letterbox
from lykta.records.letterbox import queries
from lykta.sites.common import floods, language, words
from lykta.sites.common.problems import only
from lykta.sites.common.words import Problem
from lykta.sites.report import answering, keeping, links, showing, uploads
from lykta.sites.report.journey import CHARACTERS, Journey

logger = logging.getLogger(__name__)
Step = Callable[[HttpRequest, Journey], HttpResponse]


@only("GET")
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "start.html", {"via": links.known(request.GET.get("via", ""))})


@only("GET", "POST")
def tell(request: HttpRequest) -> HttpResponse:
    """One address for all questions, the check page and the receipt; the button pressed says which."""
    now = clock.now()
    if request.method != "POST":
        return showing.page(request, Journey.new(now, link=links.known(request.GET.get("via", ""))))
    uploads.accept(request)
    journey = Journey.read(request.POST.get("state", ""), now)
    if journey is None:
        typed = words.clean_text("\n".join([*request.POST.getlist("answer"), request.POST.get("fingerprints", "")]))
        return render(request, "lost.html", {"typed": typed, "alone": True}, status=422)
    step, _, detail = request.POST.get("step", "go").partition("-")
    if step == "change":
        return _change(request, journey, detail)
    if journey.at is Asked.FILES:
        return _files(request, journey, step, detail)
    return _STEPS.get(step, _go)(request, journey)


def _files(request: HttpRequest, journey: Journey, step: str, number: str) -> HttpResponse:
    """The page for chat logs and documents: files that came are there already, others are refused with advice."""
    attached = uploads.read(request)
    if step == "remove":
        attached = attached.without(number)
    journey = replace(journey, files=attached.lines)
    if step == "remove" or (attached.problems and step in {"go", "check"}):
        status = 422 if attached.problems else 200
        return showing.page(request, journey, status=status, attached=attached, problems=attached.problems)
    return _STEPS.get(step, _go)(request, journey)


def _go(request: HttpRequest, journey: Journey) -> HttpResponse:
    """The answer is kept, then comes the next page."""
    return _answer(request, journey, Journey.onward)


def _skip(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Without an answer to the next page, where that is allowed."""
    emptied = journey.said(dict.fromkeys(journey.fields, ""))
    if answering.problems(emptied):
        return _go(request, journey)
    return _keep(request, emptied, Journey.onward)


def _to_check(request: HttpRequest, journey: Journey) -> HttpResponse:
    """The answer is kept, and the rest left out."""
    return _answer(request, journey, Journey.to_check)


def _back(request: HttpRequest, journey: Journey) -> HttpResponse:
    """To the page before; what is typed comes along, if it can be carried, and is kept with the next answer."""
    typed = answering.with_typed(request, journey)
    if typed.length > CHARACTERS:
        return _refuse(request, journey, typed)
    return showing.page(request, typed.back())


def _change(request: HttpRequest, journey: Journey, name: str) -> HttpResponse:
    """From the check page to one of its answers."""
    found = next((page for page in journey.path if str(page) == name), None)
    return showing.page(request, replace(journey, at=found, checked=True))


def _again(request: HttpRequest, journey: Journey) -> HttpResponse:
    """The same page: in another language, or because the reporter keeps what they nearly threw away."""
    return showing.page(request, answering.with_typed(request, journey))


def _answer(request: HttpRequest, journey: Journey, then: Callable[[Journey], Journey]) -> HttpResponse:
    answered = answering.with_typed(request, journey)
    if answering.problems(answered):
        return _refuse(request, journey, answered)
    return _keep(request, answered, then)


def _refuse(request: HttpRequest, journey: Journey, answered: Journey) -> HttpResponse:
    """The same page with advice. What was typed stands in its fields alone: twice it could be too much to send."""
    problems = answering.problems(answered)
    return showing.page(request, answered, status=422, problems=problems, state=journey.carried())


def _keep(request: HttpRequest, answered: Journey, then: Callable[[Journey], Journey]) -> HttpResponse:
    """Store what was said so far, then show the next page; the same words need no second copy."""
    if answered.safe:
        return showing.page(request, then(answered))
    return _put(request, answered, letterbox.keep_part, lambda: showing.page(request, then(answered.kept())))


def _send(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Store, then show the code: in that order, since a receipt means that the report is safe."""
    if not journey.ready:
        return showing.page(request, journey.to_check())

    counts = links.is_new_tip(journey)

    def done() -> HttpResponse:
        if counts:
            links.count(journey.link, tips=1)
        return showing.receipt(request, journey)

    return _put(request, journey, letterbox.drop_report, done)


def _put(request: HttpRequest, journey: Journey, put: Any, done: Callable[[], HttpResponse]) -> HttpResponse:
    limit = floods.ANSWERS if journey.begun else floods.REPORTS
    if page := floods.pause(request, limit, request.POST.get("state", "")):
        return page
    chosen = language.of(request)
    post = letterbox.Post(
        hotline_key=settings.HOTLINE_PUBLIC_KEY,
        language=chosen,
        now=clock.now(),
        expires_at=journey.expires_at,
    )
    try:
        put(content=journey.content(chosen), code=journey.code, post=post)
    except NotAllowed:
        return render(request, "thrown.html", {"alone": True}, status=410)
    except Error:
        logger.exception("A report could not be stored; the reporter was told so.")
        return showing.page(request, journey, status=503, failed=True)
    floods.count(request, limit)
    return done()


def _number(request: HttpRequest, journey: Journey) -> HttpResponse:
    """The emergency number of the country that was typed on the page for a child in danger."""
    answered = answering.with_typed(request, journey)
    asked = answered.answers.get(Asked.COUNTRY, "")
    problems = [] if asked else [Problem("answer", gettext("Write the name of a country."))]
    return showing.page(
        request, replace(answered, at=Told.EMERGENCY), status=422 if problems else 200, problems=problems
    )


def _throw(request: HttpRequest, journey: Journey) -> HttpResponse:
    return showing.throw(request, answering.with_typed(request, journey))


def _throw_now(request: HttpRequest, journey: Journey) -> HttpResponse:
    """What lies in the letterbox is deleted, and the staff side is asked to forget what it may have read."""
    now = clock.now()
    try:
        box = queries.box_for(journey.code, now=now)
        if box is not None:
            letterbox.close_box(box=box, code=journey.code, hotline_key=settings.HOTLINE_PUBLIC_KEY, now=now)
        keeping.forget(one.number for one in uploads.Attached.of(journey.files).kept)
    except Error:
        logger.exception("A report could not be thrown away; the reporter was told so.")
        return showing.throw(request, journey, status=503, failed=True)
    return render(request, "thrown.html", {"alone": True})


_STEPS: dict[str, Step] = {
    "go": _go,
    "skip": _skip,
    "check": _to_check,
    "back": _back,
    "again": _again,
    "send": _send,
    "number": _number,
    "throw": _throw,
    "forget": _throw_now,
}
