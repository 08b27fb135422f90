"""How far two people agree who judged the same things without knowing of each other: Cohen's kappa.

Jacob Cohen, A Coefficient of Agreement for Nominal Scales, Educational and Psychological Measurement 20 (1960):
kappa = (observed - expected) / (1 - expected), where `expected` is what chance alone would give.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

FEWEST = 20
"""Below so many pairs a kappa says nothing that one could act on."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """`count` pairs, the share of them that is equal, and kappa from -1 to 1.

    Both are None where there are too few; kappa is also None where both always gave one and the same answer, since
    chance then explains everything.
    """

    count: int
    observed: float | None
    kappa: float | None

    @property
    def is_too_few(self) -> bool:
        return self.count < FEWEST


def agreement(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """The agreement of (first, second) answers to one question."""
    count = len(pairs)
    if count < FEWEST:
        return Agreement(count, None, None)
    same = sum(first == second for first, second in pairs)
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    by_chance = sum(firsts[answer] * seconds[answer] for answer in firsts)
    if by_chance == count**2:
        return Agreement(count, 1.0, None)
    # In whole numbers until the end: kappa = (same/n - chance/n²) / (1 - chance/n²), both parts times n².
    return Agreement(count, same / count, (same * count - by_chance) / (count**2 - by_chance))
