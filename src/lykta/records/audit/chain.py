"""How an entry is sealed and a chain is verified.

seal = HMAC-SHA256(audit key, seal of the entry before ‖ canonical JSON of this entry). Somebody who can write to the
database but has not the key can neither change, add, remove nor reorder an entry unseen. Removing the newest
entries together with the head is seen against the checkpoints, which lie outside the database.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NewType

Seal = NewType("Seal", str)
START = Seal("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is sealed. `facts` is JSON text, `at` RFC 3339 in UTC."""

    number: int
    at: str
    by: str
    word: str
    subject: str
    facts: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the chain breaks, and how."""

    number: int
    what: str


def seal(content: Content, *, before: str, key: bytes) -> Seal:
    """The seal of an entry that follows the entry with the seal `before`."""
    fields = [content.number, content.at, content.by, content.word, content.subject, content.facts]
    data = json.dumps([before, *fields], ensure_ascii=False, separators=(",", ":")).encode()
    return Seal(hmac.new(key, data, hashlib.sha256).hexdigest())


def first_fault(
    entries: Iterable[tuple[Content, str]],
    *,
    key: bytes,
    head: tuple[int, str],
    checkpoints: Mapping[int, str],
) -> Fault | None:
    """The first place where the chain does not hold, or None. `head` is (number, seal) of the last entry."""
    before, number = START, 0
    for content, given in entries:
        if content.number != number + 1:
            return Fault(number + 1, f"an entry is missing or out of order: {content.number} follows {number}")
        number, before = content.number, seal(content, before=before, key=key)
        if not hmac.compare_digest(before, given):
            return Fault(number, "the entry was changed, or one before it was removed")
        if checkpoints.get(number, before) != before:
            return Fault(number, "the entry differs from what was noted in the checkpoints")
    if (number, before) != head:
        return Fault(number + 1, f"the chain ends at {number}, but the head says {head[0]}")
    missing = [noted for noted in checkpoints if noted > number]
    if missing:
        return Fault(number + 1, f"the checkpoints know entry {max(missing)}, but the chain ends at {number}")
    return None
