"""When a picture or film that was assessed goes on the list that we offer to others, and when it comes off again.

Quorum: as many different people as the country file says must have said that it is child sexual abuse material, each by
their newest word. One who says otherwise takes it off, whatever the others said: a platform that blocks a harmless
picture harms somebody, and who fetched the list cannot see the picture.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lykta.core.vocabulary import Grade, OfferState, Verdict

LEAST_QUORUM = 2
"""One person's word is never enough to have a picture blocked by others."""
LEAST_QUALITY = 50
"""PDQ's quality (0 to 100) below which list makers drop a hash: flat pictures resemble each other."""

_NATURES = frozenset({"real", "unknown"})
"""Of the label set: what is drawn or made by a machine is illegal in some countries only, and has lists of its own."""
_BEFORE_PUBERTY, _LATER = frozenset({"0-2", "3-6", "7-10"}), frozenset({"16-17"})
"""Ages of the label set that leave no doubt; between them either may be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one person said: whether it is child sexual abuse material, and of which grade, if they gave one."""

    person: int
    illegal: bool
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What all opinions come to; `missing`: how many more people the rule asks for."""

    state: OfferState
    grade: str
    missing: int


def standing(opinions: Iterable[Opinion], *, quorum: int) -> Standing:
    """What the opinions, oldest first, come to. A grade counts where nobody gave another one."""
    newest = {one.person: one for one in opinions}.values()
    if not all(one.illegal for one in newest):
        return Standing(OfferState.WITHDRAWN, "", 0)
    grades = {one.grade for one in newest if one.grade}
    missing = max(quorum - len(newest), 0)
    state = OfferState.WAITING if missing else OfferState.OFFERED
    return Standing(state, grades.pop() if len(grades) == 1 else "", missing)


def belongs(verdict: str, answers: Mapping[str, str]) -> bool:
    """Whether an assessment says that what was assessed belongs on the list."""
    return verdict == Verdict.ILLEGAL and answers.get("finding") == "csam" and answers.get("nature") in _NATURES


def fits(grade: Grade, age: str) -> bool:
    """Whether a grade can be right for the age that an assessment names (a value of the label set)."""
    if age in _BEFORE_PUBERTY:
        return grade in {Grade.A1, Grade.A2}
    return age not in _LATER or grade in {Grade.B1, Grade.B2}
