"""A broken label set is refused: each way to break one."""

from dataclasses import replace

import pytest

from lykta.core.label_faults import faults
from lykta.core.labels import LabelSet, Option, Question, Rule, Scheme

FINDING = Question("finding", "What is it?", (Option("csam", "It", "1"), Option("not_found", "Gone", "2")))
AGE = Question("age", "How old?", (Option("0-2", "0", "1"), Option("3-6", "3")), when={"finding": frozenset({"csam"})})
LEVEL = Question("level", "Level", (Option("a", "A", "w"), Option("b", "B")), default="b")
CODE = Scheme("other", "Other", "somewhere", (Rule("1", "So.", {"age": frozenset({"0-2"})}), Rule("", "Not so.")))
GOOD = LabelSet("own-1", (FINDING, replace(AGE, options=(Option("0-2", "0", "y"), Option("3-6", "3"))), LEVEL))
WHOLE = replace(GOOD, schemes=(CODE,))


def with_question(**changes: object) -> LabelSet:
    return replace(GOOD, questions=(*GOOD.questions[:2], replace(LEVEL, **changes)))  # type: ignore[arg-type]


def with_rules(*rules: Rule, name: str = "other") -> LabelSet:
    return replace(GOOD, schemes=(replace(CODE, name=name, rules=rules),))


def test_a_good_set_has_no_faults() -> None:
    assert list(faults(WHOLE)) == []


@pytest.mark.parametrize(
    ("broken", "table", "index", "reason"),
    [
        (with_question(name="age"), "questions", 2, "two of this name"),
        (with_question(name="verdict"), "questions", 2, "means something else"),
        (with_question(options=(Option("b", "B"),)), "questions", 2, "at least two options"),
        (with_question(options=(Option("b", "B"), Option("b", "C"))), "questions", 2, "each value once"),
        (with_question(default="z"), "questions", 2, "“z” is none of its options"),
        (with_question(mixed="z"), "questions", 2, "“z” is none of its options"),
        (with_question(worst_first=("a",)), "questions", 2, "name each option once"),
        (with_question(when={"colour": frozenset({"red"})}), "questions", 2, "no question before it is called “colour”"),
        (with_question(when={"age": frozenset({"99"})}), "questions", 2, "“99” is not an answer to “age”"),
        (with_question(when={"age": frozenset()}), "questions", 2, "no answer to “age” is named"),
        (with_question(options=(Option("a", "A", "q"), Option("b", "B"))), "questions", 2, "“q” cannot be a key"),
        (with_question(options=(Option("a", "A", "ab"), Option("b", "B"))), "questions", 2, "“ab” cannot be a key"),
        (with_question(options=(Option("a", "A", "y"), Option("b", "B"))), "questions", 2, "the key “y” is taken"),
        (with_question(options=(Option("a", "A", "x"), Option("b", "B", "x"))), "questions", 2, "the key “x” is taken"),
        (replace(GOOD, questions=(FINDING, AGE)), "questions", 1, "the key “1” is taken"),
        (with_rules(Rule("1", "So.", {"age": frozenset({"0-2"})})), "mappings", 0, "the last rule must have no condition"),
        (with_rules(), "mappings", 0, "the last rule must have no condition"),
        (with_rules(Rule("1", "So."), Rule("2", "So.")), "mappings", 0, "hides those after it"),
        (with_rules(Rule("1", "")), "mappings", 0, "has to say why"),
        (with_rules(Rule("1", "So.", {"sex": frozenset({"x"})}), Rule("", "No.")), "mappings", 0, "is called “sex”"),
        (with_rules(Rule("1", "So.", {"verdict": frozenset({"bad"})}), Rule("", "No.")), "mappings", 0, "“bad” is not an answer"),
        (with_rules(Rule("terrible", "So."), name="lykta.danger"), "mappings", 0, "“terrible” is none of no, yes"),
        (replace(GOOD, schemes=(CODE, CODE)), "mappings", 1, "two of this name"),
        (replace(GOOD, questions=(LEVEL,)), "", 0, "neither a question “finding” nor a mapping"),
        (replace(GOOD, questions=(replace(FINDING, options=(*FINDING.options, Option("odd", "Odd"))),)), "", 0, "“finding” has other answers"),
        (replace(GOOD, questions=(LEVEL, replace(FINDING, when={"level": frozenset({"a"})}))), "", 0, "asked always"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(broken: LabelSet, table: str, index: int, reason: str) -> None:
    assert any((one.table, one.index) == (table, index) and reason in one.reason for one in faults(broken))


def test_questions_that_are_never_asked_together_may_share_a_key() -> None:
    gone = Question(
        "gone", "Why?", (Option("x", "X", "y"), Option("z", "Z")), when={"finding": frozenset({"not_found"})}
    )
    assert list(faults(replace(GOOD, questions=(*GOOD.questions, gone)))) == []


def test_a_condition_on_the_verdict_is_understood() -> None:
    illegal = Rule("1", "So.", {"verdict": frozenset({"illegal"})})
    assert list(faults(with_rules(illegal, Rule("", "No.")))) == []
