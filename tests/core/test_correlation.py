"""By what reports are linked, how much that says, and what says nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core import correlation
from lykta.core.correlation import Identifier
from lykta.core.vocabulary import IdentifierKind

K = IdentifierKind
WALLET = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
DIGEST = "ab" * 32


def kinds(text: str, asked: str = "words") -> set[IdentifierKind]:
    return {one.kind for one in correlation.identify({asked: text})}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to anna@mail.example", K.EMAIL),
        ("kik: some_name_7", K.ACCOUNT),
        ("call +46 70 174 06 05", K.PHONE),
        (f"pay {WALLET}", K.WALLET),
        (f"it is {DIGEST.upper()}", K.FINGERPRINT),
    ],
)
def test_what_is_written_in_any_answer_is_found(text: str, kind: IdentifierKind) -> None:
    assert kinds(text) == {kind}


def test_a_number_plate_is_looked_for_where_it_was_asked_for_only() -> None:
    assert correlation.identify({"vehicle": "a red car, abc-123"}) == (Identifier(K.PLATE, "ABC123"),)
    assert kinds("a red car, ABC 123") == set()


@pytest.mark.parametrize("written", ["ABC123", "abc 123", "Abc-123"])
def test_a_number_plate_has_one_form(written: str) -> None:
    assert correlation.identify({"vehicle": written}) == (Identifier(K.PLATE, "ABC123"),)


def test_the_same_thing_twice_is_one_identifier() -> None:
    said = {"where": "anna@mail.example", "words": "as I said: Anna@MAIL.example, anna@mail.example"}
    assert {one.value.lower() for one in correlation.identify(said)} == {"anna@mail.example"}


def test_a_list_of_thousands_is_cut() -> None:
    text = " ".join(f"name{number}@mail.example" for number in range(correlation.MOST_IDENTIFIERS + 50))
    assert len(correlation.identify({"where": text})) == correlation.MOST_IDENTIFIERS


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("anna@mail.example", K.EMAIL), (WALLET, K.WALLET), (DIGEST, K.FINGERPRINT), ("ABC 123", K.PLATE)],
)
def test_what_somebody_looks_for_is_known_by_its_form(typed: str, kind: IdentifierKind) -> None:
    found = correlation.read(f" {typed} ")
    assert found is not None
    assert found.kind is kind


@pytest.mark.parametrize("typed", ["", "hello", "http://host.example/1", "anna@mail.example or bo@mail.example"])
def test_what_is_none_or_several_is_not_guessed(typed: str) -> None:
    assert correlation.read(typed) is None


@pytest.mark.parametrize(
    ("host", "common"),
    [("t.me", True), ("www.instagram.com", True), ("d1.cloudfront.net", True), ("pictures.nordhost.test", False)],
)
def test_a_host_that_everybody_uses_links_nothing(host: str, *, common: bool) -> None:
    assert correlation.is_everybodys(host) is common


def test_every_kind_has_a_weight_and_a_sentence() -> None:
    assert set(correlation.WEIGHTS) == set(IdentifierKind)
    assert all(kind.sentence.endswith(".") for kind in IdentifierKind)


def test_what_few_share_says_more_than_what_many_share() -> None:
    found = correlation.related([(1, K.HOST), (2, K.WALLET), (3, K.HOST), (3, K.EMAIL), (3, K.EMAIL)])
    assert [(one.case, one.weight) for one in found] == [(3, 9), (2, 8), (1, 2)]
    assert found[0].kinds == (K.EMAIL, K.HOST)


LINKS = st.lists(st.tuples(st.integers(1, 5), st.sampled_from(list(IdentifierKind))))


@given(LINKS)
def test_the_order_does_not_depend_on_the_order_of_the_links(links: list[tuple[int, IdentifierKind]]) -> None:
    found = correlation.related(links)
    assert found == correlation.related(links[::-1])
    assert [one.weight for one in found] == sorted((one.weight for one in found), reverse=True)
    assert {one.case for one in found} == {case for case, _ in links}


def test_persons_are_told_from_things() -> None:
    personal = {kind for kind in IdentifierKind if kind.is_personal}
    assert personal == {K.ACCOUNT, K.EMAIL, K.PHONE, K.PLATE}
