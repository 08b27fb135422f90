"""Where a host is: the table of what evidence is enough, and what never is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core.hosting import Evidence, Host, Said, decide
from lykta.core.vocabulary import Confidence

ONE, TWO = "192.0.2.1", "192.0.2.2"


def said(*words: str) -> tuple[Said, ...]:
    """Each as `source:country` or `source:country:address`."""
    parts = [(*word.split(":", 2), ONE)[:3] for word in words]
    return tuple(Said(source=source, country=country, address=address) for source, country, address in parts)


def judged(*words: str, addresses: tuple[str, ...] = (ONE,), **more: object) -> Host:
    return decide(Evidence(addresses=addresses, said=said(*words), **more))  # type: ignore[arg-type]


CERTAIN, LIKELY, UNSURE, UNKNOWN = Confidence


@pytest.mark.parametrize(
    ("found", "country", "confidence", "disagree"),
    [
        (judged("a:SE", "b:SE"), "SE", CERTAIN, False),
        (judged("a:SE", "b:SE", registered="SE", announced="NL"), "SE", CERTAIN, False),
        (judged("a:SE", "b:SE", registered="NL"), "SE", LIKELY, False),
        (judged("a:SE"), "SE", LIKELY, False),
        (judged("a:SE", "a:SE"), "SE", LIKELY, False),
        (judged("a:SE", "b:"), "SE", LIKELY, False),
        (judged("a:SE", "b:NO"), "", UNSURE, True),
        (judged("a:SE", "b:NO", "c:SE"), "SE", UNSURE, True),
        (judged(f"a:SE:{ONE}", f"b:SE:{ONE}", f"a:NL:{TWO}", f"b:NL:{TWO}", addresses=(ONE, TWO)), "", UNSURE, True),
        (judged(f"a:SE:{ONE}", f"b:SE:{ONE}", f"a:SE:{TWO}", addresses=(ONE, TWO)), "SE", LIKELY, False),
        (judged(registered="SE"), "SE", UNSURE, False),
        (judged(announced="SE"), "SE", UNSURE, False),
        (judged(), "", UNKNOWN, False),
        (judged("a:SE", "b:SE", anycast=True), "", UNKNOWN, False),
        (judged("a:SE", "b:SE", front="Veil CDN"), "", UNKNOWN, False),
        (judged("a:SE", "b:NO", front="Veil CDN"), "", UNKNOWN, True),
        (judged("a:SE", "b:SE", addresses=()), "", UNKNOWN, False),
    ],
)
def test_evidence_and_what_it_is_worth(found: Host, country: str, confidence: Confidence, *, disagree: bool) -> None:
    assert (found.country, found.confidence, found.disagree) == (country, confidence, disagree)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (judged("a:SE", "b:SE"), "a, b: 192.0.2.1 is in SE."),
        (judged("a:SE", registered="NL"), "Its network is registered to NL."),
        (
            judged("a:SE", registered="NL"),
            "Its network is registered to NL, which says who holds it, not where it stands.",
        ),
        (judged("a:SE", announced="NL"), "Its AS number is registered to NL."),
        (judged("a:SE"), "Only one source places it."),
        (judged("a:SE", "b:NO"), "The sources disagree."),
        (judged(f"a:SE:{ONE}", f"a:NL:{TWO}", addresses=(ONE, TWO)), "Its addresses are in several countries."),
        (judged(f"a:SE:{ONE}", f"b:SE:{TWO}", addresses=(ONE, TWO)), "Not every address is placed by two sources."),
        (judged(registered="SE"), "No source places its address."),
        (judged(anycast=True), "The address is in many places at once (anycast): the nearest one answers."),
        (judged(front="Veil"), "Veil stands in front of the host: where the host is, only Veil knows."),
        (judged(addresses=()), "No address is known."),
    ],
)
def test_a_judgement_says_why(found: Host, sentence: str) -> None:
    assert sentence in found.because


COUNTRIES = st.sampled_from(["", "SE", "NL", "NO"])
ANY_SAID = st.builds(
    Said, address=st.sampled_from([ONE, TWO]), country=COUNTRIES, source=st.sampled_from(["a", "b", "c"])
)
ANY_EVIDENCE = st.builds(
    Evidence,
    addresses=st.lists(st.sampled_from([ONE, TWO]), unique=True).map(tuple),
    said=st.lists(ANY_SAID, max_size=6).map(tuple),
    registered=COUNTRIES,
    announced=COUNTRIES,
    anycast=st.booleans(),
    front=st.sampled_from(["", "Veil"]),
)


@given(ANY_EVIDENCE)
def test_disagreement_anycast_and_a_front_are_never_enough(evidence: Evidence) -> None:
    found = decide(evidence)
    countries = {one.country for one in evidence.said if one.country}
    if evidence.anycast or evidence.front or len(countries) != 1 or not evidence.addresses:
        assert not found.confidence.is_enough
    if found.confidence.is_enough:
        assert {found.country} == countries
    assert found.because


@given(ANY_EVIDENCE)
def test_where_a_network_is_registered_never_outweighs_where_it_is_placed(evidence: Evidence) -> None:
    countries = {one.country for one in evidence.said if one.country}
    if countries:
        assert decide(evidence).country in {*countries, ""}
