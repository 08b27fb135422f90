"""From hits on lists to a finding: every rule, every combination, and what can never happen."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core.labels import LYKTA_1, complete
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
from lykta.core.vocabulary import Finding, ListedAs, ListTrust

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
    (P, ILLEGAL): (Finding.ILLEGAL, Finding.NEAR),
    (P, HARMFUL): (Finding.CHECK, Finding.NEAR),
    (P, HARMLESS): (Finding.HARMLESS, Finding.UNKNOWN),
    (P, UNKNOWN): (Finding.CHECK, Finding.NEAR),
    (V, ILLEGAL): (Finding.CHECK, Finding.NEAR),
    (V, HARMFUL): (Finding.CHECK, Finding.NEAR),
    (V, HARMLESS): (Finding.HARMLESS, Finding.UNKNOWN),
    (V, UNKNOWN): (Finding.CHECK, Finding.NEAR),
    (R, ILLEGAL): (Finding.CHECK, Finding.NEAR),
    (R, HARMFUL): (Finding.CHECK, Finding.NEAR),
    (R, HARMLESS): (Finding.UNKNOWN, Finding.UNKNOWN),
    (R, UNKNOWN): (Finding.CHECK, Finding.NEAR),
    (H, ILLEGAL): (Finding.CHECK, Finding.NEAR),
    (H, HARMFUL): (Finding.CHECK, Finding.NEAR),
    (H, HARMLESS): (Finding.HARMLESS, Finding.UNKNOWN),
    (H, UNKNOWN): (Finding.HARMLESS, Finding.UNKNOWN),
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
        (replace(VERIFIED, list="B", source="B"), Finding.ILLEGAL),
        (replace(VERIFIED, list="B", source="B", algorithm="MD5"), Finding.ILLEGAL),
        (replace(VERIFIED, list="B"), Finding.CHECK),
        (replace(VERIFIED, list="B", source="B", trust=R), Finding.CHECK),
        (replace(VERIFIED, list="B", source="B", listed_as=HARMFUL), Finding.CHECK),
        (replace(VERIFIED, list="B", source="B", withdrawn=True), Finding.CHECK),
        (replace(VERIFIED, list="B", source="B", disputed=True), Finding.CHECK),
        (replace(VERIFIED, list="B", source="B", exact=False, distance=0), Finding.CHECK),
        (replace(VERIFIED, list="B", source="B", trust=H, listed_as=HARMLESS), Finding.CHECK),
        (HIT, Finding.ILLEGAL),
    ],
)
def test_a_second_verified_list_makes_it_known_only_if_it_is_independent_and_exact(
    other: Hit, finding: Finding
) -> None:
    assert find([VERIFIED, other]).finding is finding
    assert find([other, VERIFIED]).finding is finding


@pytest.mark.parametrize(
    ("hit", "finding"),
    [
        (replace(NEAR, distance=FAR), Finding.NEAR),
        (replace(NEAR, distance=FAR + 1, limit=64), Finding.UNKNOWN),
        (replace(NEAR, distance=11, limit=10), Finding.UNKNOWN),
        (replace(NEAR, distance=10, limit=10), Finding.NEAR),
        (replace(NEAR, quality=GOOD), Finding.NEAR),
        (replace(NEAR, quality=GOOD - 1), Finding.UNKNOWN),
        (replace(NEAR, flat=True), Finding.UNKNOWN),
        (replace(NEAR, withdrawn=True), Finding.UNKNOWN),
        (replace(NEAR, disputed=True), Finding.UNKNOWN),
        (replace(HIT, quality=0, flat=True), Finding.ILLEGAL),
        (replace(HIT, withdrawn=True), Finding.UNKNOWN),
        (replace(HIT, disputed=True), Finding.UNKNOWN),
    ],
)
def test_what_counts(hit: Hit, finding: Finding) -> None:
    found = find([hit])
    assert found.finding is finding
    assert ("does not count" in found.because[1]) is (finding is Finding.UNKNOWN)


def test_something_harmless_that_also_looks_like_a_listed_picture_is_not_harmless() -> None:
    harmless = replace(HIT, list="Systems", trust=H, listed_as=HARMLESS)
    assert find([harmless]).finding is Finding.HARMLESS
    assert find([harmless, NEAR]).finding is Finding.NEAR
    assert find([harmless, replace(NEAR, withdrawn=True)]).finding is Finding.HARMLESS


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
    assert find([replace(hit, exact=False) for hit in hits]).finding in {Finding.NEAR, Finding.UNKNOWN}


@given(st.lists(HITS))
def test_known_illegal_rests_on_exact_hits_that_lists_call_illegal(hits: list[Hit]) -> None:
    found = find(hits)
    if found.finding is Finding.ILLEGAL:
        assert found.hits
        assert all(hit.exact and hit.listed_as is ILLEGAL and not hit.ignored for hit in found.hits)


FOUND = [Found(finding=finding, rule=str(finding), because=("Reason.",)) for finding in Finding]


@given(st.lists(st.sampled_from(FOUND), min_size=1), st.booleans())
def test_the_gravest_of_an_items_pictures_counts(found: list[Found], whole: bool) -> None:  # noqa: FBT001
    made = of_item(found, whole=whole)
    harmless = all(one.finding is Finding.HARMLESS for one in found)
    assert (made.finding is Finding.HARMLESS) is (harmless and whole)
    assert harmless or gravity(made) == max(map(gravity, found))


def test_an_item_without_pictures_is_unknown_and_one_at_an_assessed_address_has_to_be_checked() -> None:
    assert of_item([], whole=True) is NOTHING_SEEN
    assert of_item([ASSESSED_ADDRESS], whole=False).finding is Finding.CHECK


@pytest.mark.parametrize(
    ("pdq", "flat"),
    [(bytes(32), True), (b"\xff" * 32, True), (b"\xf0" * 32, False), (b"\x01" * 32, True), (b"\x11" * 32, False)],
)
def test_a_picture_of_one_colour_is_told_by_its_hash(pdq: bytes, *, flat: bool) -> None:
    assert is_flat(pdq) is flat


@pytest.mark.parametrize("labels", LABELS.values())
def test_the_labels_of_a_category_are_an_assessment(labels: dict[str, str]) -> None:
    assert complete(LYKTA_1, labels)["age"] == "unknown"
