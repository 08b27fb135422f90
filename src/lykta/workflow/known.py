"""What the lists say of pictures and films: the index names rows, the database says what they are, `core` judges."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lykta.core import locators
from lykta.core.matching import ASSESSED_ADDRESS, Found, Hit, find, is_flat, of_item
from lykta.core.vocabulary import ListedAs, ListTrust, Verdict
from lykta.records.cases.models import Item
from lykta.records.cases.queries import key_digest
from lykta.records.matching import findings
from lykta.records.matching.findings import Matched
from lykta.records.matching.models import Known
from lykta.records.tracing import queries as tracing
from lykta.records.tracing.models import Trace
from lykta.workflow.indexes import PDQ, Candidate, Indexes

NAMES = {"sha256": "SHA-256", "sha1": "SHA-1", "md5": "MD5", PDQ: "PDQ"}
Disputed = Collection[tuple[int, int, bytes]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the lists say of a picture, a film or an item, and the rows that it rests on."""

    found: Found
    matches: tuple[Matched, ...]


def ask(
    indexes: Indexes, media: Sequence[Mapping[str, Any]], *, owners: Sequence[int] = (), disputed: Disputed = ()
) -> list[Asked]:
    """What the lists say of each of these (`contract.Medium` as dictionaries). Raises OSError.

    `owners` are the numbers of the items that they belong to, `disputed` says what counts no more for which of these.
    """
    candidates = indexes.look_up(media)
    rows = findings.rows(one.known for one in candidates)
    pairs: list[list[tuple[Candidate, Known, Hit]]] = [[] for _ in media]
    for one in candidates:
        row = rows.get(one.known)
        if row is not None and row.list.active and _has(row, one):
            doubted = bool(owners) and (owners[one.medium], one.known, one.digest) in disputed
            pairs[one.medium].append((one, row, _hit(row, one, disputed=doubted)))
    return [_asked(one) for one in pairs]


def ask_about(indexes: Indexes, items: Sequence[Item]) -> dict[int, Asked]:
    """What the lists say of each item as it was traced last, by its number. Raises OSError."""
    traces = tracing.traces_of(items)
    media = [(number, one) for number, trace in traces.items() for one in trace.all_fingerprints]
    owners = [number for number, _ in media]
    answers = ask(indexes, [one for _, one in media], owners=owners, disputed=findings.disputed(set(owners)))
    by_item: dict[int, list[Asked]] = {item.pk: [] for item in items}
    for number, answer in zip(owners, answers, strict=True):
        by_item[number].append(answer)
    return {item.pk: _together(item, traces.get(item.pk), by_item[item.pk]) for item in items}


def is_at_assessed_address(item: Item, trace: Trace) -> bool:
    """Whether the item, or one of the addresses that it leads to, was assessed as illegal."""
    if item.verdict == Verdict.ILLEGAL:
        return True
    addresses = {trace.final_address, *(str(hop["address"]) for hop in trace.hops)}
    found = filter(None, map(locators.read, filter(None, addresses)))
    others = Item.objects.filter(key_digest__in=[key_digest(one) for one in found]).exclude(pk=item.pk)
    return others.filter(verdict=Verdict.ILLEGAL).exists()


def _together(item: Item, trace: Trace | None, asked: Sequence[Asked]) -> Asked:
    found = [one.found for one in asked]
    if trace is not None and is_at_assessed_address(item, trace):
        found.append(ASSESSED_ADDRESS)
    matches = {(one.known, one.digest): one for each in asked for one in each.matches}
    return Asked(of_item(found, whole=trace is not None and _is_whole(trace)), tuple(matches.values()))


def _is_whole(trace: Trace) -> bool:
    """Whether every picture and film that is there was fingerprinted as a whole."""
    whole = all(one.get("sha256") for one in trace.all_fingerprints)
    return trace.media <= len(trace.fingerprints) and whole


def _asked(pairs: Sequence[tuple[Candidate, Known, Hit]]) -> Asked:
    found = find([hit for *_, hit in pairs])
    return Asked(found, tuple(_matched(one, row, hit, found) for one, row, hit in pairs))


def _has(row: Known, one: Candidate) -> bool:
    """Whether the row really has what the index says: the index is a copy."""
    there = getattr(row, one.algorithm)
    return there is not None and (one.algorithm == PDQ or bytes(there) == one.digest)


def _hit(row: Known, one: Candidate, *, disputed: bool) -> Hit:
    near = one.algorithm == PDQ
    return Hit(
        list=row.list.slug,
        source=row.list.source or row.list.slug,
        version=row.added_in,
        trust=ListTrust(row.list.trust),
        listed_as=ListedAs(row.list.categories.get(row.category, ListedAs.UNKNOWN)),
        algorithm=NAMES[one.algorithm],
        exact=not near,
        distance=_distance(row, one) if near else 0,
        limit=row.list.distance,
        quality=one.quality if row.quality is None else min(one.quality, row.quality),
        flat=near and is_flat(bytes(row.pdq or b"")),
        withdrawn=row.withdrawn_in is not None,
        disputed=disputed,
    )


def _distance(row: Known, one: Candidate) -> int:
    """Counted anew, from what the list holds."""
    return (int.from_bytes(bytes(row.pdq or b"")) ^ int.from_bytes(one.digest)).bit_count()


def _matched(one: Candidate, row: Known, hit: Hit, found: Found) -> Matched:
    return Matched(
        algorithm=one.algorithm,
        digest=one.digest,
        known=row.pk,
        list_number=row.list_id,
        version=row.added_in,
        distance=hit.distance,
        finding=found.finding,
    )
