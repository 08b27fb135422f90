"""Figures of a whole group that say nothing about one of its members.

Whoever leads sees how much the group looks at, never how much one person does: that would make care a measure of
performance, and people would stop saying how they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass

FEWEST = 5
"""People in a group below which nothing of it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One person's month. `seconds` of looks here, `elsewhere` minutes in other systems, `passed` what was skipped."""

    seconds: int = 0
    elsewhere: int = 0
    new: int = 0
    known: int = 0
    passed: int = 0
    counselling: int = 0

    @property
    def minutes(self) -> int:
        return round(self.seconds / 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What a group did in a month: sums, and the mean of `minutes` for each of its `people`."""

    people: int
    minutes: int
    elsewhere: int
    items: int
    new: int
    known: int
    passed: int
    counselling: int

    @property
    def each(self) -> int:
        """Minutes of looking for each person, here and elsewhere, on average."""
        return round((self.minutes + self.elsewhere) / self.people)


def together(shares: Iterable[Share]) -> Together | None:
    """The group's month; None where there are too few to show."""
    known = list(shares)
    if len(known) < FEWEST:
        return None
    new, seen = sum(one.new for one in known), sum(one.known for one in known)
    return Together(
        people=len(known),
        minutes=round(sum(one.seconds for one in known) / 60),
        elsewhere=sum(one.elsewhere for one in known),
        items=new + seen,
        new=new,
        known=seen,
        passed=sum(one.passed for one in known),
        counselling=sum(one.counselling for one in known),
    )
