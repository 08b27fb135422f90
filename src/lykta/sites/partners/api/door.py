"""What every request to the interface passes: its method, its token, its size, its form."""

import json
import logging
import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, NoReturn

from django.db import Error
from django.http import HttpRequest, HttpResponse

from lykta.lib import clock
from lykta.records.letterbox.models import Partner
from lykta.records.letterbox.partners import partner_of, partner_with
from lykta.sites.common.floods import Buckets
from lykta.sites.partners.api.description import MOST_BYTES, MOST_ITEMS
from lykta.sites.partners.api.problems import Problem
from lykta.sites.partners.bodies import measured

View = Callable[[HttpRequest], HttpResponse]
REQUESTS = Buckets(burst=120, every=0.5, most=1_000)
"""What each partner may ask of one process: a hundred and twenty requests at once, then two a second."""
_BEARER = re.compile(r"Bearer +([!-~]{1,200})", re.IGNORECASE)
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")

logger = logging.getLogger(__name__)


def answering(method: str) -> Callable[[View], View]:
    """A view for one method; GET brings HEAD with it. Whatever goes wrong, the answer is a problem document."""
    allowed = ["GET", "HEAD"] if method == "GET" else [method]

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            try:
                return view(request) if request.method in allowed else _other_method(allowed)
            except Problem as problem:
                return problem.response()
            except Error:
                logger.exception("The letterbox did not answer; the partner was told so.")
                return Problem(
                    HTTPStatus.SERVICE_UNAVAILABLE,
                    "Nothing was stored. Try again in a minute, with the same Idempotency-Key if you sent one.",
                    headers={"Retry-After": "60"},
                ).response()

        return guarded

    return decorate


def partner_in(request: HttpRequest) -> tuple[Partner, str]:
    """Who asks, and the token that says so. Raises Problem."""
    given = _BEARER.fullmatch(request.headers.get("Authorization", "").strip())
    partner = partner_of(given[1]) if given else None
    if given is None or partner is None:
        raise Problem(
            HTTPStatus.UNAUTHORIZED,
            "Send the header “Authorization: Bearer …” with the token that the hotline gave you. If it was rotated or "
            "revoked, ask the hotline for a new one.",
            headers={"WWW-Authenticate": 'Bearer realm="lykta"'},
        )
    if partner_with(given[1], scope="reports") is None:
        _refuse(HTTPStatus.FORBIDDEN, "Your token is not good for reports. Ask the hotline to give you one that is.")
    now = clock.now().timestamp()
    if REQUESTS.spend(partner.slug.encode(), now) > REQUESTS.burst:
        raise Problem(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"That was too much at once. Wait a minute, and send up to {MOST_ITEMS} items in one request.",
            headers={"Retry-After": "60"},
        )
    return partner, given[1]


def body_of(request: HttpRequest) -> bytes:
    """What was sent, at most MOST_BYTES of it. Raises Problem."""
    if request.content_type != "application/json":
        _refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send JSON, with the header “Content-Type: application/json”.")
    try:
        body = measured(request, MOST_BYTES + 1).read(MOST_BYTES + 1)
    except OSError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "This did not arrive whole: send it again.") from error
    if len(body) > MOST_BYTES:
        _refuse(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"Nothing was received: {MOST_BYTES} bytes fit. Send your items in several requests.",
        )
    return body


def json_in(body: bytes) -> Any:
    """Raises Problem for what is not I-JSON (RFC 7493): UTF-8, plain numbers, no halves of characters, each name once.

    Of a name that is there twice one value would be lost without a word. A byte order mark may stand in front
    (RFC 8259 8.1).
    """
    try:
        text = body.decode("utf-8-sig")
        found = json.loads(text, parse_constant=_not_json, object_pairs_hook=_object)
        if _ESCAPED_SURROGATE.search(text):
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        detail = "This cannot be read: send JSON in UTF-8, without NaN, Infinity, halves of characters or a name twice."
        raise Problem(HTTPStatus.BAD_REQUEST, detail) from error
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _not_json(word: str) -> NoReturn:
    raise ValueError(word)


def _other_method(allowed: list[str]) -> HttpResponse:
    detail = f"Use {allowed[0]} at this address."
    return Problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, headers={"Allow": ", ".join(allowed)}).response()


def _refuse(status: HTTPStatus, detail: str) -> NoReturn:
    raise Problem(status, detail)
