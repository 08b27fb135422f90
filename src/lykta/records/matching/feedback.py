"""What the owner of a list is told: which of its entries matched what they do not mean."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from django.db.models import Count, Max

from lykta.records.matching import findings
from lykta.records.matching.models import HashList, Match


@dataclass(frozen=True, slots=True)
class FalseMatch:
    """An entry, in the list's own words, that people of ours said is not what was found.

    `entry` and `category` are the list's; `hash` is the list's own, of the kind `algorithm`, in hexadecimal digits;
    `distance` in bits of 256, 0 for the same. `version` is ours: in which file the entry came. `items`: at how many
    places; `reported` the last day. Nothing says where, nor what else was found there.
    """

    entry: str
    category: str
    algorithm: str
    hash: str
    distance: int
    version: int
    items: int
    reported: date


_HELD_AS = {"vpdq": "pdq"}
"""A film is known by its frames, of which the first that was near is named."""
COLUMNS = tuple(field.name for field in fields(FalseMatch))


def false_matches_of(found: HashList) -> list[FalseMatch]:
    """What was reported back to a list, in the order of its entries, each once for each way in which it matched."""
    told = Match.objects.filter(list=found).exclude(fed_back_at=None)
    grouped = told.values_list("known", "algorithm", "distance").annotate(
        items=Count("item", distinct=True), reported=Max("fed_back_at")
    )
    matches = list(grouped.order_by("known", "algorithm", "distance"))
    rows = findings.rows(known for known, *_ in matches)
    return [
        FalseMatch(
            entry=rows[known].reference,
            category=rows[known].category,
            algorithm=algorithm,
            hash=bytes(getattr(rows[known], _HELD_AS.get(algorithm, algorithm)) or b"").hex(),
            distance=distance,
            version=rows[known].added_in,
            items=items,
            reported=reported.date(),
        )
        for known, algorithm, distance, items, reported in matches
        if known in rows
    ]


def cells(matches: Iterable[FalseMatch]) -> Iterable[list[str]]:
    """The same as rows of a table under `COLUMNS`."""
    return ([str(getattr(one, name)) for name in COLUMNS] for one in matches)
