"""The index of known hashes: files beside the database, which every process maps, kept in step with the lists.

The lists in the database are the truth and the index is a copy: what it finds is read there before it counts, and when
it is lost, damaged or of another database, it is made anew. `mark.json` says up to which row of each list it goes, and
is written last, so that whoever is killed leaves less marked than is there; to add a row again changes no answer.
"""

import json
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
from django.db.models import Max, QuerySet

from lykta.core.matching import GOOD, is_flat
from lykta.core.vocabulary import ImportState
from lykta.lib.matching import exact, files, films
from lykta.lib.matching.exact import ExactIndex
from lykta.lib.matching.journal import Damaged
from lykta.lib.matching.near import NearIndex
from lykta.lib.matching.versions import Batch
from lykta.records.matching.models import ROWS_OF_A_LIST, Known, ListVersion

EXACT = {"sha256": exact.SHA256, "sha1": exact.SHA1, "md5": exact.MD5}
PDQ = "pdq"
MANY = 20_000
"""Rows that are worth a new generation of the index; fewer are added to its tail, in milliseconds."""
PIECE = 50_000
"""Rows that are read from the database at a time."""

Ready = dict[int, dict[int, str]]
"""The versions of each list that were read to their end, and when each was begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Up to where the index has a list: its newest version (number, and when it was begun) and the number of the last
    row; and how many versions were ready, since an older one may be read to its end after a newer one.
    """

    number: int
    begun: str
    last: int
    ready: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A row that the index knows for a picture or film, by its place among those asked for; `quality` is as seen.

    `frame`: it is near to one frame of a film, which is `digest`.
    """

    medium: int
    known: int
    algorithm: str
    digest: bytes
    distance: int = 0
    quality: int = 100
    frame: bool = False


class Indexes:
    """The files in one folder. Safe to use from several threads and processes at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opening = threading.Lock()
        self._opened: dict[str, ExactIndex | NearIndex] = {}

    def follow(self, *, many: bool = True) -> bool:
        """Take in what lists got and lost since the last time; whether all of it is in now.

        It is not where another process is at it, or, without `many`, where it would take more than a moment. Raises
        OSError.
        """
        if self.is_in_step():
            return True
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with files.locked_if_free(self._folder / "following") as free:
            return free and self._take_in(many=many)

    def is_in_step(self) -> bool:
        """Whether all that the lists hold is in, and nothing of another database."""
        marks, ready = self._marks(), _ready()
        return marks is not None and _is_ours(marks, ready) and not _ahead(marks, ready) and not self._is_damaged()

    def is_made(self) -> bool:
        """Whether there is an index to ask, be it behind the lists."""
        return self._marks() is not None

    def tidy(self) -> None:
        """Make new generations of what has grown a long tail."""
        for index in self._all().values():
            if index.is_tail_long():
                index.rebuild()

    def look_up(self, media: Sequence[Mapping[str, Any]]) -> list[Candidate]:
        """Rows for each of these (`contract.Medium` as dictionaries): the same digests, and PDQ hashes that are near.

        What is flat or of low quality is not asked for: it is near to everything. A row is there once for each of
        them, but once for each frame that it is near to. Raises OSError.
        """
        if not self._marks():
            return []
        found = chain.from_iterable(self._same(name, media) for name in EXACT)
        nearest: dict[tuple[int, int, bytes], Candidate] = {}
        for one in (*found, *self._near(media)):
            nearest.setdefault((one.medium, one.known, one.digest if one.frame else b""), one)
        return list(nearest.values())

    def _same(self, name: str, media: Sequence[Mapping[str, Any]]) -> Iterator[Candidate]:
        seen = [(place, bytes.fromhex(medium[name])) for place, medium in enumerate(media) if medium.get(name)]
        index = self._all()[name]
        if not seen or not isinstance(index, ExactIndex):
            return
        hits = index.find_many(_array([digest for _, digest in seen], EXACT[name]))
        for query, row in zip(hits.queries.tolist(), hits.rows.tolist(), strict=True):
            place, digest = seen[query]
            yield Candidate(medium=place, known=row, algorithm=name, digest=digest)

    def _near(self, media: Sequence[Mapping[str, Any]]) -> list[Candidate]:
        """Nearest first. The hashes of a picture as it is, turned and mirrored, and of a film one for each second."""
        seen = [(place, *one) for place, medium in enumerate(media) for one in _telling(medium)]
        index = self._all()[PDQ]
        if not seen or not isinstance(index, NearIndex):
            return []
        hits = index.find_many(_array([digest for _, digest, *_ in seen], exact.SHA256))
        found = [
            Candidate(
                medium=seen[query][0],
                known=row,
                algorithm=PDQ,
                digest=seen[query][1],
                distance=distance,
                quality=seen[query][2],
                frame=seen[query][3],
            )
            for query, row, distance in zip(*(column.tolist() for column in hits), strict=True)
        ]
        return sorted(found, key=lambda one: one.distance)

    def _all(self) -> dict[str, ExactIndex | NearIndex]:
        with self._opening:
            if not self._opened:
                opened: dict[str, ExactIndex | NearIndex] = {
                    name: ExactIndex.open(self._folder / name, width=width) for name, width in EXACT.items()
                }
                self._opened = {**opened, PDQ: NearIndex.open(self._folder / PDQ)}
            return self._opened

    def _marks(self) -> dict[int, Mark] | None:
        """By list; None where an index or the mark itself is not there."""
        try:
            if not all((self._folder / name / "CURRENT").exists() for name in (*EXACT, PDQ)):
                return None
            kept = json.loads((self._folder / "mark.json").read_text())
            return {int(number): Mark(**mark) for number, mark in kept.items()}
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def _take_in(self, *, many: bool) -> bool:
        marks, ready = self._marks(), _ready()
        if marks is None or not _is_ours(marks, ready) or self._is_damaged():
            self._throw_away()
            marks = {}
        ahead = _ahead(marks, ready)
        rows = [
            _rows(number, marks[number].last if number in marks else 0, mark.last) for number, mark in ahead.items()
        ]
        count = sum(one.count() for one in rows)
        if count > MANY and not many:
            return False
        gone = [_withdrawn(number, marks[number].number) for number in ahead.keys() & marks.keys()]
        few = [one for some in rows for one in some.values_list("pk", *self._all())] if count <= MANY else []
        for place, (name, index) in enumerate(self._all().items(), start=1):
            if count > MANY:
                index.rebuild(chain.from_iterable(_batches(one, name, index.width) for one in rows))
            else:
                found = [(one[0], one[place]) for one in few if one[place] is not None]
                index.add(np.array([number for number, _ in found], np.int64), _bytes(found, index.width))
            for numbers in gone:
                index.withdraw(numbers)
        kept = {str(number): asdict(mark) for number, mark in (marks | ahead).items()}
        files.replace(self._folder / "mark.json", json.dumps(kept).encode())
        return True

    def _is_damaged(self) -> bool:
        try:
            for index in self._all().values():
                index.view()
        except (OSError, ValueError, Damaged):
            return True
        return False

    def _throw_away(self) -> None:
        """The mark first: without it nobody takes what is left for the index."""
        (self._folder / "mark.json").unlink(missing_ok=True)
        with self._opening:
            self._opened = {}
        for name in (*EXACT, PDQ):
            shutil.rmtree(self._folder / name, ignore_errors=True)


@cache
def indexes_in(folder: Path) -> Indexes:
    """The index in a folder, opened once a process."""
    return Indexes(folder)


def _ready() -> Ready:
    versions: Ready = {}
    ready = ListVersion.objects.filter(state=ImportState.READY)
    for number, version, begun in ready.values_list("list_id", "number", "started_at"):
        versions.setdefault(number, {})[version] = begun.isoformat()
    return versions


def _ahead(marks: Mapping[int, Mark], ready: Ready) -> dict[int, Mark]:
    """Up to where the lists go that have other versions than are marked."""
    newest = {number: max(versions) for number, versions in ready.items()}
    return {
        number: Mark(number=version, begun=ready[number][version], last=_last(number), ready=len(ready[number]))
        for number, version in newest.items()
        if number not in marks or marks[number].ready != len(ready[number])
    }


def _is_ours(marks: Mapping[int, Mark], ready: Ready) -> bool:
    """Whether all that is marked is in this database: it may have come back from a backup, and given numbers again."""
    return all(ready.get(number, {}).get(mark.number) == mark.begun for number, mark in marks.items())


def _last(number: int) -> int:
    first = number * ROWS_OF_A_LIST
    rows = Known.objects.filter(list=number, pk__gte=first, pk__lt=first + ROWS_OF_A_LIST)
    return rows.aggregate(last=Max("pk"))["last"] or first


def _rows(number: int, start: int, last: int) -> "QuerySet[Known]":
    first = max(start + 1, number * ROWS_OF_A_LIST)
    return Known.objects.filter(list=number, pk__gte=first, pk__lte=last, withdrawn_in=None).order_by("pk")


def _withdrawn(number: int, since: int) -> "np.ndarray[Any, np.dtype[np.int64]]":
    return np.fromiter(
        Known.objects.filter(list=number, withdrawn_in__gt=since).values_list("pk", flat=True).iterator(), np.int64
    )


def _batches(rows: "QuerySet[Known]", name: str, width: int) -> Iterator[Batch]:
    """Row numbers with their digests, as many as are read at a time."""
    found = rows.exclude(**{name: None}).values_list("pk", name).iterator(chunk_size=PIECE)
    while piece := list(islice(found, PIECE)):
        yield np.array([number for number, _ in piece], np.int64), _bytes(piece, width)


def _bytes(found: Sequence[tuple[int, Any]], width: int) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    return _array([bytes(digest) for _, digest in found], width)


def _array(digests: Sequence[bytes], width: int) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    return np.frombuffer(b"".join(digests), np.uint8).reshape(-1, width)


def telling_frames(medium: Mapping[str, Any]) -> list[bytes]:
    """The PDQ hashes of a film's frames that say something, each once, in ascending order."""
    frames = medium.get("frames", ())
    if not frames:
        return []
    hashes = _array([bytes.fromhex(one["pdq"]) for one in frames], exact.SHA256)
    told = films.telling(hashes, np.array([one["quality"] for one in frames]))
    return [one.tobytes() for one in told if not is_flat(one.tobytes())]


def _telling(medium: Mapping[str, Any]) -> Iterator[tuple[bytes, int, bool]]:
    """The PDQ hashes of a picture or a film that say something, with their quality, and whether each is of a frame."""
    if medium.get("quality", 0) >= GOOD:
        for pdq in medium.get("pdq", ()):
            if not is_flat(bytes.fromhex(pdq)):
                yield bytes.fromhex(pdq), medium["quality"], False
    yield from ((one, GOOD, True) for one in telling_frames(medium))
