"""The headers of every page of the desk: only its own styles and script, nothing kept, nothing told to others."""

from django.http import HttpRequest, HttpResponse

from lykta.sites.common.headers import HEADERS, GetResponse

_SOURCES = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "data:",  # the QR code that sets up a second factor
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}


def content_security_policy(*, images: str = "", connects: str = "") -> str:
    """The policy of a page; `images` and `connects` are allowed where they are given, and nowhere else."""
    sources = _SOURCES | ({"img-src": images} if images else {}) | ({"connect-src": connects} if connects else {})
    return "; ".join(f"{what} {where}" for what, where in sources.items())


CONTENT_SECURITY_POLICY = content_security_policy()
DESK_HEADERS = {
    **HEADERS,
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # With "no-referrer" a browser sends `Origin: null` with every form, which the CSRF check has to refuse.
    "Referrer-Policy": "same-origin",
}


def desk_headers(get_response: GetResponse) -> GetResponse:
    """Middleware: the headers on pages, problem pages and style sheets alike."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in DESK_HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return answer
