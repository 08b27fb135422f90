"""Where a page's script sends a file piece by piece, and asks how far it came after the line broke.

One request is one piece. Its headers say which: `Lykta-Upload` (a random UUID that the script has drawn),
`Lykta-Index`, `Lykta-Kind` (the media type) and, after a wait, `Lykta-Ticket`. A request without an index only asks.

Piece 0 is JSON `{"name", "type", "size"}`, then come the bytes, at the end JSON `{"size", "sha256"}`; where the browser
computes no SHA-256, it is empty. The answer is JSON: `{"kept": n}`, so many pieces are durable and piece n is next;
`{"wait": seconds, "ticket": …}`; or a sentence for the person in `wrong`.
"""

import json
import logging
import re
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils.translation import gettext

from lykta.core.attaching import PIECE_BYTES, FileKind, pieces
from lykta.core.refusals import NotNow, NotUnderstood
from lykta.records.letterbox import queries
from lykta.sites.common import floods
from lykta.sites.common.problems import only
from lykta.sites.report import keeping

logger = logging.getLogger(__name__)
_DIGEST = re.compile("(?:[0-9a-f]{64})?")


@only("POST")
def chunk(request: HttpRequest) -> HttpResponse:
    """A piece, or the question how many there are."""
    try:
        upload = UUID(hex=request.headers.get("Lykta-Upload", ""))
    except ValueError:
        return _say(400, wrong=_unreadable())
    if not settings.ENVIRONMENT.attachment_topics:
        return _say(404, wrong=gettext("This hotline takes no files."))
    return _take_or_refuse(request, upload)


def _take_or_refuse(request: HttpRequest, upload: UUID) -> HttpResponse:
    try:
        return _take(request, upload)
    except NotUnderstood as refusal:
        keeping.forget([upload])
        return _say(422, wrong=str(refusal))
    except NotNow as refusal:
        return _say(507, wrong=str(refusal))
    except Error:
        logger.exception("A piece of a file could not be stored; the reporter was told so.")
        return _say(503, wrong=keeping.fault())
    except (RequestDataTooBig, UnreadablePostError):
        return _say(400, wrong=_unreadable())


def _take(request: HttpRequest, upload: UUID) -> HttpResponse:
    number = request.headers.get("Lykta-Index", "")
    if not number:
        return _say(200, kept=queries.chunks_kept(upload))
    ticket = request.headers.get("Lykta-Ticket", "")
    if delay := floods.delay(request, floods.PIECES, upload.hex, ticket):
        return _say(429, wait=delay.seconds, ticket=delay.ticket)
    index = _number(number)
    kept = keeping.put(upload, index, _content(request, index))
    floods.count(request, floods.PIECES)
    return _say(200, kept=kept)


def _content(request: HttpRequest, index: int) -> bytes | dict[str, Any]:
    """What is to be sealed. Raises NotUnderstood for what may not be attached."""
    if request.content_type != "application/json":
        return _piece(request, index)
    try:
        said = json.loads(request.body)
        return _header(said) if index == 0 else _end(said, index)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotUnderstood(_unreadable()) from error


def _piece(request: HttpRequest, index: int) -> bytes:
    length = _number(request.headers.get("Content-Length", ""))
    if index == 0 or not 0 < length <= PIECE_BYTES:
        raise NotUnderstood(_unreadable())
    keeping.measure((index - 1) * PIECE_BYTES + length)
    kind = request.headers.get("Lykta-Kind", "")
    if kind not in set(FileKind):
        raise NotUnderstood(_unreadable())
    piece = request.body
    if len(piece) != length:
        raise UnreadablePostError("the line broke")
    if keeping.look_at(piece, begun=None if index == 1 else FileKind(kind)) != kind:
        raise NotUnderstood(_unreadable())
    return piece


def _header(said: dict[str, Any]) -> dict[str, Any]:
    keeping.measure(int(said["size"]))
    return {"name": keeping.clean_name(str(said["name"])), "type": str(FileKind(said["type"]))}


def _end(said: dict[str, Any], index: int) -> dict[str, Any]:
    size, digest = int(said["size"]), str(said["sha256"])
    if not _DIGEST.fullmatch(digest) or pieces(size) != index - 1:
        raise ValueError("not the end of this file")
    return {"end": True, "size": size, "sha256": digest}


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise NotUnderstood(_unreadable())
    return int(text)


def _unreadable() -> str:
    return gettext("We could not read this file as it was sent. Choose it again, or send the report without it.")


def _say(status: int, **said: object) -> HttpResponse:
    response = JsonResponse(said, status=status)
    if "wait" in said:
        response.headers["Retry-After"] = str(said["wait"])
    return response
