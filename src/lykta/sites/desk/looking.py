"""Looking at a picture or a film: asked on purpose, shown once in reduced form, hidden by one key, timed."""

import hashlib

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lykta.core import exposure
from lykta.core.refusals import NotNow
from lykta.core.vocabulary import Blur, Gate, LookKind, Purpose
from lykta.lib.clock import now
from lykta.records.cases import fitness, opinions
from lykta.records.cases.access import access_item
from lykta.records.cases.models import Item
from lykta.records.exposure import actions, queries
from lykta.records.exposure.access import access_asked, access_colleague, access_look
from lykta.records.people.access import may_see_cases
from lykta.records.people.models import Staff
from lykta.sites.common.words import clean_line
from lykta.sites.desk.headers import content_security_policy
from lykta.sites.desk.meters import local_now, meter
from lykta.sites.desk.sentences import in_words
from lykta.sites.desk.step_up import fresh_factor
from lykta.sites.desk.verbs import SayRefusals, answers, house
from lykta.workflow import looking
from lykta.workflow.looking import Medium, Wish

_PICTURE_HEADERS = {
    "Cache-Control": "no-store, no-cache, private, max-age=0",
    "Pragma": "no-cache",
    "Expires": "0",
    "Vary": "*",
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
"""As much as a server can say so that a browser keeps nothing."""


@answers("GET", "POST")
def look(request: HttpRequest, by: Staff, number: int) -> HttpResponseBase:
    """What the gate says; by POST, begin. Whoever wants to see a sharp circle says once more who they are."""
    item = access_item(by, number)
    if request.method == "GET":
        return _ask(request, by, item)
    begin = fresh_factor(may_see_cases)(_begin) if request.POST.get("blur") == Blur.PRESS else _begin
    return begin(request, by, item)


@answers("GET")
def looking_at(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """The page that shows the picture of a look. Loaded again, it says that the look is over, and why."""
    found = access_look(by, number)
    if found.opened_at is not None:
        return render(request, "looked.html", {"look": found, "item": found.item})
    _, day = looking.ask(
        by=by,
        item=found.item,
        kind=LookKind(found.kind),
        purpose=_purpose(found.purpose),
        house=house(),
        now=local_now(),
    )
    context = {
        "look": found,
        "item": found.item,
        "press": found.blur == Blur.PRESS,
        "meter": meter(day, now=local_now(), limits=house().viewing),
        "longest": int(exposure.LONGEST.total_seconds()),
        "severities": actions.SEVERITIES,
    }
    response = render(request, "looking_at.html", context)
    # Without script nobody else hides it when the person has been called away.
    response.headers["Refresh"] = f"{context['longest']}; url={request.path}"
    response.headers["Content-Security-Policy"] = content_security_policy(images="'self'", connects="'self'")
    return response


@answers("GET")
def picture(request: HttpRequest, by: Staff, number: int) -> HttpResponseBase:
    """The picture of a look: once, to the session that asked, on its way from the sandbox; or why there is none."""
    found = access_look(by, number)
    try:
        shown = looking.show(
            by=by, look=found, session=_session(request), viewer=settings.VIEWER, house=house(), now=now()
        )
    except NotNow as refusal:
        return HttpResponse(in_words(str(refusal)), status=410, content_type="text/plain; charset=utf-8")
    response = StreamingHttpResponse(shown.pieces, content_type="image/png", headers=_PICTURE_HEADERS)
    response.headers["Content-Length"] = str(shown.length)
    return response


@answers("POST")
def end(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Hide it. What is next is the page of the item, to assess it, or the second opinion that it was looked at for."""
    found = access_look(by, number)
    said = request.POST.get("severity", "")
    actions.end(by=by, look=found, severity=int(said) if said in {"1", "2", "3"} else None, now=now())
    asked = opinions.own_to_give(by, found.item) if found.purpose == Purpose.SECOND_OPINION else None
    if asked is not None:
        return redirect("opinion", asked.pk)
    return redirect("assess" if request.POST.get("then") == "assess" else "item", found.item_id)


@answers("POST")
def skip(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Leave it to others, no reason asked."""
    item = access_item(by, number)
    actions.end_all(by=by, now=now())
    actions.leave(by=by, item=item, now=now())
    messages.success(request, gettext("Skipped. Somebody else will take it."))
    return redirect("queue")


@answers("POST")
def ask_colleague(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Ask a colleague to take it."""
    item = access_item(by, number)
    chosen = request.POST.get("colleague", "")
    if not chosen.isascii() or not chosen.isdigit():
        messages.error(request, gettext("Choose whom to ask."))
        return redirect("look", number)
    colleague = access_colleague(by, int(chosen))
    if not fitness.may_look(colleague, item):
        messages.error(
            request, gettext("Your colleague does not take items of this kind. Please choose somebody else.")
        )
        return redirect("look", number)
    actions.end_all(by=by, now=now())
    actions.ask_colleague(by=by, item=item, to=colleague, now=now())
    messages.success(request, gettext("%(name)s has been asked.") % {"name": colleague.username})
    return redirect("queue")


@answers("POST")
def take(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Read what a colleague has asked; it leaves the list."""
    del request
    asked = access_asked(by, number)
    actions.take(asked=asked, now=now())
    return redirect("item", asked.item_id)


def _ask(request: HttpRequest, by: Staff, item: Item, status: int = 200) -> HttpResponse:
    """The page before a look: what for, what of it, and how; or why not, and what to do instead."""
    media = looking.media_of(item)
    purpose = _purpose(request.POST.get("purpose") or request.GET.get("purpose", ""))
    chosen = _chosen(request, media)
    kind = chosen.kind if chosen else LookKind.PICTURE
    why = clean_line(request.POST.get("why", ""))
    decision, day = looking.ask(by=by, item=item, kind=kind, purpose=purpose, house=house(), now=local_now(), why=why)
    context = {
        "item": item,
        "media": media,
        "chosen": chosen,
        "purpose": purpose,
        "purposes": list(Purpose),
        "blurs": list(Blur),
        "preference": queries.preference_of(by),
        "decision": decision,
        "until": decision.at,
        "next": exposure.NEXT[decision.gate],
        "soft": decision.gate is Gate.SOFT,
        "known": decision.gate is Gate.KNOWN,
        "asked": opinions.is_asked(by, item),
        "names_reason": by.leads and (decision.gate is Gate.KNOWN or bool(why)),
        "why": why,
        "meter": meter(day, now=local_now(), limits=house().viewing),
        "colleagues": queries.colleagues_of(by, item),
    }
    return render(request, "look.html", context, status=status)


def _begin(request: HttpRequest, by: Staff, item: Item) -> HttpResponse:
    position, blur = request.POST.get("position", ""), request.POST.get("blur", "")
    wish = Wish(
        position=int(position) if position.isascii() and position.isdigit() else -1,
        purpose=_purpose(request.POST.get("purpose", "")),
        blur=Blur(blur) if blur in set(Blur) else Blur.STRONG,
        goes_on="goes_on" in request.POST,
        changed="changed" in request.POST,
        why=clean_line(request.POST.get("why", "")),
    )
    with SayRefusals(request):
        begun = looking.begin(by=by, item=item, wish=wish, session=_session(request), house=house(), now=local_now())
        return redirect("looking-at", begun.pk)
    return _ask(request, by, item, status=422)


def _chosen(request: HttpRequest, media: list[Medium]) -> Medium | None:
    named = [one for one in media if str(one.position) == request.POST.get("position")]
    return next(iter([*named, *media]), None)


def _purpose(word: str) -> Purpose:
    return Purpose(word) if word in set(Purpose) else Purpose.ASSESS


def _session(request: HttpRequest) -> str:
    return hashlib.sha256((request.session.session_key or "").encode()).hexdigest()
