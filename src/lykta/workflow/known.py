"""What the lists say of pictures and films: the index names rows, the database says what they are, `core` judges."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lykta.core import locators
from lykta.core.matching import ASSESSED_ADDRESS, GOOD, Found, Hit, find, is_flat, of_item
from lykta.core.vocabulary import ListedAs, ListTrust, Verdict
from lykta.records.cases.models import Item
from lykta.records.cases.queries import key_digest
from lykta.records.matching import findings
from lykta.records.matching.findings import Matched
from lykta.records.matching.models import Known
from lykta.records.tracing import queries as tracing
from lykta.records.tracing.models import Trace
from lykta.workflow.indexes import PDQ, Candidate, Indexes, telling_frames
from lykta.workflow.known_films import VPDQ, distance, films_seen, is_frame_of_film

NAMES = {"sha256": "SHA-256", "sha1": "SHA-1", "md5": "MD5", PDQ: "PDQ", VPDQ: "vPDQ"}
Disputed = Collection[tuple[int, int, bytes]]
Doubted = Collection[tuple[int, bytes]]
Pair = tuple[Candidate, Known, Hit]


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
    by_medium: list[list[Candidate]] = [[] for _ in media]
    for one in candidates:
        by_medium[one.medium].append(one)
    doubts: dict[int, set[tuple[int, bytes]]] = {}
    for item, known, digest in disputed:
        doubts.setdefault(item, set()).add((known, digest))
    answers = []
    for place, (medium, found) in enumerate(zip(media, by_medium, strict=True)):
        doubted = doubts.get(owners[place], set()) if owners else set()
        pairs = [*_single(found, rows, doubted), *_films(telling_frames(medium), found, rows, doubted)]
        answers.append(_asked(pairs))
    return answers


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


def _single(found: Sequence[Candidate], rows: Mapping[int, Known], doubted: Doubted) -> Iterator[Pair]:
    """What is the same, or near, by itself: each row once, nearest first."""
    seen = set()
    for one in found:
        row = rows.get(one.known)
        if row is None or not row.list.active or not _has(row, one) or is_frame_of_film(one, row):
            continue
        if row.pk not in seen:
            seen.add(row.pk)
            yield one, row, _hit(row, one, disputed=(row.pk, one.digest) in doubted)


def _films(
    frames: Sequence[bytes], found: Sequence[Candidate], rows: Mapping[int, Known], doubted: Doubted
) -> Iterator[Pair]:
    for seen in films_seen(frames, found, rows):
        row = seen.row
        one = Candidate(medium=0, known=row.pk, algorithm=VPDQ, digest=seen.digest, quality=GOOD, frame=True)
        hit = replace(
            _hit(row, one, disputed=(row.pk, seen.digest) in doubted),
            film=seen.film,
            frames=seen.frames,
            all_frames=seen.all_frames,
        )
        yield one, row, hit


def _asked(pairs: Sequence[Pair]) -> Asked:
    found = find([hit for *_, hit in pairs])
    return Asked(found, tuple(_matched(one, row, hit, found) for one, row, hit in pairs))


def _has(row: Known, one: Candidate) -> bool:
    """Whether the row really has what the index says: the index is a copy."""
    there = getattr(row, one.algorithm)
    return there is not None and (one.algorithm == PDQ or bytes(there) == one.digest)


def _hit(row: Known, one: Candidate, *, disputed: bool) -> Hit:
    near = one.algorithm in {PDQ, VPDQ}
    return Hit(
        list=row.list.slug,
        source=row.list.source or row.list.slug,
        version=row.added_in,
        trust=ListTrust(row.list.trust),
        listed_as=ListedAs(row.list.categories.get(row.category, ListedAs.UNKNOWN)),
        algorithm=NAMES[one.algorithm],
        exact=not near,
        distance=distance(row, one) if one.algorithm == PDQ else 0,
        limit=row.list.distance,
        quality=one.quality if row.quality is None else min(one.quality, row.quality),
        flat=near and is_flat(bytes(row.pdq or b"")),
        withdrawn=row.withdrawn_in is not None,
        disputed=disputed,
    )


def _matched(one: Candidate, row: Known, hit: Hit, found: Found) -> Matched:
    return Matched(
        algorithm=one.algorithm,
        digest=one.digest,
        known=row.pk,
        list_number=row.list_id,
        version=row.added_in,
        distance=hit.distance,
        finding=found.finding,
        frames=hit.frames,
        all_frames=hit.all_frames,
    )
