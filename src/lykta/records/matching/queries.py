"""Reads of lists: what they hold, how far an import is, and what was refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q, Sum

from lykta.core.refusals import NotNow
from lykta.core.vocabulary import ImportState
from lykta.lib.hashlists.films import film_of, frames_begin
from lykta.records.matching.models import HashList, Known, ListVersion, RefusedRow


@dataclass(frozen=True, slots=True)
class Counted:
    """A list, how many rows it holds that are not withdrawn, when it was last changed, and whether it is being read."""

    found: HashList
    held: int
    changed_at: datetime | None
    is_read: bool


@dataclass(frozen=True, slots=True)
class Film:
    """A film of a list: the marks of its frames, and of the `others` that bear its name, such as its file's digests."""

    list: HashList
    name: str
    frames: Sequence[bytes]
    others: Sequence[bytes]


def lists() -> list[Counted]:
    """All lists by name."""
    kept = ~Q(versions__state=ImportState.DRY_RUN)
    added = HashList.objects.annotate(
        added=Sum("versions__rows_added", filter=kept, default=0),
        withdrawn=Sum("versions__rows_withdrawn", filter=kept, default=0),
        changed_at=Max("versions__finished_at", filter=kept),
    )
    read = set(ListVersion.objects.filter(state=ImportState.READING).values_list("list", flat=True))
    return [
        Counted(one, one.added - one.withdrawn, one.changed_at, one.pk in read)
        for one in added.order_by("name", "slug")
    ]


def versions_of(found: HashList) -> list[ListVersion]:
    """Every file that was read into the list, the newest first."""
    return list(found.versions.order_by("-number"))


def refused_in(version: ListVersion, *, first: int = 0, most: int | None = None) -> Sequence[RefusedRow]:
    """Rows of a file that were not taken in, in its order."""
    rows = version.refused.order_by("line", "pk")
    return list(rows[first : None if most is None else first + most])


def refused_cells(version: ListVersion) -> Iterable[tuple[object, ...]]:
    """All of them as a table below its head."""
    return [("line", "why", "cell"), *((row.line, row.reason, row.cell) for row in refused_in(version))]


def film_in(found: HashList, typed: str) -> Film:
    """A film by its name, or by the reference of a frame: all of it that is not withdrawn. Raises NotNow.

    It looks through the whole list, a second for millions of rows: no index holds references.
    """
    name = film_of(typed) or typed
    named = Q(reference=name) | Q(reference__startswith=frames_begin(name))
    live = Known.objects.filter(named, list=found, withdrawn_in=None)
    rows = list(live.values_list("reference", "mark")) if name else []
    # SQLite does not tell capitals from small letters there, and the name of a film may have a colon in it.
    frames = [bytes(mark) for reference, mark in rows if film_of(reference) == name]
    if not frames:
        raise NotNow("The list has no frame of such a film, or it was withdrawn before.")
    return Film(found, name, frames, [bytes(mark) for reference, mark in rows if reference == name])
