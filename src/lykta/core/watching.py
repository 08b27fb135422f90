"""Whether a watched item is still there: one look after another, and what they add up to."""

from dataclasses import dataclass, replace

from lykta.core.clocks import MISSES_UNTIL_GONE
from lykta.core.lifecycle import Event
from lykta.core.vocabulary import Outcome

_MISSES = frozenset({Outcome.MISSING, Outcome.NO_NAME, Outcome.NO_ANSWER})
_THERE = frozenset({Outcome.PRESENT, Outcome.LOCKED})


@dataclass(frozen=True, slots=True)
class Watched:
    """`looks` in this phase (there, or gone), `misses` in a row, and whether it counts as gone."""

    looks: int = 0
    misses: int = 0
    gone: bool = False


def seen(*, outcome: Outcome, media_type: str, sha256: str, baseline: str) -> bool | None:
    """Whether a look saw the item: True, False, or None when the look tells nothing.

    A single picture or film that is answered with other bytes than at first has been replaced: that is a miss. A page
    changes all the time, so its bytes tell nothing. What the guard refused to open tells nothing either.
    """
    if outcome in _MISSES:
        return False
    if outcome not in _THERE:
        return None
    a_file = media_type.startswith(("image/", "video/"))
    replaced = a_file and bool(baseline) and bool(sha256) and sha256 != baseline
    return not replaced


def after_look(before: Watched, saw: bool | None) -> tuple[Watched, Event | None]:  # noqa: FBT001 - three-valued
    """Where the watch stands after a look, and what has happened to the item, if anything."""
    looks = before.looks + 1
    if saw is None:
        return replace(before, looks=looks), None
    if before.gone:
        return (Watched(), Event.CAME_BACK) if saw else (replace(before, looks=looks), None)
    if saw:
        return Watched(looks=looks), None
    misses = before.misses + 1
    if misses >= MISSES_UNTIL_GONE:
        return Watched(gone=True, misses=misses), Event.WENT_AWAY
    return Watched(looks=looks, misses=misses), None
