"""The one verb of the audit: write. It joins the transaction of what it records, so both happen or neither."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from django.conf import settings
from django.db import transaction

from lykta.lib.clock import now
from lykta.records.audit import chain
from lykta.records.audit.models import Entry, Head
from lykta.records.audit.words import AuditWord

WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be written down. `facts` holds numbers, rules and versions; never an address, a name or words."""

    word: AuditWord
    subject: str
    facts: Mapping[str, object] = field(default_factory=dict)


def write(*, by: str, word: AuditWord, subject: str, facts: Mapping[str, object] | None = None) -> None:
    """Add an entry. `facts` holds numbers, rules and versions; never an address, a name or a reporter's words.

    Must run inside a transaction: the head row is locked until it ends, so that entries follow one another.
    """
    write_all(by=by, deeds=[Deed(word, subject, facts or {})])


def write_all(*, by: str, deeds: Sequence[Deed]) -> None:
    """`write` for many entries in order."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit entry belongs to the transaction of what it records.")
    head = Head.objects.select_for_update().get_or_create(pk=1)[0]
    entries = []
    for deed in deeds:
        content = chain.Content(
            number=head.last_number + 1,
            at=now().isoformat(timespec="microseconds"),
            by=by,
            word=str(deed.word),
            subject=deed.subject,
            facts=json.dumps(deed.facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        )
        head.last_number = content.number
        head.last_seal = chain.seal(content, before=head.last_seal, key=settings.AUDIT_KEY)
        entries.append(Entry(**asdict(content), seal=head.last_seal))
    Entry.objects.bulk_create(entries)
    head.save(update_fields=["last_number", "last_seal"])
