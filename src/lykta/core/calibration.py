"""Calibration: made-up cases with what is expected, and how somebody's answers compare with it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PracticeCase:
    """A made-up case: what is told of it, the answers that are expected, and why. Others do not count."""

    text: str
    expected: Mapping[str, str]
    because: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """The cases of one label set, from number 1 on."""

    label_set: str
    cases: tuple[PracticeCase, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """How many answers were as expected; `right` of `asked`."""

    right: int
    asked: int

    @property
    def per_cent(self) -> int:
        return round(100 * self.right / self.asked) if self.asked else 0


def scores(calibration: Calibration, answered: Mapping[int, Mapping[str, str]]) -> dict[str, Score]:
    """The score for each label over the cases that were answered, by their number; in the order of the cases."""
    right: dict[str, int] = defaultdict(int)
    asked: dict[str, int] = defaultdict(int)
    for number, case in enumerate(calibration.cases, 1):
        if number in answered:
            for name, value in case.expected.items():
                asked[name] += 1
                right[name] += answered[number].get(name) == value
    return {name: Score(right[name], asked[name]) for name in asked}


def total(by_label: Mapping[str, Score]) -> Score:
    """All labels together."""
    return Score(sum(one.right for one in by_label.values()), sum(one.asked for one in by_label.values()))


def next_case(calibration: Calibration, answered: Mapping[int, object]) -> int | None:
    """The number of the first case that is not answered yet; None after the last."""
    return next((number for number in range(1, len(calibration.cases) + 1) if number not in answered), None)
