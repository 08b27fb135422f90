import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core.vocabulary import Changed
from lykta.core.whereabouts import Move, Whereabouts, carried_on, moves

SWEDISH = Whereabouts(
    host="AS64500",
    host_name="Nordhost AB AS64500",
    network=("192.0.2.0", "192.0.2.255"),
    network_name="192.0.2.0 to 192.0.2.255",
    addresses=("192.0.2.1",),
    country="SE",
)
DUTCH = Whereabouts(
    host="AS64501",
    host_name="Polderhost BV AS64501",
    network=("198.51.100.0", "198.51.100.255"),
    network_name="198.51.100.0 to 198.51.100.255",
    addresses=("198.51.100.1",),
    country="NL",
)
NOTHING = Whereabouts()


def at(*addresses: str) -> Whereabouts:
    return Whereabouts(addresses=addresses)


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (NOTHING, SWEDISH, []),
        (SWEDISH, NOTHING, []),
        (SWEDISH, SWEDISH, []),
        (SWEDISH, DUTCH, ["host", "network", "country"]),
        (SWEDISH, Whereabouts(host="AS64500", host_name="NORDHOST", country="SE"), []),
        (SWEDISH, Whereabouts(country="NO"), ["country"]),
        (SWEDISH, at("192.0.2.200"), []),
        (SWEDISH, at("192.0.3.1", "192.0.2.9"), []),
        (SWEDISH, at("192.0.3.1"), ["network"]),
        (SWEDISH, at("2001:db8::1"), ["network"]),
        (at("192.0.2.1"), at("192.0.3.1"), []),
    ],
)
def test_what_counts_as_a_change(before: Whereabouts, after: Whereabouts, what: list[str]) -> None:
    assert [str(move.what) for move in moves(before, after)] == what


def test_a_change_is_said_in_words() -> None:
    assert moves(SWEDISH, DUTCH) == (
        Move(Changed.HOST, "Nordhost AB AS64500", "Polderhost BV AS64501"),
        Move(Changed.NETWORK, "192.0.2.0 to 192.0.2.255", "198.51.100.0 to 198.51.100.255"),
        Move(Changed.COUNTRY, "SE", "NL"),
    )
    assert moves(SWEDISH, at("203.0.113.9"))[0].after == "203.0.113.9"


def test_a_look_that_learnt_nothing_hides_no_change() -> None:
    known = carried_on(SWEDISH, NOTHING)
    assert known == SWEDISH
    assert len(moves(known, DUTCH)) == 3


def test_a_network_that_was_left_is_not_held_against_the_next_look() -> None:
    known = carried_on(SWEDISH, at("203.0.113.9"))
    assert (known.network, known.addresses, known.country) == ((), ("203.0.113.9",), "SE")
    assert moves(known, at("203.0.113.10")) == ()


ANY = st.sampled_from([NOTHING, SWEDISH, DUTCH, at("192.0.2.9"), at("203.0.113.9"), Whereabouts(country="NO")])


@given(st.lists(ANY, max_size=8))
def test_nothing_is_said_to_change_twice_in_a_row(found: list[Whereabouts]) -> None:
    known = NOTHING
    for one in found:
        known = carried_on(known, one)
        assert moves(known, one) == ()
