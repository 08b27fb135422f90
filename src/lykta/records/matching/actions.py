"""Verbs that keep lists of known hashes by hand; files are read by `importing`."""

import re
from collections.abc import Mapping, Sequence

from django.db import transaction

from lykta.core.refusals import NotAllowed, NotUnderstood
from lykta.core.vocabulary import ImportState, ListedAs, ListTrust
from lykta.lib.clock import now
from lykta.lib.hashlists.cells import DIGESTS
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.matching import queries, store
from lykta.records.matching.importing import lock, next_version
from lykta.records.matching.models import HashList, Known, ListVersion

FURTHEST = 31
"""Bits of 256: up to here `lib.matching.near` misses nothing."""
SET_ANEW = "No file was read: how far the list is believed, or what its categories mean, was changed."


def set_list(
    *,
    by: str,
    slug: str,
    name: str,
    trust: ListTrust,
    source: str = "",
    scheme: str = "",
    licence: str = "",
    distance: int = FURTHEST,
    categories: Mapping[str, str] | None = None,
    active: bool = True,
) -> HashList:
    """Add a list, or say anew all that we hold of it. Raises NotUnderstood.

    What decides about matches is followed by a version: what was matched before is asked about again.
    """
    if not re.fullmatch("[a-z0-9][a-z0-9-]{0,39}", slug):
        raise NotUnderstood("The short name of a list is up to 40 small letters, digits and hyphens.")
    if not 0 <= distance <= FURTHEST:
        raise NotUnderstood(f"The distance is a number of bits from 0 to {FURTHEST}.")
    meanings = {code: str(_word(code, word)) for code, word in (categories or {}).items()}
    facts = {
        "name": name,
        "trust": trust,
        "source": source,
        "scheme": scheme,
        "licence": licence,
        "distance": distance,
        "categories": meanings,
        "active": active,
    }
    for text, longest in ((name, 120), (source, 120), (scheme, 40), (licence, 200)):
        if len(text) > longest:
            raise NotUnderstood(f"“{text[:40]}…” has {len(text)} characters, and {longest} fit.")
    with transaction.atomic():
        before = HashList.objects.select_for_update().filter(slug=slug).first()
        found, _ = HashList.objects.update_or_create(
            slug=slug, defaults=facts, create_defaults={**facts, "created_at": now()}
        )
        store.prepare(found.pk)
        told = {"trust": str(trust), "distance": distance, "categories": meanings, "active": active}
        audit.write(by=by, word=AuditWord.LIST_CHANGED, subject=f"list {slug}", facts=told)
        if before is not None and any(getattr(before, name) != facts[name] for name in _DECIDING):
            _set_anew(by, found)
    return found


def withdraw(*, by: str, found: HashList, digests: Sequence[bytes], reason: str) -> ListVersion:
    """Withdraw every row that has one of these hashes, of whatever kind; the list gets a version that says so.

    Raises NotAllowed if none of them is there.
    """
    with transaction.atomic():
        lock(found)
        rows = [mark for digest in digests for mark in _marks_of(found, digest)]
        if not rows:
            raise NotAllowed("The list has no such hash, or it was withdrawn before.")
        return _withdraw(by, found, rows, reason)


def withdraw_film(*, by: str, found: HashList, name: str, reason: str) -> ListVersion:
    """Withdraw a whole film: its frames, and what else bears its name. Raises NotNow if there is nothing of it."""
    with transaction.atomic():
        lock(found)
        film = queries.film_in(found, name)
        return _withdraw(by, found, [*film.frames, *film.others], reason)


_DECIDING = ("trust", "source", "distance", "categories", "active")
"""What the rules of `core.matching` read of a list."""


def _set_anew(by: str, found: HashList) -> None:
    if found.versions.filter(state=ImportState.READY).exists():
        version = next_version(found, by=by, state=ImportState.READY)
        version.finished_at, version.problem = now(), SET_ANEW
        version.save(update_fields=["finished_at", "problem"])


def _withdraw(by: str, found: HashList, rows: Sequence[bytes], reason: str) -> ListVersion:
    version = next_version(found, by=by, state=ImportState.READY)
    store.withdraw_marks(found.pk, [(version.number, mark) for mark in dict.fromkeys(rows)])
    version.rows_withdrawn, version.finished_at = len(set(rows)), now()
    version.problem = reason[:300]
    version.save(update_fields=["rows_withdrawn", "finished_at", "problem"])
    facts = {"version": version.number, "rows_withdrawn": version.rows_withdrawn}
    audit.write(by=by, word=AuditWord.LIST_WITHDRAWN, subject=f"list {found.slug}", facts=facts)
    return version


def _marks_of(found: HashList, digest: bytes) -> list[bytes]:
    fields = [field for field, width in DIGESTS.items() if width == len(digest)]
    live = Known.objects.filter(list=found, withdrawn_in=None)
    return [bytes(mark) for field in fields for mark in live.filter(**{field: digest}).values_list("mark", flat=True)]


def _word(code: str, word: str) -> ListedAs:
    try:
        return ListedAs(word)
    except ValueError as error:
        raise NotUnderstood(f"Category {code}: “{word}” is none of {', '.join(ListedAs)}.") from error
