"""For whom which work is: what people are prepared for, what they choose not to be shown, and who is at work.

Nobody has to say why. What somebody is not prepared for is said by a lead, what they are not to be shown by themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time

from lykta.core.exposure import CERTIFIED
from lykta.core.vocabulary import Certification, LookKind, Topic, Unfit

_LEVELS = tuple(Certification)
"""Each includes the ones before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What somebody may and wants to work with. `unprepared_for` and `spared` are topics."""

    certified_for: Certification
    unprepared_for: frozenset[str] = frozenset()
    spared: frozenset[str] = frozenset()

    @property
    def left_out(self) -> frozenset[str]:
        """Topics of which this person is given nothing."""
        return self.unprepared_for | self.spared

    @property
    def includes(self) -> tuple[Certification, ...]:
        """All that this person may be asked to look at, from words on."""
        return _LEVELS[: _LEVELS.index(self.certified_for) + 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When somebody works: `days` as ISO 8601 numbers them, in a row; times in UTC, None for the whole day."""

    days: str
    begins: time | None = None
    ends: time | None = None

    def include(self, moment: datetime) -> bool:
        """Whether this person is at work then. A shift through the night belongs to the day on which it began."""
        at = moment.astimezone(UTC)
        begins, ends = self.begins or time.min, self.ends or time.max
        day, hour = at.isoweekday(), at.time()
        if begins < ends:
            return str(day) in self.days and begins <= hour < ends
        yesterday = day - 1 or 7
        return (str(day) in self.days and hour >= begins) or (str(yesterday) in self.days and hour < ends)


def needed(kinds: Iterable[LookKind]) -> Certification:
    """What somebody has to be certified for who may have to look at things of these kinds."""
    wanted = set(kinds)
    return next(level for level in _LEVELS if wanted <= CERTIFIED[level])


def unfit(person: Preparation, *, topics: Iterable[str], needs: Certification = Certification.TEXT) -> Unfit | None:
    """Why something is not for this person, None where it is. `topics`: of all reports that lead to it; one will do."""
    left = set(topics)
    for left_out, why in ((person.spared, Unfit.SPARED), (person.unprepared_for, Unfit.NOT_PREPARED)):
        before, left = left, left - left_out
        if before and not left:
            return why
    return None if needs in person.includes else Unfit.NOT_CERTIFIED


def uncovered(people: Iterable[Preparation]) -> list[tuple[Topic, Certification]]:
    """Of which kinds of work nobody of these may be given anything: topic, and what may have to be looked at."""
    known = list(people)
    kinds = [(topic, needs) for topic in Topic for needs in _LEVELS]
    return [(topic, needs) for topic, needs in kinds if all(unfit(one, topics=[topic], needs=needs) for one in known)]
