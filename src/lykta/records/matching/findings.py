"""What lists say of items: kept with every row that an item matched, and doubted where a person says so."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from lykta.core.lifecycle import StepWord
from lykta.core.matching import VERSION, Found
from lykta.core.refusals import NotNow
from lykta.core.vocabulary import ItemState, ListFinding
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.cases.models import Case, Item
from lykta.records.matching.models import ROWS_OF_A_LIST, ItemFinding, Known, Match
from lykta.records.people.models import Staff
from lykta.records.steps import actions as steps

ASKED_AT_ONCE = 500
"""Numbers in one question to the database; SQLite takes few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """A row of a list that a fingerprint of an item is, or is near to; the finding is that of its picture or film."""

    algorithm: str
    digest: bytes
    known: int
    list_number: int
    version: int
    distance: int
    finding: ListFinding


def keep(*, by: str, item_number: int, found: Found, matches: Sequence[Matched], now: datetime) -> ListFinding | None:
    """Keep what the lists say now; returns what they said before, None if they were not asked.

    Matches that were reported back as false stay, the others are replaced.
    """
    lists = [{"list": hit.list, "version": hit.version} for hit in found.hits]
    kept = {
        "finding": found.finding,
        "rule": found.rule,
        "policy": VERSION,
        "because": list(found.because),
        "lists": [one for place, one in enumerate(lists) if one not in lists[:place]],
    }
    with transaction.atomic():
        Item.objects.select_for_update().get(pk=item_number)
        earlier = ItemFinding.objects.filter(item_id=item_number).first()
        _replace(item_number, matches, now)
        ItemFinding.objects.update_or_create(item_id=item_number, defaults={**kept, "at": now})
        before = ListFinding(earlier.finding) if earlier else None
        if (earlier.finding, earlier.lists) != (kept["finding"], kept["lists"]) if earlier else found.hits:
            facts = {name: kept[name] for name in ("finding", "rule", "policy", "lists")}
            audit.write(by=by, word=AuditWord.ITEM_MATCHED, subject=f"item:{item_number}", facts=facts)
    return before


def keep_unchanged(*, items: Collection[int], now: datetime) -> None:
    """The lists were asked about these items again, and said what they had said."""
    ItemFinding.objects.filter(item__in=items).update(at=now)


def dispute(*, by: Staff, item_number: int, list_number: int, now: datetime) -> None:
    """Say that an item is not what a list means: its rows count no more for this item. Raises NotNow."""
    with transaction.atomic():
        Item.objects.select_for_update().get(pk=item_number)
        matches = Match.objects.filter(item=item_number, list=list_number, fed_back_at=None)
        versions = sorted(set(matches.values_list("version", flat=True)))
        if not matches.update(fed_back_at=now):
            raise NotNow("This list does not have the item, or that was reported back already.")
        because = ["Somebody of ours reported a match back as false: a person decides."]
        doubted = {"finding": ListFinding.CHECK, "rule": "disputed", "because": because, "lists": []}
        ItemFinding.objects.filter(item=item_number).update(**doubted)
        facts = {"list": list_number, "versions": versions}
        audit.write(by=by.actor, word=AuditWord.MATCH_DISPUTED, subject=f"item:{item_number}", facts=facts)
        occasion = f"disputed-{list_number}-{now.isoformat()}"
        steps.plan(word=StepWord.MATCH, subject=item_number, occasion=occasion, now=now)


def finding_of(item: Item) -> ItemFinding | None:
    """What the lists say of an item, if they were asked."""
    return ItemFinding.objects.filter(item=item).first()


def findings_of(items: Iterable[Item]) -> dict[int, ItemFinding]:
    """The same of several items, by the item's number."""
    return {one.item_id: one for one in ItemFinding.objects.filter(item__in=list(items))}


def waiting_in(case: Case) -> set[ListFinding]:
    """What the lists say of the items of a case that wait for an analyst: each answer once."""
    # A case may name thousands of items, and is ranked after each of them.
    waiting = ItemFinding.objects.filter(item__mentions__report__case=case, item__state=ItemState.READY)
    return {ListFinding(found) for found in waiting.values_list("finding", flat=True).distinct().order_by()}


def matches_of(items: Iterable[Item]) -> dict[int, list[Match]]:
    """What each item matched, by the item's number: the nearest first, with its list."""
    found: dict[int, list[Match]] = {}
    ordered = Match.objects.filter(item__in=list(items)).select_related("list").order_by("distance", "list__slug", "pk")
    for one in ordered:
        found.setdefault(one.item_id, []).append(one)
    return found


def disputed(items: Collection[int]) -> set[tuple[int, int, bytes]]:
    """(item, row, digest as seen) of the matches that were reported back as false."""
    found = Match.objects.filter(item__in=items).exclude(fed_back_at=None)
    return {(item, known, bytes(digest)) for item, known, digest in found.values_list("item", "known", "digest")}


def false_matches() -> dict[int, int]:
    """How many items each list was told to be wrong about, by the list's number."""
    found = Match.objects.exclude(fed_back_at=None).values_list("list")
    return dict(found.annotate(items=Count("item", distinct=True)))


def rows(numbers: Iterable[int]) -> dict[int, Known]:
    """Rows of lists by their numbers, each with its list."""
    found: dict[int, Known] = {}
    wanted = sorted(set(numbers))
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        some = wanted[start : start + ASKED_AT_ONCE]
        # By their lists too, each of which is a partition on PostgreSQL.
        lists = {number // ROWS_OF_A_LIST for number in some}
        known = Known.objects.filter(list__in=lists, pk__in=some).select_related("list").defer("mark", "reference")
        found.update({one.pk: one for one in known})
    return found


def _replace(item_number: int, matches: Sequence[Matched], now: datetime) -> None:
    there = {(one.known, bytes(one.digest)): one for one in Match.objects.filter(item=item_number)}
    seen = {(one.known, one.digest): one for one in matches}
    gone = [one.pk for key, one in there.items() if key not in seen and one.fed_back_at is None]
    Match.objects.filter(pk__in=gone).delete()
    for key in seen.keys() & there.keys():
        Match.objects.filter(pk=there[key].pk).update(finding=seen[key].finding)
    Match.objects.bulk_create(
        Match(
            item_id=item_number,
            algorithm=one.algorithm,
            digest=one.digest,
            known=one.known,
            list_id=one.list_number,
            version=one.version,
            distance=one.distance,
            finding=one.finding,
            at=now,
        )
        for key, one in seen.items()
        if key not in there
    )
