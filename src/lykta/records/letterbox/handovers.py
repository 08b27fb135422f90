"""What was shared with the form waits here until its page is shown: minutes, sealed, and opened once.

So the address of that page holds a used-up ticket, and no history, log or copy of the letterbox holds what was shared.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from lykta.lib import sealing
from lykta.records.letterbox.code_in_use import ticket_in_use
from lykta.records.letterbox.models import DATABASE, Handover

KEPT = timedelta(minutes=5)
"""Long enough for a slow line between two pages."""


def hand_over(shared: str, *, key: bytes, now: datetime) -> str:
    """Keep `shared` for `KEPT`. Returns the ticket, 22 letters, digits, `-` and `_`: without it nobody opens it.

    `key` is a secret of the face that shares; whoever opens needs the same.
    """
    ticket = secrets.token_urlsafe(16)
    digest = _digest(ticket)
    sealed = sealing.lock({"shared": shared}, key=_key(ticket, key))
    with ticket_in_use(digest, durable=True):
        Handover.objects.using(DATABASE).create(digest=digest, sealed=sealed, expires_at=now + KEPT)
    return ticket


def open_once(ticket: str, *, key: bytes, now: datetime) -> str | None:
    """What was handed over with this ticket, which is used up then. None where it was before, or is too old."""
    digest = _digest(ticket)
    with ticket_in_use(digest, durable=True):
        waiting = Handover.objects.using(DATABASE).filter(digest=digest)
        found = waiting.filter(expires_at__gt=now).first()
        deleted, _ = waiting.delete()
    # Of two who come at once, both may have read it; one has deleted it.
    if found is None or not deleted:
        return None
    shared: str = sealing.unlock(bytes(found.sealed), key=_key(ticket, key))["shared"]
    return shared


def sweep(*, now: datetime) -> int:
    """Delete what nobody came for. Returns how much that was."""
    with transaction.atomic(using=DATABASE):
        return int(Handover.objects.using(DATABASE).filter(expires_at__lte=now).delete()[0])


def _digest(ticket: str) -> bytes:
    return hashlib.blake2b(ticket.encode(), digest_size=16, person=b"lykta-handover").digest()


def _key(ticket: str, key: bytes) -> bytes:
    return hashlib.blake2b(ticket.encode(), digest_size=32, key=key, person=b"lykta-handover").digest()
