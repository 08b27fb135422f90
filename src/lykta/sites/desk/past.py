"""What was done about cases and items, without what somebody must not know yet."""

from collections.abc import Iterable
from typing import Any

from lykta.records.audit.queries import history
from lykta.records.audit.words import AuditWord
from lykta.records.cases import opinions
from lykta.records.cases.models import Item
from lykta.records.people.models import Staff

_ANSWERS = {AuditWord.ITEM_ASSESSED, AuditWord.ITEM_MOVED}


def history_for(by: Staff, items: Iterable[Item], *subjects: str) -> list[dict[str, Any]]:
    """The history of these subjects; of items that this person may be asked to judge too, not how they were judged."""
    hidden = {f"item:{number}" for number in opinions.hidden(items, by)}
    return [
        {**entry, "facts": {}} if entry["subject"] in hidden and entry["word"] in _ANSWERS else entry
        for entry in history(*subjects)
    ]
