"""A report that comes in several requests, from a sender whose only memory of it is a number: what was sent so far.

The face cannot open the letter that it sealed to the hotline, so it could add nothing to it. A draft is the same once
more, locked with a key that the code gives; the code comes from what the sender names in every request and is stored
nowhere. Each change writes both, the letter whole: whenever the sender stops, the hotline has all that came.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lykta.core.vocabulary import BoxKind, LetterKind
from lykta.lib import codes, sealing
from lykta.lib.codes import Code
from lykta.records.letterbox.actions import Post, open_box, seal_letter
from lykta.records.letterbox.code_in_use import code_in_use, upload_in_use
from lykta.records.letterbox.models import DATABASE, Box, Chunk, Letter

Draft = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Amended:
    """What becomes of a report: its draft, and the letter with its kind; no letter where nothing is to be sent."""

    draft: Draft
    letter: dict[str, Any] | None = None
    kind: LetterKind = LetterKind.PART


def amend(*, code: Code, post: Post, change: Callable[[Draft | None], Amended]) -> Draft:
    """Change a report as one durable step, while nobody else changes it. Returns the draft as it is then.

    `change` gets what is known, None for nothing, and may raise to leave all as it is. The mailbox is opened with the
    first letter, and kept until `post.expires_at` from then on. A draft that nobody changes goes after two days, with
    the files that no report claims (`workflow/attachments.py`).
    """
    lookup = codes.lookup(code)
    with code_in_use(lookup, durable=True):
        # On PostgreSQL two requests for one report queue here.
        box = Box.objects.using(DATABASE).select_for_update().filter(lookup=lookup).first()
        with upload_in_use(_number(code)):
            amended = change(_read(code))
            if amended.letter is not None:
                _put(box, code, amended, post)
            Chunk.objects.using(DATABASE).filter(upload=_number(code)).delete()
            sealed = sealing.lock(amended.draft, key=_key(code))
            Chunk.objects.using(DATABASE).create(upload=_number(code), index=0, sealed=sealed, received_at=post.now)
    return amended.draft


def draft_of(code: Code) -> Draft | None:
    """What is known of a report, None where nothing is."""
    with upload_in_use(_number(code)):
        return _read(code)


def _read(code: Code) -> Draft | None:
    chunk = Chunk.objects.using(DATABASE).filter(upload=_number(code)).first()
    return sealing.unlock(bytes(chunk.sealed), key=_key(code)) if chunk else None


def _put(box: Box | None, code: Code, amended: Amended, post: Post) -> None:
    """One letter at most lies there; the worker may have taken an earlier one in already, then this adds to it."""
    days = (post.expires_at - post.now).days
    if box is None:
        box = open_box(code=code, kind=BoxKind.PARTNER, language=post.language, now=post.now, days=days)
    else:
        Box.objects.using(DATABASE).filter(pk=box.pk).update(expires_at=post.expires_at)
    sealed = seal_letter(amended.letter or {}, code=code, hotline_key=post.hotline_key)
    fields = {"kind": amended.kind, "sealed": sealed, "received_at": post.now}
    waiting = Letter.objects.using(DATABASE).filter(box=box, failed_at=None, kind=LetterKind.PART)
    if not waiting.update(**fields):
        Letter.objects.using(DATABASE).create(box=box, **fields)


def _number(code: Code) -> UUID:
    """Where the draft lies among the uploads."""
    return UUID(bytes=hashlib.blake2b(code.encode(), digest_size=16, person=b"lykta-draft").digest())


def _key(code: Code) -> bytes:
    return hashlib.blake2b(code.encode(), digest_size=32, person=b"lykta-draftkey").digest()
