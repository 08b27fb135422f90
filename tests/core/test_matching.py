"""From hits on lists to a finding: every rule, every combination, and what can never happen."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core.labels import complete
from lykta.core.matching import (
    ASSESSED_ADDRESS,
    FAR,
    GOOD,
    LABELS,
    NOTHING_SEEN,
    SEVERITY,
    Found,
    Hit,
    find,
    is_flat,
    of_item,
)
from lykta.core.vocabulary import ListedAs, ListFinding, ListTrust
from lykta.lib.labels import label_set

HIT = Hit(
    list="Police list",
    source="Police",
    version=3,
    trust=ListTrust.POLICE,
    listed_as=ListedAs.ILLEGAL,
    algorithm="SHA-256",
    exact=True,
)
NEAR = replace(HIT, algorithm="PDQ", exact=False, distance=12)
P, V, R, H = ListTrust.POLICE, ListTrust.VERIFIED, ListTrust.REPORTED, ListTrust.HARMLESS
ILLEGAL, HARMFUL, HARMLESS, UNKNOWN = ListedAs
WANTED = {
    (P, ILLEGAL): (ListFinding.ILLEGAL, ListFinding.NEAR),
    (P, HARMFUL): (ListFinding.CHECK, ListFinding.NEAR),
    (P, HARMLESS): (ListFinding.HARMLESS, ListFinding.UNKNOWN),
    (P, UNKNOWN): (ListFinding.CHECK, ListFinding.NEAR),
    (V, ILLEGAL): (ListFinding.CHECK, ListFinding.NEAR),
    (V, HARMFUL): (ListFinding.CHECK, ListFinding.NEAR),
    (V, HARMLESS): (ListFinding.HARMLESS, ListFinding.UNKNOWN),
    (V, UNKNOWN): (ListFinding.CHECK, ListFinding.NEAR),
    (R, ILLEGAL): (ListFinding.CHECK, ListFinding.NEAR),
    (R, HARMFUL): (ListFinding.CHECK, ListFinding.NEAR),
    (R, HARMLESS): (ListFinding.UNKNOWN, ListFinding.UNKNOWN),
    (R, UNKNOWN): (ListFinding.CHECK, ListFinding.NEAR),
    (H, ILLEGAL): (ListFinding.CHECK, ListFinding.NEAR),
    (H, HARMFUL): (ListFinding.CHECK, ListFinding.NEAR),
    (H, HARMLESS): (ListFinding.HARMLESS, ListFinding.UNKNOWN),
    (H, UNKNOWN): (ListFinding.HARMLESS, ListFinding.UNKNOWN),
}
"""(trust, category) → the finding of one exact hit, and of one near hit."""


@pytest.mark.parametrize(("trust", "listed_as"), list(product(ListTrust, ListedAs)))
def test_one_hit_on_one_list(trust: ListTrust, listed_as: ListedAs) -> None:
    exact, near = WANTED[trust, listed_as]
    assert find([replace(HIT, trust=trust, listed_as=listed_as)]).finding is exact
    assert find([replace(NEAR, trust=trust, listed_as=listed_as)]).finding is near


VERIFIED = replace(HIT, list="A", source="A", trust=V)


@pytest.mark.parametrize(
    ("other", "finding"),
    [
        (replace(VERIFIED, list="B", source="B"), ListFinding.ILLEGAL),
        (replace(VERIFIED, list="B", source="B", algorithm="MD5"), ListFinding.ILLEGAL),
        (replace(VERIFIED, list="B"), ListFinding.CHECK),
        (replace(VERIFIED, list="B", source="B", trust=R), ListFinding.CHECK),
        (replace(VERIFIED, list="B", source="B", listed_as=HARMFUL), ListFinding.CHECK),
        (replace(VERIFIED, list="B", source="B", withdrawn=True), ListFinding.CHECK),
        (replace(VERIFIED, list="B", source="B", disputed=True), ListFinding.CHECK),
        (replace(VERIFIED, list="B", source="B", exact=False, distance=0), ListFinding.CHECK),
        (replace(VERIFIED, list="B", source="B", trust=H, listed_as=HARMLESS), ListFinding.CHECK),
        (HIT, ListFinding.ILLEGAL),
    ],
)
def test_a_second_verified_list_makes_it_known_only_if_it_is_independent_and_exact(
    other: Hit, finding: ListFinding
) -> None:
    assert find([VERIFIED, other]).finding is finding
    assert find([other, VERIFIED]).finding is finding


@pytest.mark.parametrize(
    ("hit", "finding"),
    [
        (replace(NEAR, distance=FAR), ListFinding.NEAR),
        (replace(NEAR, distance=FAR + 1, limit=64), ListFinding.UNKNOWN),
        (replace(NEAR, distance=11, limit=10), ListFinding.UNKNOWN),
        (replace(NEAR, distance=10, limit=10), ListFinding.NEAR),
        (replace(NEAR, quality=GOOD), ListFinding.NEAR),
        (replace(NEAR, quality=GOOD - 1), ListFinding.UNKNOWN),
        (replace(NEAR, flat=True), ListFinding.UNKNOWN),
        (replace(NEAR, withdrawn=True), ListFinding.UNKNOWN),
        (replace(NEAR, disputed=True), ListFinding.UNKNOWN),
        (replace(HIT, quality=0, flat=True), ListFinding.ILLEGAL),
        (replace(HIT, withdrawn=True), ListFinding.UNKNOWN),
        (replace(HIT, disputed=True), ListFinding.UNKNOWN),
    ],
)
def test_what_counts(hit: Hit, finding: ListFinding) -> None:
    found = find([hit])
    assert found.finding is finding
    assert ("does not count" in found.because[1]) is (finding is ListFinding.UNKNOWN)


def test_something_harmless_that_also_looks_like_a_listed_picture_is_not_harmless() -> None:
    harmless = replace(HIT, list="Systems", trust=H, listed_as=HARMLESS)
    assert find([harmless]).finding is ListFinding.HARMLESS
    assert find([harmless, NEAR]).finding is ListFinding.NEAR
    assert find([harmless, replace(NEAR, withdrawn=True)]).finding is ListFinding.HARMLESS


def test_the_reasons_name_the_rule_the_list_its_version_and_the_distance() -> None:
    exact, near = find([HIT]), find([NEAR])
    assert exact.rule == "police-list"
    assert exact.hits == (HIT,)
    assert exact.because == (
        "A list that the police of this country keep has exactly this.",
        "Police list, version 3 (police), has the same SHA-256, listed as illegal.",
    )
    assert "has a picture 12 bits of 256 away" in near.because[1]


def test_the_same_reason_is_given_once() -> None:
    assert len(find([NEAR] * 40).because) == 2


HITS = st.builds(
    Hit,
    list=st.sampled_from("ABC"),
    source=st.sampled_from("XY"),
    version=st.just(1),
    trust=st.sampled_from(ListTrust),
    listed_as=st.sampled_from(ListedAs),
    algorithm=st.just("PDQ"),
    exact=st.booleans(),
    distance=st.integers(0, 40),
    quality=st.integers(0, 100),
    flat=st.booleans(),
    withdrawn=st.booleans(),
    disputed=st.booleans(),
)


def gravity(found: Found) -> int:
    return SEVERITY.index(found.finding)


@given(st.lists(HITS), HITS)
def test_one_more_hit_against_it_never_makes_it_less_grave(hits: list[Hit], more: Hit) -> None:
    if not more.harmless:
        assert gravity(find([*hits, more])) >= gravity(find(hits))


@given(st.lists(HITS), HITS)
def test_one_more_hit_for_it_never_makes_it_graver(hits: list[Hit], more: Hit) -> None:
    if more.harmless:
        assert gravity(find([*hits, more])) <= gravity(find(hits))


@given(st.lists(HITS))
def test_what_does_not_count_changes_nothing_and_neither_does_the_order(hits: list[Hit]) -> None:
    counted = [hit for hit in hits if not hit.ignored]
    assert find(hits).finding is find(counted).finding is find(hits[::-1]).finding


@given(st.lists(HITS))
def test_without_an_exact_hit_nothing_is_known(hits: list[Hit]) -> None:
    assert find([replace(hit, exact=False) for hit in hits]).finding in {ListFinding.NEAR, ListFinding.UNKNOWN}


@given(st.lists(HITS))
def test_known_illegal_rests_on_exact_hits_that_lists_call_illegal(hits: list[Hit]) -> None:
    found = find(hits)
    if found.finding is ListFinding.ILLEGAL:
        assert found.hits
        assert all(hit.exact and hit.listed_as is ILLEGAL and not hit.ignored for hit in found.hits)


FOUND = [Found(finding=finding, rule=str(finding), because=("Reason.",)) for finding in ListFinding]


@given(st.lists(st.sampled_from(FOUND), min_size=1), st.booleans())
def test_the_gravest_of_an_items_pictures_counts(found: list[Found], whole: bool) -> None:  # noqa: FBT001
    made = of_item(found, whole=whole)
    harmless = all(one.finding is ListFinding.HARMLESS for one in found)
    assert (made.finding is ListFinding.HARMLESS) is (harmless and whole)
    assert harmless or gravity(made) == max(map(gravity, found))


def test_an_item_without_pictures_is_unknown_and_one_at_an_assessed_address_has_to_be_checked() -> None:
    assert of_item([], whole=True) is NOTHING_SEEN
    assert of_item([ASSESSED_ADDRESS], whole=False).finding is ListFinding.CHECK


@pytest.mark.parametrize(
    ("pdq", "flat"),
    [(bytes(32), True), (b"\xff" * 32, True), (b"\xf0" * 32, False), (b"\x01" * 32, True), (b"\x11" * 32, False)],
)
def test_a_picture_of_one_colour_is_told_by_its_hash(pdq: bytes, *, flat: bool) -> None:
    assert is_flat(pdq) is flat


@pytest.mark.parametrize("name", ["lykta-1", "lykta-2"])
@pytest.mark.parametrize("labels", LABELS.values())
def test_the_labels_of_a_category_are_an_assessment(labels: dict[str, str], name: str) -> None:
    assert complete(label_set(name), labels)["age"] == "unknown"
