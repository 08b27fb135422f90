"""What is sealed is opened by one key, shows next to nothing by its length, and notices the smallest damage."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lykta.lib import sealing
from lykta.lib.sealing import CannotOpen

PRIVATE = sealing.private_key_from_seed(bytes(range(32)))
PUBLIC = sealing.public_key(PRIVATE)
SECRET = bytes(range(32, 64))

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
CONTENT = st.dictionaries(st.text(), JSON, max_size=5)


def seal(content: dict[str, Any]) -> bytes:
    return sealing.seal(content, to=PUBLIC)


def unseal(sealed: bytes) -> dict[str, Any]:
    return sealing.unseal(sealed, private_key=PRIVATE)


def lock(content: dict[str, Any]) -> bytes:
    return sealing.lock(content, key=SECRET)


def unlock(sealed: bytes) -> dict[str, Any]:
    return sealing.unlock(sealed, key=SECRET)


Close: TypeAlias = Callable[[dict[str, Any]], bytes]
Open: TypeAlias = Callable[[bytes], dict[str, Any]]
both_ways = pytest.mark.parametrize(("close", "open_again"), [(seal, unseal), (lock, unlock)])


@both_ways
@settings(max_examples=40)
@given(content=CONTENT)
def test_what_was_closed_is_opened_unchanged(close: Close, open_again: Open, content: dict[str, Any]) -> None:
    assert open_again(close(content)) == content


@both_ways
@given(length=st.integers(0, 600))
def test_content_that_ends_like_padding_is_kept(close: Close, open_again: Open, length: int) -> None:
    content = {"text": "\x00\x80\x00" * length}
    assert open_again(close(content)) == content


@both_ways
def test_text_in_any_script_is_kept(close: Close, open_again: Open) -> None:
    content = {"text": "räksmörgås မြန်မာ ខ្មែร 🏮 \x00", "list": [1, None, True]}
    assert open_again(close(content)) == content


@both_ways
def test_closing_the_same_twice_gives_different_bytes(close: Close, open_again: Open) -> None:
    assert close({"text": "same"}) != close({"text": "same"})


@both_ways
def test_the_length_tells_only_the_number_of_blocks(close: Close, open_again: Open) -> None:
    # {"t":""} are 8 bytes and the padding at least 1, so that 247 letters are the most in one block of 256.
    lengths = [len(close({"t": "x" * letters})) for letters in range(600)]
    assert len(set(lengths[:248])) == 1
    assert len(set(lengths[248:504])) == 1
    assert lengths[248] - lengths[247] == 256
    assert len(set(lengths)) == 3


@both_ways
def test_nothing_of_the_content_can_be_seen(close: Close, open_again: Open) -> None:
    assert b"lantern" not in close({"lantern": "lantern" * 50})


@both_ways
@pytest.mark.parametrize("place", [0, 1, 20, 60, -17, -1])
def test_one_changed_byte_is_noticed(close: Close, open_again: Open, place: int) -> None:
    damaged = bytearray(close({"text": "whole"}))
    damaged[place] ^= 1
    with pytest.raises(CannotOpen):
        open_again(bytes(damaged))


@both_ways
@given(length=st.integers(0, 300))
def test_a_box_cut_short_is_noticed(close: Close, open_again: Open, length: int) -> None:
    whole = close({"text": "whole"})
    with pytest.raises(CannotOpen):
        open_again(whole[: min(length, len(whole) - 1)])


@both_ways
@given(noise=st.binary(max_size=400))
def test_noise_cannot_be_opened(close: Close, open_again: Open, noise: bytes) -> None:
    for scheme in (b"", b"\x01", b"\x02"):
        with pytest.raises(CannotOpen):
            open_again(scheme + noise)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(CannotOpen):
        sealing.unseal(seal({"a": 1}), private_key=sealing.new_private_key())
    with pytest.raises(CannotOpen):
        sealing.unlock(lock({"a": 1}), key=sealing.new_secret_key())


def test_the_public_key_does_not_open_what_was_sealed_to_it() -> None:
    with pytest.raises(CannotOpen):
        sealing.unseal(seal({"a": 1}), private_key=PUBLIC)


def test_one_scheme_is_not_taken_for_the_other() -> None:
    with pytest.raises(CannotOpen, match="unknown scheme"):
        unseal(lock({"a": 1}))
    with pytest.raises(CannotOpen, match="unknown scheme"):
        unlock(seal({"a": 1}))


def test_new_keys_differ_and_have_32_bytes() -> None:
    for make in (sealing.new_private_key, sealing.new_secret_key):
        keys = {make() for _ in range(20)}
        assert len(keys) == 20
        assert {len(key) for key in keys} == {32}


def test_a_seed_always_gives_the_same_key_pair() -> None:
    # Fixed on purpose: mailboxes are sealed to keys that come from receipt codes.
    assert PUBLIC.hex() == "4701d08488451f545a409fb58ae3e58581ca40ac3f7f114698cd71deac73ca01"
    assert sealing.private_key_from_seed(bytes(32)) != PRIVATE


def test_a_box_from_the_first_release_is_still_opened() -> None:
    box = (
        "02805aef6bea258831df2bb2e60fa66471fe5eb5ee00f040d32aadaccabc48ab64aa468488b596501734d26744c71be2"
        "8ab9356a9b705eed99754c1a67398defb8ad4542f4b7fa1253c9e9d5de211352a40363349495208a3ba68e38b1d49fe7"
        "ebcf78c74c8d5ca601d25ff7c2fd3ac9ee334af29cca7b8206a4b703adcfae4f3941bd322f20a44558629a66dc388397"
        "a629fca60fe2eb9dc2987b84623b48d9ddea591dd7cdfae9c51ba1f6a784eff354953c54b7fc678365687d17fbc510bf"
        "67eead8a3de1f21f02efcaf59b27bbbc178790bdbbdbf9d73270675e78dcc8ccc3a394f96c32aa9280c7b34f904aa678"
        "77b3fb5f0e23bd02260bd716c26b54eddec360b1a994852aa17a0ab782e36d1bd0d0995c3e7b484599f39af930f7b54e"
        "18ae6600166a3f4695"
    )
    assert unlock(bytes.fromhex(box)) == {"text": "Lykta"}
