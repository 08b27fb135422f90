"""Films by the rule of vPDQ: a film that was looked at is one of a list if enough of its frames are near to its frames.

Each frame of a listed film is a row of the list (`lib.hashlists.films`), and so in the index of pictures.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lykta.core.matching import FAR, GOOD, is_flat
from lykta.lib.hashlists.films import film_of
from lykta.lib.matching.films import shared_by
from lykta.records.matching.models import Known
from lykta.workflow.indexes import Candidate

VPDQ = "vpdq"


@dataclass(frozen=True, slots=True)
class FilmSeen:
    """A listed film: the lowest of its rows that were near, its name, and to how many of all frames some were near.

    `digest` tells the film that was looked at from others, for who reports it back as false.
    """

    row: Known
    film: str
    frames: int
    all_frames: int
    digest: bytes


def is_frame_of_film(one: Candidate, row: Known) -> bool:
    """Whether frames of two films are near: they count together, never alone, since films share logos and titles."""
    return one.frame and bool(film_of(row.reference))


def films_seen(
    frames: Sequence[bytes], candidates: Iterable[Candidate], rows: Mapping[int, Known]
) -> Iterator[FilmSeen]:
    """The listed films to which enough of these frames are near, by what the lists hold."""
    near = [
        ((row.list_id, film_of(row.reference)), one.digest, row)
        for one in candidates
        if (row := rows.get(one.known)) is not None and is_frame_of_film(one, row) and _counts(row, one)
    ]
    shared = shared_by(((film, digest) for film, digest, _ in near), len(frames))
    digest = hashlib.sha256(b"".join(frames)).digest()
    for film, count in shared.items():
        first = min((row for other, _, row in near if other == film), key=lambda row: row.pk)
        yield FilmSeen(first, film[1], count, len(frames), digest)


def distance(row: Known, one: Candidate) -> int:
    """In how many bits the two PDQ hashes differ, counted anew from what the list holds."""
    return (int.from_bytes(bytes(row.pdq or b"")) ^ int.from_bytes(one.digest)).bit_count()


def _counts(row: Known, one: Candidate) -> bool:
    pdq = bytes(row.pdq or b"")
    good = row.quality is None or row.quality >= GOOD
    live = row.list.active and row.withdrawn_in is None
    return (
        live
        and good
        and len(pdq) == len(one.digest)
        and not is_flat(pdq)
        and distance(row, one) <= min(row.list.distance, FAR)
    )
