"""The headers of every public page: nothing is loaded from elsewhere, nothing is kept, nothing is told to others."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path

GetResponse = Callable[[HttpRequest], HttpResponse]

TRUSTED_TYPES = "require-trusted-types-for 'script'; trusted-types"
"""No script of ours makes markup or code of text; browsers refuse what tries, but by a policy that a page names."""
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    f"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; {TRUSTED_TYPES} 'none'"
)
_UNUSED_FEATURES = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "microphone",
    "payment",
    "usb",
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _UNUSED_FEATURES),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def public_headers(get_response: GetResponse) -> GetResponse:
    """Middleware: the headers on pages, problem pages and style sheets alike."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.ONION_LOCATION and response.headers.get("Content-Type", "").startswith("text/html"):
            # Without its query, which may hold what somebody shared.
            response.headers["Onion-Location"] = settings.ONION_LOCATION + escape_uri_path(request.path)
        return response

    return answer
