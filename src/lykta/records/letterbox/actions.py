"""Verbs that write to the letterbox. Each is one durable transaction: when it returns, `kill -9` loses nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from lykta.core.refusals import NotAllowed, NotNow
from lykta.core.vocabulary import BoxKind, LetterKind
from lykta.lib import codes, sealing
from lykta.lib.codes import Code
from lykta.records.letterbox.code_in_use import code_in_use, codes_in_use, upload_in_use, write_under
from lykta.records.letterbox.models import DATABASE, Box, Chunk, Letter, Parcel, Submission
from lykta.records.letterbox.queries import count_chunks, silent_uploads


def open_box(*, code: Code, kind: BoxKind, language: str, now: datetime, days: int) -> Box:
    """A new mailbox for a code, kept for `days` days. The code is used and forgotten."""
    return Box.objects.using(DATABASE).create(
        lookup=codes.lookup(code),
        public_key=_box_key(code),
        kind=kind,
        language=language,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )


def _box_key(code: Code) -> bytes:
    """The key to which answers are sealed."""
    return sealing.public_key(sealing.private_key_from_seed(codes.key_seed(code)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """How a face posts: the key of the hotline, the language of the page, and until when a new mailbox is kept."""

    hotline_key: bytes
    language: str
    now: datetime
    expires_at: datetime

    @classmethod
    def for_days(cls, days: int, *, hotline_key: bytes, language: str, now: datetime) -> Self:
        """The mailbox is kept so many days from now on."""
        return cls(hotline_key=hotline_key, language=language, now=now, expires_at=now + timedelta(days=days))


def keep_part(*, content: dict[str, Any], code: Code, post: Post) -> None:
    """Seal all that was said so far in a report that is being written, in place of what was said before.

    The first part opens the mailbox. Durable when it returns. Raises NotAllowed where the report was thrown away.
    """
    _put(kind=LetterKind.PART, content=content, code=code, post=post)


def drop_report(*, content: dict[str, Any], code: Code, post: Post) -> None:
    """Seal a whole report, in place of its parts. Safe to do twice; otherwise as `keep_part`."""
    _put(kind=LetterKind.REPORT, content=content, code=code, post=post)


def drop_brought(*, content: dict[str, Any], code: Code, post: Post) -> None:
    """Seal a report that staff bring in. Its mailbox is the caller's; safe to do twice, otherwise as `drop_report`."""
    _put(kind=LetterKind.STAFF, content=content, code=code, post=post)


def _put(*, kind: LetterKind, content: dict[str, Any], code: Code, post: Post) -> None:
    sealed = seal_letter(content, code=code, hotline_key=post.hotline_key)
    lookup = codes.lookup(code)
    connection = connections[DATABASE]
    now, until = map(connection.ops.adapt_datetimefield_value, (post.now, post.expires_at))

    def write(cursor: CursorWrapper) -> None:
        cursor.execute(_REWRITE, [str(kind), sealed, now, str(LetterKind.PART), str(kind), lookup, now])
        if cursor.rowcount:
            return
        cursor.execute(_OPEN, [lookup, _box_key(code), str(BoxKind.REPORTER), post.language, now, until])
        cursor.execute(_DROP, [str(kind), sealed, now, lookup, now])
        if not cursor.rowcount:
            raise NotAllowed("This report was thrown away.")

    write_under(lookup, write)


# Said to the database directly, since it happens for every answer of every reporter: building it costs five times more.
_REWRITE = """
    UPDATE letterbox_letter SET kind = %s, sealed = %s, received_at = %s
    WHERE failed_at IS NULL AND kind IN (%s, %s)
    AND box_id = (SELECT id FROM letterbox_box WHERE lookup = %s AND expires_at > %s)
"""
_OPEN = """
    INSERT INTO letterbox_box (lookup, public_key, kind, language, created_at, expires_at)
    VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (lookup) DO NOTHING
"""
_DROP = """
    INSERT INTO letterbox_letter (box_id, kind, sealed, received_at)
    SELECT id, %s, %s, %s FROM letterbox_box WHERE lookup = %s AND expires_at > %s
"""


@dataclass(frozen=True, slots=True)
class Once:
    """Under which key of its own a partner sends something, and what: both as keyed digests of 32 bytes."""

    key_digest: bytes
    body_digest: bytes


def drop_partner_reports(
    reports: Sequence[tuple[Code, dict[str, Any]]], *, post: Post, once: Once | None = None
) -> None:
    """Seal what a partner's system reports, each report with a code and a mailbox of its own: all or none of them.

    Does nothing where the same was sent `once` before. Raises NotNow where its key came with something else. Durable
    when it returns. `workflow/partner_letters.py` says what a report holds.
    """
    connection = connections[DATABASE]
    now, until = map(connection.ops.adapt_datetimefield_value, (post.now, post.expires_at))
    # Sealed before the transaction, so that a large batch keeps nobody else from writing.
    sealed = [
        (codes.lookup(code), _box_key(code), seal_letter(content, code=code, hotline_key=post.hotline_key))
        for code, content in reports
    ]
    with codes_in_use() as name, connection.cursor() as cursor:
        if once and not _is_new(once, post.now):
            return
        for lookup, key, letter in sealed:
            name(lookup)
            cursor.execute(_OPEN, [lookup, key, str(BoxKind.PARTNER), post.language, now, until])
            cursor.execute(_DROP, [str(LetterKind.PARTNER), letter, now, lookup, now])


def _is_new(once: Once, now: datetime) -> bool:
    fields = {"body_digest": once.body_digest, "received_at": now}
    submissions = Submission.objects.using(DATABASE)
    known, new = submissions.get_or_create(key_digest=once.key_digest, defaults=fields)
    if bytes(known.body_digest) != once.body_digest:
        raise NotNow("Something else was sent under this key.")
    return new


KEYS_KEPT_FOR = timedelta(days=30)
"""For so long a partner may send the same again under its key."""


def forget_submissions(*, now: datetime) -> int:
    """Forget under which keys partners sent something long ago."""
    with transaction.atomic(using=DATABASE):
        return int(Submission.objects.using(DATABASE).filter(received_at__lte=now - KEYS_KEPT_FOR).delete()[0])


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
    """The staff side has this letter under a case's own key: the sealed copy goes.

    A letter that was written anew since it was read stays, to be read again.
    """
    with transaction.atomic(using=DATABASE):
        Letter.objects.using(DATABASE).filter(pk=letter.pk, received_at=letter.received_at, kind=letter.kind).delete()


def set_aside(letter: Letter, *, now: datetime) -> None:
    """This letter cannot be opened: keep it, out of the way, for a person to look into."""
    with transaction.atomic(using=DATABASE):
        Letter.objects.using(DATABASE).filter(pk=letter.pk).update(failed_at=now)


def keep_chunk(*, upload: UUID, index: int, content: bytes | dict[str, Any], hotline_key: bytes, now: datetime) -> int:
    """Seal the next piece of a file. Returns how many pieces are durable, in a row from the first.

    A piece that is there already is left as it is, one that comes too early is not kept: the number says which is next.
    """
    if isinstance(content, bytes):
        sealed = sealing.seal_bytes(content, to=hotline_key)
    else:
        sealed = sealing.seal(content, to=hotline_key)
    with upload_in_use(upload, durable=True):
        kept = count_chunks(upload)
        if index == kept:
            chunk = Chunk(upload=upload, index=index, sealed=sealed, received_at=now)
            Chunk.objects.using(DATABASE).bulk_create([chunk], ignore_conflicts=True)
            kept += 1
        return kept


def drop_uploads(uploads: Collection[UUID]) -> None:
    """Throw files away, whole or in part. Safe to do twice."""
    for upload in uploads:
        with upload_in_use(upload, durable=True):
            Chunk.objects.using(DATABASE).filter(upload=upload).delete()


def sweep_uploads(*, before: datetime, claimed: Collection[UUID]) -> int:
    """Throw files away to which nothing was added since `before` and which no waiting letter names."""
    abandoned = silent_uploads(before=before).difference(claimed)
    drop_uploads(abandoned)
    return len(abandoned)


LOCKED_FOR = timedelta(days=1)
"""For so long an empty box stays behind: a page of a thrown away report may lie open, and must not open it again."""


def empty_expired(*, now: datetime) -> int:
    """Delete what lies in mailboxes past their date, and a day later the boxes; letters still waiting keep theirs."""
    waiting = Letter.objects.using(DATABASE).values("box")
    expired = Box.objects.using(DATABASE).filter(expires_at__lte=now - LOCKED_FOR).exclude(pk__in=waiting)
    with transaction.atomic(using=DATABASE):
        parcels = Parcel.objects.using(DATABASE).filter(box__expires_at__lte=now)
        return int(parcels.delete()[0]) + int(expired.delete()[0])


def _drop(
    *, box: Box, code: Code, kind: LetterKind, content: dict[str, Any], hotline_key: bytes, now: datetime
) -> Letter:
    sealed = seal_letter(content, code=code, hotline_key=hotline_key)
    return Letter.objects.using(DATABASE).create(box=box, kind=kind, sealed=sealed, received_at=now)


def seal_letter(content: dict[str, Any], *, code: Code, hotline_key: bytes) -> sealing.Sealed:
    """Sealed with the proof that the writer held the box's code: the box of a row alone could be anybody's claim."""
    return sealing.seal({**content, "proof": codes.proof(code).hex()}, to=hotline_key)
