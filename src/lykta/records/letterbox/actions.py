"""Verbs that write to the letterbox. Each is one durable transaction: when it returns, `kill -9` loses nothing."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from lykta.core.vocabulary import BoxKind, LetterKind
from lykta.lib import codes, sealing
from lykta.lib.codes import Code
from lykta.records.letterbox.code_in_use import DATABASE, code_in_use
from lykta.records.letterbox.models import Box, Letter, Parcel


def open_box(*, code: Code, kind: BoxKind, language: str, now: datetime, days: int) -> Box:
    """A new mailbox for a code, kept for `days` days. The code is used and forgotten."""
    private_key = sealing.private_key_from_seed(codes.key_seed(code))
    return Box.objects.using(DATABASE).create(
        lookup=codes.lookup(code),
        public_key=sealing.public_key(private_key),
        kind=kind,
        language=language,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )


def drop_report(
    *, content: dict[str, Any], code: Code, hotline_key: bytes, language: str, now: datetime, days: int
) -> Letter:
    """Seal a report to the hotline and open its mailbox, both or neither. Durable when it returns."""
    with code_in_use(codes.lookup(code), durable=True):
        box = open_box(code=code, kind=BoxKind.REPORTER, language=language, now=now, days=days)
        return _drop(box=box, code=code, kind=LetterKind.REPORT, content=content, hotline_key=hotline_key, now=now)


def drop_reply(*, box: Box, code: Code, content: dict[str, Any], hotline_key: bytes, now: datetime) -> Letter:
    """Seal what the holder of a code writes back: more from a reporter, an answer from a recipient."""
    kind = LetterKind.MORE if box.kind == BoxKind.REPORTER else LetterKind.REPLY
    with code_in_use(codes.lookup(code), durable=True):
        return _drop(box=box, code=code, kind=kind, content=content, hotline_key=hotline_key, now=now)


def close_box(*, box: Box, code: Code, hotline_key: bytes, now: datetime) -> None:
    """Empty a reporter's mailbox, close it, and ask the staff side to forget the report.

    Letters of it that nobody has opened yet are taken back. The DELETE letter goes out in any case: the worker may
    hold one of them in its hands at this moment, and finds this one afterwards.
    """
    with code_in_use(codes.lookup(code), durable=True):
        Letter.objects.using(DATABASE).filter(box=box).delete()
        Parcel.objects.using(DATABASE).filter(box=box).delete()
        Box.objects.using(DATABASE).filter(pk=box.pk).update(expires_at=now)
        _drop(box=box, code=code, kind=LetterKind.DELETE, content={}, hotline_key=hotline_key, now=now)


def deliver(*, lookup: bytes, number: UUID, content: dict[str, Any], now: datetime) -> bool:
    """Put something into a mailbox, sealed to its code; safe to do twice. False if the box has gone."""
    with transaction.atomic(using=DATABASE):
        box = Box.objects.using(DATABASE).filter(lookup=lookup).first()
        if box is None:
            return False
        Parcel.objects.using(DATABASE).get_or_create(
            number=number,
            defaults={
                "box": box,
                "sealed": sealing.seal(content, to=bytes(box.public_key)),
                "written_at": now,
            },
        )
        return True


def discard(letter: Letter) -> None:
    """The staff side has this letter under a case's own key: the sealed copy goes."""
    Letter.objects.using(DATABASE).filter(pk=letter.pk).delete()


def set_aside(letter: Letter, *, now: datetime) -> None:
    """This letter cannot be opened: keep it, out of the way, for a person to look into."""
    Letter.objects.using(DATABASE).filter(pk=letter.pk).update(failed_at=now)


def empty_expired(*, now: datetime) -> int:
    """Delete mailboxes past their date, with what lies in them; letters still waiting keep theirs."""
    waiting = Letter.objects.using(DATABASE).values("box")
    expired = Box.objects.using(DATABASE).filter(expires_at__lte=now).exclude(pk__in=waiting)
    return expired.delete()[0]


def _drop(
    *, box: Box, code: Code, kind: LetterKind, content: dict[str, Any], hotline_key: bytes, now: datetime
) -> Letter:
    """Seal with the proof that the writer held the box's code: the box of a row alone could be anybody's claim."""
    sealed = sealing.seal({**content, "proof": codes.proof(code).hex()}, to=hotline_key)
    return Letter.objects.using(DATABASE).create(box=box, kind=kind, sealed=sealed, received_at=now)
