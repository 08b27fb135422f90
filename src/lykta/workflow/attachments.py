"""Files that a report names are moved from the letterbox into its case, piece by piece.

A file leaves the letterbox only when the casebook has all of it: whoever dies in between begins again, and finds what
is there already. What was looked at when it came is looked at again here, where the whole file is seen.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from lykta.core.attaching import MOST_FILES, FileKind, goes_on, kind_of
from lykta.lib import sealing
from lykta.lib.clock import now
from lykta.records.audit.actions import WORKER
from lykta.records.cases import keyring
from lykta.records.cases import queries as cases
from lykta.records.cases.actions import attachments
from lykta.records.cases.models import Attachment, Report
from lykta.records.letterbox import actions as letterbox
from lykta.records.letterbox import queries as letterbox_queries
from lykta.records.letterbox.models import Letter

KEPT_UNCLAIMED = timedelta(days=2)
"""A page that names a file is good for a day (`sites.report.journey`); a file that no report names goes a day later."""
log = logging.getLogger(__name__)


def named_in(content: dict[str, Any]) -> list[UUID]:
    """The numbers of the files that a report names; each may be followed by more words for the reporter's own pages."""
    found = content.get("files")
    numbers: list[UUID] = []
    for line in found if isinstance(found, list) else []:
        with suppress(ValueError):
            numbers.append(UUID(hex=str(line).partition(" ")[0]))
    return list(dict.fromkeys(numbers))[:MOST_FILES]


def take_in_files(letter: Letter, content: dict[str, Any], private_key: bytes) -> None:
    """Move the files of a report that was just taken in. Safe to do twice, and to die in."""
    numbers = named_in(content)
    report = cases.report_of_box(bytes(letter.box.lookup)) if numbers else None
    if report is None:
        return
    for number in numbers:
        try:
            gone = _move(report, number, private_key)
        except keyring.Forgotten:
            gone = True
        if gone:
            letterbox.drop_uploads([number])


def sweep(private_key: bytes) -> None:
    """Throw away files that no report has claimed in time. A letter that still waits has claimed what it names."""
    before = now() - KEPT_UNCLAIMED
    if letterbox_queries.silent_uploads(before=before):
        letterbox.sweep_uploads(before=before, claimed=_claimed(private_key))


def _claimed(private_key: bytes) -> set[UUID]:
    claimed: set[UUID] = set()
    for letter in letterbox_queries.letters_with_files():
        with suppress(sealing.CannotOpen):
            claimed.update(named_in(sealing.unseal(bytes(letter.sealed), private_key=private_key)))
    return claimed


def _move(report: Report, number: UUID, private_key: bytes) -> bool:
    """Whether the letterbox may forget it: it is in the case, or is nothing that a case may hold."""
    opened = _opened(number, private_key)
    header = next(opened, None)
    if not isinstance(header, dict) or header.get("type") not in set(FileKind):
        return False  # not there, moved before, or nothing of ours: what it is goes with the next sweep
    kind = FileKind(header["type"])
    attachment = attachments.add_attachment(
        report=report, number=number, name=str(header.get("name", "")), kind=kind, now=now()
    )
    if attachment.report_id != report.pk:
        return False  # the first report that names a file has it
    return attachment.complete or _fill(attachment, kind, opened)


def _fill(attachment: Attachment, kind: FileKind, opened: Iterator[bytes | dict[str, Any]]) -> bool:
    size, digest, end = 0, hashlib.sha256(), {}
    for index, piece in enumerate(opened, 1):
        if isinstance(piece, dict):
            end = piece
            break
        if (kind_of(piece) is not kind) if index == 1 else not goes_on(kind, piece):
            log.warning("attachment %s is no document: it is thrown away", attachment.pk)
            attachments.refuse_attachment(by=WORKER, attachment=attachment)
            return True
        attachments.add_piece(attachment=attachment, index=index, data=piece)
        digest.update(piece)
        size += len(piece)
    said = (end.get("size"), end.get("sha256") or digest.hexdigest())
    attachments.end_attachment(
        by=WORKER,
        attachment=attachment,
        size=size,
        sha256=digest.hexdigest(),
        complete=said == (size, digest.hexdigest()),
    )
    return True


def _opened(number: UUID, private_key: bytes) -> Iterator[bytes | dict[str, Any]]:
    """The pieces of a file, JSON or bytes, up to the first that cannot be opened."""
    for sealed in letterbox_queries.chunks_of(number):
        try:
            yield sealing.unseal_bytes(sealed, private_key=private_key)
        except sealing.CannotOpen:
            try:
                yield sealing.unseal(sealed, private_key=private_key)
            except sealing.CannotOpen:
                log.warning("a piece of a file cannot be opened: what comes after it is lost")
                return
