"""Pieces of files are sealed like words, under schemes of their own."""

from collections.abc import Callable
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lykta.lib import sealing
from lykta.lib.sealing import CannotOpen

PRIVATE = sealing.new_private_key()
PUBLIC = sealing.public_key(PRIVATE)
SECRET = sealing.new_secret_key()


def seal(data: bytes) -> bytes:
    return sealing.seal_bytes(data, to=PUBLIC)


def unseal(sealed: bytes) -> bytes:
    return sealing.unseal_bytes(sealed, private_key=PRIVATE)


def lock(data: bytes) -> bytes:
    return sealing.lock_bytes(data, key=SECRET)


def unlock(sealed: bytes) -> bytes:
    return sealing.unlock_bytes(sealed, key=SECRET)


Change: TypeAlias = Callable[[bytes], bytes]
both_ways = pytest.mark.parametrize(("close", "open_again"), [(seal, unseal), (lock, unlock)])


@both_ways
@settings(max_examples=60)
@given(data=st.binary(max_size=700) | st.builds(lambda length: b"\x80\x00\x80" + b"\x00" * length, st.integers(0, 600)))
def test_bytes_come_back_unchanged_also_those_that_look_like_padding(
    close: Change, open_again: Change, data: bytes
) -> None:
    assert open_again(close(data)) == data


@both_ways
def test_the_length_tells_only_the_number_of_blocks(close: Change, open_again: Change) -> None:
    lengths = [len(close(b"x" * size)) for size in range(512)]
    assert len(set(lengths[:256])) == 1
    assert len(set(lengths[256:])) == 1
    assert lengths[256] - lengths[255] == 256


@both_ways
@pytest.mark.parametrize("place", [0, 1, 40, -1])
def test_one_changed_byte_is_noticed(close: Change, open_again: Change, place: int) -> None:
    damaged = bytearray(close(b"whole"))
    damaged[place] ^= 1
    with pytest.raises(CannotOpen):
        open_again(bytes(damaged))


@both_ways
def test_nothing_of_the_content_can_be_seen(close: Change, open_again: Change) -> None:
    assert b"lantern" not in close(b"lantern" * 50)
    assert close(b"same") != close(b"same")


def test_bytes_are_never_taken_for_json_nor_json_for_bytes() -> None:
    with pytest.raises(CannotOpen, match="unknown scheme"):
        sealing.unseal(seal(b"{}"), private_key=PRIVATE)
    with pytest.raises(CannotOpen, match="unknown scheme"):
        sealing.unlock(lock(b"{}"), key=SECRET)
    with pytest.raises(CannotOpen, match="unknown scheme"):
        unseal(sealing.seal({}, to=PUBLIC))
    with pytest.raises(CannotOpen, match="unknown scheme"):
        unlock(sealing.lock({}, key=SECRET))


def test_another_key_does_not_open_them() -> None:
    with pytest.raises(CannotOpen):
        sealing.unseal_bytes(seal(b"x"), private_key=sealing.new_private_key())
    with pytest.raises(CannotOpen):
        sealing.unlock_bytes(lock(b"x"), key=sealing.new_secret_key())
