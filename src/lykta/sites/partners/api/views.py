"""The partners' interface: report, ask how far it is, read how all of it works. `docs/partners-api.md` is for partners.

Nothing that was sent stands in an address or a log, and every report is a sealed letter before it is answered.
"""

import re
from hashlib import blake2b
from http import HTTPStatus
from secrets import token_bytes
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from lykta.core.refusals import NotAllowed, NotNow, NotUnderstood
from lykta.core.vocabulary import BoxKind, ReporterStatus
from lykta.lib import clock, codes
from lykta.lib.codes import Code
from lykta.records.letterbox import actions as letterbox
from lykta.sites.common import mailboxes
from lykta.sites.partners.api import items as reading
from lykta.sites.partners.api.description import MOST_ITEMS, description
from lykta.sites.partners.api.door import answering, body_of, json_in, partner_in
from lykta.sites.partners.api.problems import Mistake, Problem

_KEY = re.compile(r"[!-~]{1,255}")


@answering("GET")
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the interface; no token is needed to read it."""
    del request
    return JsonResponse(description(settings.ENVIRONMENT.url("partners")), json_dumps_params={"ensure_ascii": False})


@answering("POST")
def reports(request: HttpRequest) -> HttpResponse:
    """One report, or a batch with a result for each."""
    partner, token = partner_in(request)
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise Problem(HTTPStatus.BAD_REQUEST, "An Idempotency-Key has 1 to 255 visible ASCII characters.")
    body = body_of(request)
    sent = json_in(body)
    batch = isinstance(sent, dict) and "items" in sent
    items = _items(sent) if batch else [sent]
    found = [reading.mistakes_in(item) for item in items]
    if not batch and found[0]:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "This is no report: mend what errors names.", found[0])
    receipts = _receipts(token, key, len(items))
    good = [
        (code, reading.letter_of(item, partner=partner.slug, number=codes.report_number(code)))
        for code, item, wrong in zip(receipts, items, found, strict=True)
        if not wrong
    ]
    _store(good, once=_once(token, key, body))
    results = [_result(*one) for one in zip(items, found, receipts, strict=True)]
    if not batch:
        return JsonResponse(results[0], status=HTTPStatus.CREATED)
    return JsonResponse({"received": len(good), "refused": len(items) - len(good), "results": results})


@answering("POST")
def status(request: HttpRequest) -> HttpResponse:
    """How far a report is, for whoever holds its receipt."""
    partner_in(request)
    sent = json_in(body_of(request))
    if not isinstance(sent, dict) or sent.keys() != {"receipt"} or not isinstance(sent["receipt"], str):
        detail = 'Send {"receipt": "…"} with the receipt that the report was answered with, and nothing else.'
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, [Mistake("#/receipt", "This has to be a string.")])
    try:
        opened = mailboxes.open_with(sent["receipt"], kinds={BoxKind.PARTNER})
    except (NotUnderstood, NotAllowed):
        detail = (
            "This receipt opens nothing: check it sign by sign. It works for "
            f"{settings.ENVIRONMENT.box_days} days after the report."
        )
        raise Problem(HTTPStatus.NOT_FOUND, detail) from None
    known = [one for one in opened.parcels if one.content.get("type") == "status"]
    standing = {
        "status": known[-1].content["status"] if known else ReporterStatus.RECEIVED,
        "since": (known[-1].written_at if known else opened.box.created_at).isoformat(),
        "messages": [
            {"text": str(one.content.get("text", "")), "written_at": one.written_at.isoformat()}
            for one in opened.parcels
            if one.content.get("type") in {"message", "question"}
        ],
    }
    return JsonResponse(standing, json_dumps_params={"ensure_ascii": False})


def _items(sent: dict[str, Any]) -> list[Any]:
    """The items of a batch. Raises Problem where there are none, or too many."""
    items = sent["items"]
    wrong = [Mistake("#", "A batch has items and nothing beside them.")] if len(sent) > 1 else []
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_ITEMS:
        wrong.append(Mistake("#/items", f"This has to be an array of 1 to {MOST_ITEMS} reports."))
    if wrong:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Nothing was received: mend what errors names.", wrong)
    return list(items)


def _receipts(token: str, key: str | None, count: int) -> list[Code]:
    """A receipt for each item. Under a key they follow from the partner's token, so that they need not be stored."""
    secret = token_bytes(32) if key is None else _keyed(token, key.encode(), b"lykta-receipts")
    return [codes.derived(secret, str(number)) for number in range(count)]


def _once(token: str, key: str | None, body: bytes) -> letterbox.Once | None:
    if key is None:
        return None
    return letterbox.Once(
        key_digest=_keyed(token, key.encode(), b"lykta-once-key"), body_digest=_keyed(token, body, b"lykta-once-body")
    )


def _keyed(token: str, content: bytes, purpose: bytes) -> bytes:
    """32 bytes that nobody can compute who knows only the token's digest, as the database does."""
    return blake2b(content, key=token.encode(), digest_size=32, person=purpose).digest()


def _store(reports: list[tuple[Code, dict[str, Any]]], *, once: letterbox.Once | None) -> None:
    days, key = settings.ENVIRONMENT.box_days, settings.HOTLINE_PUBLIC_KEY
    post = letterbox.Post.for_days(days, hotline_key=key, language="en", now=clock.now())
    try:
        letterbox.drop_partner_reports(reports, post=post, once=once)
    except NotNow:
        detail = "You sent something else under this Idempotency-Key. Draw a new key for each new request."
        raise Problem(HTTPStatus.CONFLICT, detail) from None


def _result(item: Any, wrong: list[Mistake], code: Code) -> dict[str, Any]:
    own = {}
    if isinstance(item, dict) and isinstance(item.get("reference"), str):
        own["reference"] = item["reference"]
    if wrong:
        problem = Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "This is no report: mend what errors names.", wrong)
        return {"status": "refused", "problem": problem.members(), **own}
    return {"status": "received", "id": codes.report_number(code), "receipt": codes.spell(code), **own}
