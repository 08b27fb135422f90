"""The button on the phone: what a share menu or a bookmark sends comes into the form, and stays in no history or log.

Such a request carries an address in its own. So what it carries is handed over, sealed, and the browser is led on to a
page whose address holds a ticket that is used up when the page is shown: no cookie, no script.
"""

import logging
from dataclasses import replace
from http import HTTPStatus

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse

from lykta.core import locators
from lykta.core.vocabulary import Asked, Topic
from lykta.lib import clock
from lykta.records.letterbox import handovers
from lykta.sites.common import floods, language, words
from lykta.sites.common.headers import CONTENT_SECURITY_POLICY
from lykta.sites.common.leaving import see_other
from lykta.sites.common.problems import only
from lykta.sites.report import links, showing
from lykta.sites.report.journey import Journey

logger = logging.getLogger(__name__)
SEARCHED = ("url", "u", "text", "title")
"""What a share menu fills in differs from one to the next; `u` is the bookmark's. A partner's has `via` as well."""


@only("GET")
def share(request: HttpRequest) -> HttpResponse:
    """From the share menu or the bookmark: on to the form, by an address that tells nothing."""
    via = links.begun_with(links.followed(request, request.GET.get("via", "")))
    found = read(request)
    if not found:
        return see_other(reverse("tell") + via)
    ticket = _handed_over(request, found)
    return see_other(reverse("shared", kwargs={"ticket": ticket}) + via) if ticket else _form(request, found)


@only("GET")
def shared(request: HttpRequest, ticket: str) -> HttpResponse:
    """The form with what was shared. Only the first who comes sees it; whoever comes later begins without."""
    if request.method == "HEAD":
        return HttpResponse()
    try:
        found = handovers.open_once(ticket, key=settings.FORM_KEY, now=clock.now())
    except Error:
        logger.exception("What was shared could not be read.")
        found = None
    return _form(request, found)


@only("GET")
def button(request: HttpRequest) -> HttpResponse:
    """How to put the button on a phone, and into a browser."""
    address = settings.ENVIRONMENT.url("report") + reverse("bookmark") + "?u="
    bookmark = f"javascript:location='{address}'+encodeURIComponent(location)"
    response = render(request, "button.html", {"address": address, "bookmark": bookmark})
    # Chromium takes the manifest's icon only where the page may load pictures; no other page may.
    allowed = f"{CONTENT_SECURITY_POLICY}; manifest-src 'self'; img-src 'self'"
    response.headers["Content-Security-Policy"] = allowed
    return response


@only("GET")
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to know to install the form beside its apps (W3C Manifest, Web Share Target)."""
    chosen = language.of(request)
    icon = {"src": static("icon.svg"), "type": "image/svg+xml", "sizes": "any"}
    name = settings.ENVIRONMENT.name
    told = {
        "id": "/",
        "name": name,
        "short_name": name,
        "lang": chosen,
        "dir": language.direction(chosen),
        "start_url": reverse("start"),
        "scope": "/",
        "display": "standalone",
        "icons": [icon],
        "share_target": {
            "action": reverse("share"),
            "method": "GET",
            "enctype": "application/x-www-form-urlencoded",
            "params": {"title": "title", "text": "text", "url": "url"},
        },
    }
    return JsonResponse(told, content_type="application/manifest+json")


def read(request: HttpRequest) -> str:
    """Every address in what was shared, each on a line of its own; where there is none, the shared text."""
    given = {name: words.clean_text(request.GET.get(name, "")) for name in SEARCHED}
    found = locators.find("\n".join(given.values())).locators
    return "\n".join(locator.address for locator in found) or given["text"]


def _handed_over(request: HttpRequest, found: str) -> str | None:
    """The ticket; None where the letterbox takes nothing, or very much comes at once: then the form comes directly."""
    if floods.delay(request, floods.ARRIVALS, "", "") is not None:
        return None
    try:
        ticket = handovers.hand_over(found, key=settings.FORM_KEY, now=clock.now())
    except Error:
        logger.exception("What was shared could not be handed over; the form was shown at once.")
        return None
    floods.count(request, floods.ARRIVALS)
    return ticket


def _form(request: HttpRequest, found: str | None) -> HttpResponse:
    """The first question that is not answered yet, with the address below; or from the start, and why."""
    # The page is one of the form: its twins in other languages are the form's, and no ticket stands in them.
    request.path = reverse("tell")
    journey = Journey.new(clock.now(), link=links.known(request.GET.get("via", "")))
    if found is None:
        return showing.page(request, journey, status=HTTPStatus.GONE, used=True)
    journey = replace(journey.said({Asked.TOPIC: Topic.WEB, Asked.WHERE: found}), at=Asked.DANGER)
    return showing.page(request, journey, shared=True)
