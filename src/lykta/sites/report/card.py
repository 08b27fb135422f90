"""The travel card: whom to call in which country and what to note. The only page that a device may keep."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lykta.lib import countries, places
from lykta.sites.common import language
from lykta.sites.common.headers import CONTENT_SECURITY_POLICY, TRUSTED_TYPES
from lykta.sites.common.problems import only

CARD_POLICY = (
    CONTENT_SECURITY_POLICY.replace(f"{TRUSTED_TYPES} 'none'", f"{TRUSTED_TYPES} travel-card") + "; worker-src 'self'"
)


@only("GET")
def card(request: HttpRequest) -> HttpResponse:
    """Every number that was verified, by the name of its country. Its script may start the keeper, and nothing else."""
    names = places.country_names(language.of(request))
    rows = [(name, found) for code, name in names.items() if (found := countries.emergency_of(code))]
    context = {"rows": rows, "address": settings.ENVIRONMENT.url("report") + reverse("start")}
    response = render(request, "card.html", context)
    response.headers["Content-Security-Policy"] = CARD_POLICY
    return response


@only("GET")
def keeper(request: HttpRequest) -> HttpResponse:
    """The service worker. It has to come from the top of the site to be in charge of a page below it."""
    del request
    source = (Path(str(settings.STATIC_ROOT)) / "travel-card.js").read_bytes()
    response = HttpResponse(source, content_type="text/javascript; charset=utf-8")
    response.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    return response
