"""Where a page leads: on to another one, or out, and then this site asks the browser to forget what it kept of it."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from lykta.sites.common.problems import only

EMPTY = "about:blank"
_EMPTY_PAGE = '<!doctype html><html lang="zxx"><meta name="color-scheme" content="light dark"><title>-</title></html>'
"""What stands in for `about:blank`, to which browsers let no site redirect. `zxx` is no language (ISO 639-2)."""


def see_other(address: str) -> HttpResponse:
    """On to another page, which is asked for with GET (RFC 9110 15.4.4)."""
    response = HttpResponseRedirect(address)
    response.status_code = HTTPStatus.SEE_OTHER
    return response


@only("GET")
def leave(request: HttpRequest) -> HttpResponse:
    """On to the site that the hotline chose, or to an empty page that looks like nothing."""
    del request
    target = settings.ENVIRONMENT.exit_url
    response = HttpResponse(_EMPTY_PAGE) if target == EMPTY else see_other(target)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
