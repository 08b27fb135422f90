"""Group figures: nothing below five, and sums of whoever is there."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lykta.core.welfare import FEWEST, Share, Together, together

counts = some.integers(0, 10_000)
shares = some.builds(
    Share, seconds=counts, elsewhere=counts, new=counts, known=counts, passed=counts, counselling=counts
)


@pytest.mark.parametrize("people", range(FEWEST))
def test_fewer_than_five_are_not_shown(people: int) -> None:
    assert together([Share(seconds=600, new=3)] * people) is None


def test_five_are_summed_and_averaged() -> None:
    share = Share(seconds=90, elsewhere=10, new=3, known=1, passed=2, counselling=1)
    found = together([share] * 4 + [Share()])
    assert found == Together(people=5, minutes=6, elsewhere=40, items=16, new=12, known=4, passed=8, counselling=4)
    assert found.each == 9


@given(some.lists(shares, min_size=FEWEST, max_size=12))
def test_new_and_known_are_all_that_was_looked_at(group: list[Share]) -> None:
    found = together(group)
    assert found
    assert found.items == found.new + found.known == sum(one.new + one.known for one in group)
    assert found.people == len(group)
