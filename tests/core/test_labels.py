"""What an analyst says, what others call it, and what a law makes of it."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lykta.core.labels import (
    Judgement,
    LabelSet,
    Meaning,
    Offence,
    Option,
    Question,
    Rule,
    Scheme,
    code,
    combine,
    complete,
    judge,
    meaning,
)
from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import Finding, Verdict
from lykta.lib.labels import label_set, label_sets

LAW = (
    Offence(
        law="§ 1", findings=frozenset({"csam", "advert"}), natures=frozenset({"real", "unknown"}), because="Because."
    ),
    Offence(law="§ 2", findings=frozenset({"csam"}), natures=frozenset({"drawn"})),
)
FIRST, SECOND = label_set("lykta-1"), label_set("lykta-2")
REASONS = {
    "not_child": {"reason_not_illegal": "adult"},
    "not_illegal": {"reason_not_illegal": "threshold"},
    "not_found": {"reason_not_found": "removed"},
    "inaccessible": {"reason_inaccessible": "password"},
    "grey": {"reason_grey": "age"},
    "out_of_remit": {"reason_out_of_remit": "adults"},
}


def csam(**given: str) -> dict[str, str]:
    return complete(SECOND, {"finding": "csam", **given})


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Meaning(Finding.CSAM, "real"), Judgement(Verdict.ILLEGAL, "§ 1")),
        (Meaning(Finding.CSAM, "drawn"), Judgement(Verdict.ILLEGAL, "§ 2")),
        (Meaning(Finding.CSAM, "generated"), Judgement(Verdict.NOT_ILLEGAL, "")),
        (Meaning(Finding.ADVERT), Judgement(Verdict.ILLEGAL, "§ 1")),
        (Meaning(Finding.NOT_CHILD), Judgement(Verdict.NOT_ILLEGAL, "")),
        (Meaning(Finding.GREY, "real"), Judgement(Verdict.NOT_ILLEGAL, "")),
        (Meaning(Finding.OUT_OF_REMIT), Judgement(Verdict.NOT_ILLEGAL, "")),
        (Meaning(Finding.NOT_FOUND), Judgement(Verdict.NOT_FOUND, "")),
        (Meaning(Finding.INACCESSIBLE), Judgement(Verdict.NOT_FOUND, "")),
    ],
)
def test_a_law_makes_a_verdict_of_what_was_said(said: Meaning, expected: Judgement) -> None:
    assert judge(said, LAW) == expected


@pytest.mark.parametrize("finding", list(Finding))
@pytest.mark.parametrize("law", [(), LAW])
def test_every_verdict_is_explained(finding: Finding, law: tuple[Offence, ...]) -> None:
    assert judge(Meaning(finding, "real"), law).because


def test_without_a_law_nothing_is_illegal() -> None:
    assert judge(Meaning(Finding.CSAM, "real"), ()) == Judgement(Verdict.NOT_ILLEGAL, "")


def test_defaults_are_filled_in() -> None:
    said = complete(FIRST, {"finding": "csam"})
    assert said == {"finding": "csam", "age": "unknown", "nature": "unknown", "danger": "no"}


def test_a_plain_case_needs_one_answer() -> None:
    assert csam()["age"] == "unknown"
    assert "payment" not in csam()


def test_only_what_matters_is_asked() -> None:
    assert "coerced" not in csam(self_generated="no", coerced="yes")
    assert csam(self_generated="yes", coerced="yes")["coerced"] == "yes"
    assert "payment" in csam(commercial="yes")
    assert set(complete(SECOND, {"finding": "not_found", "age": "0-2", **REASONS["not_found"]})) == {
        "finding",
        "reason_not_found",
        "danger",
        "named",
    }


@pytest.mark.parametrize("finding", REASONS)
def test_what_is_not_acted_on_needs_its_reason(finding: str) -> None:
    with pytest.raises(NotUnderstood, match="Please answer"):
        complete(SECOND, {"finding": finding})
    assert complete(SECOND, {"finding": finding, **REASONS[finding]})


def test_an_answer_that_is_needed_is_asked_for() -> None:
    with pytest.raises(NotUnderstood, match="What is it"):
        complete(SECOND, {})


def test_an_unknown_answer_is_refused_by_name() -> None:
    with pytest.raises(NotUnderstood, match="“blue” is not an answer to: Is it real"):
        csam(nature="blue")


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=10)))
def test_only_known_questions_are_kept(given: dict[str, str]) -> None:
    try:
        kept = complete(FIRST, given)
    except NotUnderstood:
        return
    assert set(kept) == {question.name for question in FIRST.questions}


def test_of_several_pictures_the_most_severe_and_the_youngest_count() -> None:
    pictures = [
        csam(age="14-15", severity="a", nature="drawn", sex="girl"),
        csam(age="3-6", severity="c", nature="real", sex="boy", commercial="no"),
        complete(SECOND, {"finding": "not_illegal", **REASONS["not_illegal"]}),
    ]
    together = combine(SECOND, pictures)
    assert together == csam(age="3-6", severity="a", nature="real", sex="both", commercial="no")


def test_an_unknown_age_never_hides_one_that_is_known() -> None:
    assert combine(SECOND, [csam(), csam(age="16-17")])["age"] == "16-17"


def test_a_danger_in_one_picture_is_a_danger() -> None:
    assert combine(SECOND, [csam(danger="yes"), csam()])["danger"] == "yes"


def test_who_is_named_in_different_pictures_is_named_in_all() -> None:
    assert combine(SECOND, [csam(named="child"), csam(named="adult"), csam()])["named"] == "both"
    assert combine(SECOND, [csam(named="child"), csam()])["named"] == "child"


CHOSEN = ("age", "severity", "nature", "sex", "danger")


@st.composite
def picture(draw: st.DrawFn) -> dict[str, str]:
    questions = [question for question in SECOND.questions if question.name in CHOSEN]
    return csam(**{question.name: draw(st.sampled_from(question.values)) for question in questions})


@settings(max_examples=25)
@given(st.lists(picture(), min_size=1, max_size=5))
def test_the_order_of_the_pictures_does_not_matter_and_one_more_never_makes_it_milder(
    pictures: list[dict[str, str]],
) -> None:
    together = combine(SECOND, pictures)
    assert combine(SECOND, pictures[::-1]) == together
    [ages] = [question.values for question in SECOND.questions if question.name == "age"]
    assert all(ages.index(together["age"]) <= ages.index(one["age"]) for one in pictures)
    assert all(
        "abc".find(together["severity"]) <= "abc".find(one["severity"]) for one in pictures if one["severity"] in "abc"
    )


def everything() -> Iterator[tuple[dict[str, str], Verdict]]:
    """Every answer to every question, and all that tells codes apart that several questions decide."""
    for finding, question in product(SECOND.questions[0].values, SECOND.questions[1:]):
        needed = {name: min(values) for name, values in question.when.items() if name != "finding"}
        for value, verdict in product(question.values, Verdict):
            given = {**REASONS.get(finding, {}), **needed, "finding": finding, question.name: value}
            yield complete(SECOND, given), verdict
    grid = [question for question in SECOND.questions if question.name in {"age", "severity", "nature"}]
    for values in product(*(question.values for question in grid)):
        yield csam(**dict(zip((question.name for question in grid), values, strict=True))), Verdict.ILLEGAL


def test_every_scheme_answers_for_everything_says_why_and_has_no_rule_that_is_never_reached() -> None:
    reached: dict[str, list[Rule]] = {scheme.name: [] for scheme in SECOND.schemes}
    for answers, verdict in everything():
        for name, rules in reached.items():
            rules.append(code(SECOND, name, answers, verdict))
    for scheme in SECOND.schemes:
        never = [rule for rule in scheme.rules if rule not in reached[scheme.name]]
        assert never == ([scheme.rules[-1]] if scheme.name == "ncmec" else [])
    codes = {name: {rule.code for rule in rules} for name, rules in reached.items()}
    assert codes["interpol.baseline"] == {"yes", "no", ""}
    assert codes["ncmec"] == {"A1", "A2", "B1", "B2", ""}
    assert codes["iwf"] == {"A", "B", "C", ""}
    assert codes["iccam.classification"] == {"1", "2", "4"}
    assert codes["iccam.age"] == {"1", "2", "3", "4"}
    assert codes["iccam.child_modeling"] == {""}


@pytest.mark.parametrize(
    ("answers", "scheme", "expected"),
    [
        ({"nature": "real", "age": "7-10", "severity": "a"}, "interpol.baseline", "yes"),
        ({"nature": "real", "age": "7-10", "severity": "b"}, "interpol.baseline", ""),
        ({"nature": "real", "age": "11-13", "severity": "a"}, "interpol.baseline", ""),
        ({"nature": "real", "age": "14-15", "severity": "a"}, "interpol.baseline", "no"),
        ({"nature": "generated", "age": "3-6", "severity": "a"}, "interpol.baseline", "no"),
        ({"age": "3-6", "severity": "a"}, "interpol.baseline", ""),
        ({"nature": "real", "age": "7-10", "severity": "a"}, "iccam.classification", "1"),
        ({"nature": "real", "age": "11-13", "severity": "a"}, "iccam.classification", "2"),
        ({"age": "0-2", "severity": "b"}, "ncmec", "A1"),
        ({"age": "7-10", "severity": "c"}, "ncmec", "A2"),
        ({"age": "14-15", "severity": "a"}, "ncmec", "B1"),
        ({"age": "16-17", "severity": "c"}, "ncmec", "B2"),
        ({"age": "11-13", "severity": "a"}, "ncmec", ""),
        ({"age": "3-6"}, "ncmec", ""),
        ({"age": "3-6", "severity": "a", "nature": "drawn"}, "ncmec", ""),
        ({"severity": "b"}, "iwf", "B"),
        ({"age": "11-13"}, "iccam.age", "3"),
        ({}, "iccam.virtual", ""),
        ({"nature": "drawn"}, "iccam.virtual", "1"),
        ({"self_generated": "yes"}, "iccam.user_generated", "1"),
        ({}, "iccam.site_type", ""),
        ({"site_type": "image_host"}, "iccam.site_type", "20"),
        ({"commercial": "yes", "payment": "crypto"}, "iccam.payment_method", "8"),
        ({"commercial": "yes", "payment": "bitcoin"}, "iccam.payment_method", "13"),
        ({"commercial": "yes"}, "iccam.payment_method", "1"),
        ({"commercial": "no"}, "iccam.payment_method", "9"),
    ],
)
def test_what_others_call_it(answers: dict[str, str], scheme: str, expected: str) -> None:
    assert code(SECOND, scheme, csam(**answers), Verdict.ILLEGAL).code == expected


def test_what_is_not_illegal_is_ignored_at_iccam_with_its_reason() -> None:
    said = complete(SECOND, {"finding": "not_illegal", "reason_not_illegal": "not_sexual"})
    assert code(SECOND, "iccam.classification", said, Verdict.NOT_ILLEGAL).code == "4"
    assert code(SECOND, "iccam.action_reason", said, Verdict.NOT_ILLEGAL).code == "15"


def test_a_set_without_a_scheme_says_so() -> None:
    rule = code(FIRST, "ncmec", {"finding": "csam"}, Verdict.ILLEGAL)
    assert rule == Rule("", "The label set lykta-1 does not say it.")


def test_an_older_set_means_the_same_to_the_law() -> None:
    assert meaning(FIRST, {"finding": "csam", "nature": "real", "danger": "yes"}) == Meaning(
        Finding.CSAM, "real", danger=True
    )
    assert meaning(FIRST, {"finding": "not_found"}) == Meaning(Finding.NOT_FOUND)


def test_a_set_with_words_of_its_own_is_understood_by_what_it_maps_to() -> None:
    own = LabelSet(
        "own-1",
        (Question("kind", "Kind", (Option("x", "X"), Option("y", "Y"))),),
        schemes=(
            Scheme(
                "lykta.finding",
                "Lykta",
                "us",
                (Rule("csam", "X is that.", {"kind": frozenset("x")}), Rule("grey", "The rest.")),
            ),
            Scheme("lykta.danger", "Lykta", "us", (Rule("yes", "Always."),)),
        ),
    )
    assert meaning(own, {"kind": "x"}) == Meaning(Finding.CSAM, danger=True)
    assert meaning(own, {"kind": "y"}).finding is Finding.GREY


@pytest.mark.parametrize("name", list(label_sets()))
def test_every_answer_of_our_sets_means_something_to_the_law(name: str) -> None:
    one = label_sets()[name]
    [findings] = [question for question in one.questions if question.name == "finding"]
    assert {meaning(one, {"finding": value}).finding for value in findings.values} <= set(Finding)
