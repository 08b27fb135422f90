"""The score of practice cases."""

from lykta.core.calibration import Calibration, PracticeCase, Score, next_case, scores, total

SET = Calibration(
    "own-1",
    (
        PracticeCase("One.", {"finding": "csam", "age": "3-6"}, "So."),
        PracticeCase("Two.", {"finding": "grey"}, "So."),
    ),
)


def test_only_what_is_expected_and_answered_counts() -> None:
    found = scores(SET, {1: {"finding": "csam", "age": "0-2", "sex": "girl"}})
    assert found == {"finding": Score(1, 1), "age": Score(0, 1)}
    assert total(found) == Score(1, 2)
    assert total(found).per_cent == 50


def test_an_answer_that_was_not_asked_for_is_not_right() -> None:
    assert scores(SET, {1: {}, 2: {"finding": "grey"}}) == {"finding": Score(1, 2), "age": Score(0, 1)}


def test_nothing_answered_is_no_score() -> None:
    assert scores(SET, {}) == {}
    assert total({}).per_cent == 0


def test_the_cases_come_in_order_and_end() -> None:
    assert next_case(SET, {}) == 1
    assert next_case(SET, {1: {}}) == 2
    assert next_case(SET, {2: {}}) == 1
    assert next_case(SET, {1: {}, 2: {}}) is None
