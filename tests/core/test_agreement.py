"""Cohen's kappa, against values worked out by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lykta.core.agreement import FEWEST, Agreement, agreement

ANSWERS = st.sampled_from(["a", "b", "c"])
PAIRS = st.lists(st.tuples(ANSWERS, ANSWERS), min_size=FEWEST, max_size=60)


def test_the_textbook_example_of_fifty_pairs() -> None:
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    found = agreement(pairs)
    assert found.count == 50
    assert found.observed == pytest.approx(0.70)
    assert found.kappa == pytest.approx(0.40)


def test_full_agreement_is_one_and_full_disagreement_is_minus_one() -> None:
    assert agreement([("a", "a"), ("b", "b")] * 10).kappa == 1
    assert agreement([("a", "b"), ("b", "a")] * 10).kappa == -1


def test_what_chance_alone_would_give_is_zero() -> None:
    assert agreement([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")] * 5).kappa == 0


def test_under_twenty_pairs_are_too_few() -> None:
    found = agreement([("a", "a")] * (FEWEST - 1))
    assert found == Agreement(FEWEST - 1, None, None)
    assert found.is_too_few
    assert not agreement([("a", "b")] * FEWEST).is_too_few


def test_where_everybody_always_says_the_same_kappa_is_not_defined() -> None:
    assert agreement([("a", "a")] * FEWEST) == Agreement(FEWEST, 1.0, None)


@settings(max_examples=60)
@given(PAIRS)
def test_kappa_is_bounded_symmetric_and_never_above_the_share_that_is_equal(pairs: list[tuple[str, str]]) -> None:
    found = agreement(pairs)
    assert found.observed is not None
    if found.kappa is None:
        assert found.observed == 1
        return
    assert -1 <= found.kappa <= found.observed <= 1
    assert agreement([(second, first) for first, second in pairs]).kappa == found.kappa
    assert agreement(pairs * 2).kappa == pytest.approx(found.kappa)
