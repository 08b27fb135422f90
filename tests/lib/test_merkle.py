"""A root stands for all entries in their order, and a proof shows one without the others."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.lib.merkle import climb, leaf_hash, proof, root

ENTRIES = [b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43", b"\x50" * 8, b"\x60" * 16]


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def test_the_tree_is_the_one_of_the_rfc() -> None:
    """Written out by hand for three leaves, as in RFC 9162 section 2.1.5."""
    a, b, c = (leaf_hash(one) for one in ENTRIES[:3])
    assert a == sha(b"\x00")
    assert root([a, b, c]) == sha(b"\x01" + sha(b"\x01" + a + b) + c)
    assert proof([a, b, c], 1) == [("left", a), ("right", c)]


@given(entries=st.lists(st.binary(max_size=8), min_size=1, max_size=70), data=st.data())
def test_every_entry_can_be_shown_and_no_other_in_its_place(entries: list[bytes], data: st.DataObject) -> None:
    leaves = [leaf_hash(one) for one in entries]
    index = data.draw(st.integers(0, len(leaves) - 1))
    steps = proof(leaves, index)
    assert len(steps) <= 7
    assert climb(leaves[index], steps) == root(leaves)
    assert climb(leaf_hash(entries[index] + b"x"), steps) != root(leaves)


@pytest.mark.parametrize(
    "changed", [ENTRIES[:-1], ENTRIES[::-1], [*ENTRIES, b""], [b"x", *ENTRIES[1:]], [*ENTRIES[:3], *ENTRIES[4:]]]
)
def test_any_change_gives_another_root(changed: list[bytes]) -> None:
    assert root([leaf_hash(one) for one in changed]) != root([leaf_hash(one) for one in ENTRIES])
