"""Reads of the audit: verify the chain, note and read checkpoints, the history of one subject."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from lykta.records.audit import chain, days
from lykta.records.audit.models import Entry, Head
from lykta.records.audit.words import AuditWord


def verify(checkpoints: Path) -> tuple[int, chain.Fault | None]:
    """How many entries the chain has, and the first place where it does not hold, with the files of its days.

    Those lie in `days/` beside the checkpoints.
    """
    with transaction.atomic():
        head = Head.objects.filter(pk=1).first() or Head()
        rows = Entry.objects.order_by("number").iterator(chunk_size=2000)
        entries = ((_content(row), row.seal) for row in rows)
        fault = chain.first_fault(
            entries,
            key=settings.AUDIT_KEY,
            head=(head.last_number, head.last_seal),
            checkpoints=_read_checkpoints(checkpoints),
        )
    if fault is None and (wrong := days.fault_of(checkpoints.parent / "days")):
        fault = chain.Fault(head.last_number, wrong)
    return head.last_number, fault


def note_checkpoint(path: Path) -> None:
    """Write the end of the chain to a file outside the database, once for each new end."""
    head = Head.objects.filter(pk=1).first()
    if head is None or head.last_number in _read_checkpoints(path):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(f"{head.last_number} {head.last_seal}\n")


def history(*subjects: str) -> list[dict[str, Any]]:
    """What was done about these subjects, oldest first: at, by, the word's sentence, facts."""
    rows = Entry.objects.filter(subject__in=subjects).order_by("number")
    return [
        {
            "at": row.at,
            "by": row.by,
            "word": row.word,
            "sentence": AuditWord(row.word).sentence,
            "subject": row.subject,
            "facts": json.loads(row.facts),
        }
        for row in rows
    ]


def entries_about(subjects: Collection[str]) -> list[Entry]:
    """The entries about these subjects, oldest first."""
    return list(Entry.objects.filter(subject__in=subjects).order_by("number"))


def _content(row: Entry) -> chain.Content:
    return chain.Content(number=row.number, at=row.at, by=row.by, word=row.word, subject=row.subject, facts=row.facts)


def _read_checkpoints(path: Path) -> dict[int, str]:
    if not path.exists():
        return {}
    lines = (line.split() for line in path.read_text().splitlines())
    return {int(parts[0]): parts[1] for parts in lines if len(parts) == 2}
