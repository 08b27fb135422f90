"""What an analyst should see first, with the reason in words."""

from dataclasses import dataclass

from lykta.core.vocabulary import ListFinding, Topic

_NUMBERS = {2: "Two", 3: "Three", 4: "Four", 5: "Five"}
_CHILD_NOW = frozenset({Topic.CONTACT, Topic.OWN_PICTURE, Topic.TRADE, Topic.TRAVEL})


@dataclass(frozen=True, slots=True)
class Urgency:
    """A lower rank comes first; equal ranks in the order in which they came."""

    rank: int
    reason: str


KNOWN = {
    ListFinding.ILLEGAL: Urgency(2, "Known: no look needed."),
    ListFinding.CHECK: Urgency(2, "Known to a list: it has to be checked."),
}
CAME_BACK = Urgency(2, "It had gone and is there again.")
NEW = Urgency(5, "New, not known anywhere.")
ASSESSED = Urgency(6, "Assessed before: no look needed.")
MOVED = Urgency(2, "It has moved to another host, network or country since it was assessed.")


def urgency(
    *,
    topic: Topic,
    danger: bool,
    came_back: bool,
    reporters: int,
    home_host: bool,
    moved: bool = False,
    known: ListFinding = ListFinding.UNKNOWN,
    assessed: bool = False,
) -> Urgency:
    """The rank of a case: a child, then what is known, came back or moved, then our own country, then many reporters.

    `danger`: a reporter says that a child is in danger now; `known`: the gravest that lists say of what waits in it;
    `assessed`: everything in it was assessed before, so that it comes last.
    """
    if child := _child(topic, danger=danger):
        return child
    signs = (
        (came_back, CAME_BACK),
        (moved, MOVED),
        (assessed, ASSESSED),
        (home_host, Urgency(3, "The server is in our country: we can act ourselves.")),
        (reporters > 1, Urgency(4, f"{_NUMBERS.get(reporters, reporters)} reporters name it.")),
    )
    return KNOWN.get(known) or next((found for applies, found in signs if applies), NEW)


def without_items(*, topic: Topic, danger: bool) -> Urgency:
    """The rank of a case that names no address: somebody has to read it."""
    return _child(topic, danger=danger) or Urgency(3, "Only words, no address: it has to be read.")


def _child(topic: Topic, *, danger: bool) -> Urgency | None:
    if danger:
        return Urgency(0, "The reporter says that a child is in danger right now.")
    return Urgency(1, "A child may be in danger now.") if topic in _CHILD_NOW else None
