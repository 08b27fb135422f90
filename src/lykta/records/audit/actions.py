"""The one verb of the audit: write. It joins the transaction of what it records, so both happen or neither."""

import json
from collections.abc import Mapping

from django.conf import settings
from django.db import transaction

from lykta.lib.clock import now
from lykta.records.audit import chain
from lykta.records.audit.models import Entry, Head
from lykta.records.audit.words import AuditWord

WORKER = "worker"


def write(*, by: str, word: AuditWord, subject: str, facts: Mapping[str, object] | None = None) -> None:
    """Add an entry. `facts` holds numbers, rules and versions; never an address, a name or a reporter's words.

    Must run inside a transaction: the head row is locked until it ends, so that entries follow one another.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit entry belongs to the transaction of what it records.")
    head = Head.objects.select_for_update().get_or_create(pk=1)[0]
    content = chain.Content(
        number=head.last_number + 1,
        at=now().isoformat(timespec="microseconds"),
        by=by,
        word=str(word),
        subject=subject,
        facts=json.dumps(facts or {}, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
    )
    seal = chain.seal(content, before=head.last_seal, key=settings.AUDIT_KEY)
    Entry.objects.create(
        number=content.number,
        at=content.at,
        by=content.by,
        word=content.word,
        subject=content.subject,
        facts=content.facts,
        seal=seal,
    )
    head.last_number, head.last_seal = content.number, seal
    head.save(update_fields=["last_number", "last_seal"])
