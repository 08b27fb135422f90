"""When something goes on our list of hashes: the quorum, the one who says otherwise, the category."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core.offering import LEAST_QUORUM, Opinion, belongs, fits, standing
from lykta.core.vocabulary import Grade, OfferState, Verdict
from lykta.lib.labels import label_set

CSAM = {"finding": "csam", "age": "unknown", "nature": "real", "danger": "no"}
OPINIONS = st.lists(
    st.builds(Opinion, person=st.integers(1, 4), illegal=st.booleans(), grade=st.sampled_from(["", *Grade])), min_size=1
)
AGES = next(question for question in label_set("lykta-2").questions if question.name == "age").options


def yes(person: int, grade: str = "") -> Opinion:
    return Opinion(person=person, illegal=True, grade=grade)


def no(person: int) -> Opinion:
    return Opinion(person=person, illegal=False)


@pytest.mark.parametrize(
    ("opinions", "quorum", "state", "missing"),
    [
        ([yes(1)], 2, OfferState.WAITING, 1),
        ([yes(1)], 3, OfferState.WAITING, 2),
        ([yes(1), yes(1)], 2, OfferState.WAITING, 1),
        ([yes(1), yes(2)], 2, OfferState.OFFERED, 0),
        ([yes(1), yes(2)], 3, OfferState.WAITING, 1),
        ([yes(1), yes(2), yes(3)], 3, OfferState.OFFERED, 0),
        ([yes(1), yes(2), no(3)], 2, OfferState.WITHDRAWN, 0),
        ([yes(1), no(1)], 2, OfferState.WITHDRAWN, 0),
        ([yes(1), no(1), yes(1)], 2, OfferState.WAITING, 1),
        ([yes(1), no(2), yes(2)], 2, OfferState.OFFERED, 0),
    ],
)
def test_different_people_must_agree_and_nobody_may_disagree(
    opinions: Sequence[Opinion], quorum: int, state: OfferState, missing: int
) -> None:
    found = standing(opinions, quorum=quorum)
    assert (found.state, found.missing) == (state, missing)


@pytest.mark.parametrize(
    ("opinions", "grade"),
    [
        ([yes(1, "A1"), yes(2, "A1")], "A1"),
        ([yes(1), yes(2, "B2")], "B2"),
        ([yes(1, "A1"), yes(2, "A2")], ""),
        ([yes(1, "A1"), yes(2, "A2"), yes(1, "A2")], "A2"),
        ([yes(1), yes(2)], ""),
        ([yes(1, "A1"), no(2)], ""),
    ],
)
def test_a_category_counts_where_nobody_gave_another(opinions: Sequence[Opinion], grade: str) -> None:
    assert standing(opinions, quorum=2).grade == grade


@given(OPINIONS, st.integers(LEAST_QUORUM, 4))
def test_nothing_is_offered_that_fewer_people_agree_on_or_anybody_denies(opinions: list[Opinion], quorum: int) -> None:
    newest = {one.person: one for one in opinions}
    agree = {person for person, one in newest.items() if one.illegal}
    found = standing(opinions, quorum=quorum)
    assert (found.state is OfferState.OFFERED) is (len(agree) >= quorum and agree == set(newest))


@given(OPINIONS, st.integers(LEAST_QUORUM, 4))
def test_a_higher_quorum_never_offers_more(opinions: list[Opinion], quorum: int) -> None:
    if standing(opinions, quorum=quorum + 1).state is OfferState.OFFERED:
        assert standing(opinions, quorum=quorum).state is OfferState.OFFERED


@pytest.mark.parametrize(
    ("verdict", "change", "does"),
    [
        (Verdict.ILLEGAL, {}, True),
        (Verdict.ILLEGAL, {"nature": "unknown"}, True),
        (Verdict.ILLEGAL, {"nature": "drawn"}, False),
        (Verdict.ILLEGAL, {"nature": "generated"}, False),
        (Verdict.ILLEGAL, {"finding": "advert"}, False),
        (Verdict.ILLEGAL, {"finding": "exploitation"}, False),
        (Verdict.NOT_ILLEGAL, {}, False),
        (Verdict.NOT_FOUND, {}, False),
    ],
)
def test_only_abuse_material_of_real_children_belongs_on_the_list(
    verdict: Verdict, change: dict[str, str], *, does: bool
) -> None:
    assert belongs(verdict, CSAM | change) is does


@pytest.mark.parametrize("age", [option.value for option in AGES])
def test_a_category_that_contradicts_the_age_does_not_fit(age: str) -> None:
    young, old = {Grade.A1, Grade.A2}, {Grade.B1, Grade.B2}
    expected = {"0-2": young, "3-6": young, "7-10": young, "16-17": old}.get(age, young | old)
    assert {grade for grade in Grade if fits(grade, age)} == expected
