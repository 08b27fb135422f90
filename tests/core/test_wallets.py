"""Wallets are told by their checksums, so that a long word is none."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core import wallets

SEGWIT = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"  # the example of BIP 173
TAPROOT = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"  # the example of BIP 350
ETHER = "0x" + "Ab" * 20


def base58check(body: bytes) -> str:
    """As BIP 13 and Bitcoin's wiki describe it."""
    data = body + hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]
    number, written = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        written = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[digit] + written
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + written


@pytest.mark.parametrize("wallet", [SEGWIT, TAPROOT])
def test_the_examples_of_the_standards_are_wallets(wallet: str) -> None:
    assert list(wallets.find(f"pay to {wallet}, please")) == [wallet]


@given(st.binary(min_size=20, max_size=20))
def test_every_base58_wallet_is_found(hashed: bytes) -> None:
    for version in (b"\0", b"\5"):
        wallet = base58check(version + hashed)
        assert list(wallets.find(f"({wallet})")) == ([wallet] if len(wallet) >= 26 else [])


@given(st.binary(min_size=20, max_size=20), st.integers(0, 24))
def test_one_changed_sign_is_no_wallet(hashed: bytes, place: int) -> None:
    wallet = base58check(b"\0" + hashed)
    place %= len(wallet)
    changed = wallet[:place] + ("2" if wallet[place] != "2" else "3") + wallet[place + 1 :]
    assert list(wallets.find(changed)) == []


@pytest.mark.parametrize("place", range(4, 42, 3))
def test_one_changed_sign_is_no_segwit_wallet(place: int) -> None:
    changed = SEGWIT[:place] + ("q" if SEGWIT[place] != "q" else "p") + SEGWIT[place + 1 :]
    assert list(wallets.find(changed)) == []


def test_an_ether_wallet_has_one_form() -> None:
    assert list(wallets.find(ETHER)) == list(wallets.find(ETHER.lower())) == [ETHER.lower()]


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert all(wallet in text or wallet in text.lower() for wallet in wallets.find(text))
