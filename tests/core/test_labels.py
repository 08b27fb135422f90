"""What an analyst says, and what a law makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core.labels import LABEL_SETS, LYKTA_1, Judgement, Offence, complete, judge
from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import Verdict

LAW = (
    Offence(law="§ 1", findings=frozenset({"csam", "advert"}), natures=frozenset({"real", "unknown"})),
    Offence(law="§ 2", findings=frozenset({"csam"}), natures=frozenset({"drawn"})),
)


def answers(**given: str) -> dict[str, str]:
    return complete(LYKTA_1, {"finding": "csam", **given})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (answers(nature="real"), Judgement(Verdict.ILLEGAL, "§ 1")),
        (answers(nature="drawn"), Judgement(Verdict.ILLEGAL, "§ 2")),
        (answers(nature="generated"), Judgement(Verdict.NOT_ILLEGAL, "")),
        (answers(finding="advert"), Judgement(Verdict.ILLEGAL, "§ 1")),
        (answers(finding="not_child"), Judgement(Verdict.NOT_ILLEGAL, "")),
        (answers(finding="not_found"), Judgement(Verdict.NOT_FOUND, "")),
    ],
)
def test_a_law_makes_a_verdict_of_answers(given: dict[str, str], expected: Judgement) -> None:
    assert judge(given, LAW) == expected


def test_without_a_law_nothing_is_illegal() -> None:
    assert judge(answers(nature="real"), ()) == Judgement(Verdict.NOT_ILLEGAL, "")


def test_defaults_are_filled_in() -> None:
    assert answers() == {"finding": "csam", "age": "unknown", "nature": "unknown", "danger": "no"}


def test_an_answer_that_is_needed_is_asked_for() -> None:
    with pytest.raises(NotUnderstood, match="What is it"):
        complete(LYKTA_1, {})


def test_an_unknown_answer_is_refused_by_name() -> None:
    with pytest.raises(NotUnderstood, match="“blue” is not an answer to: Is it real"):
        complete(LYKTA_1, {"finding": "csam", "nature": "blue"})


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=10)))
def test_only_known_questions_are_kept(given: dict[str, str]) -> None:
    try:
        kept = complete(LYKTA_1, given)
    except NotUnderstood:
        return
    assert set(kept) == {question.name for question in LYKTA_1.questions}


@pytest.mark.parametrize("name", list(LABEL_SETS))
def test_a_set_is_sound(name: str) -> None:
    label_set = LABEL_SETS[name]
    assert label_set.name == name
    for question in label_set.questions:
        values = [option.value for option in question.options]
        keys = [option.key for option in question.options if option.key]
        assert len(values) == len(set(values))
        assert len(keys) == len(set(keys))
        assert question.default == "" or question.default in values
