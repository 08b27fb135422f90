"""Wallets of cryptocurrencies: what can be one, told by its own checksum where it has one.

Base58Check as in Bitcoin's addresses; Bech32 and Bech32m after BIP 173 and BIP 350; Ethereum's by their form alone,
since their checksum (EIP-55) needs a hash that Python does not bring and may be left out.
"""

import hashlib
import re
from collections.abc import Iterator

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CONSTANTS = frozenset({1, 0x2BC830A3})
_CANDIDATE = re.compile(r"\b(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[02-9ac-hj-np-z]{11,87}|0x[0-9a-fA-F]{40})\b")


def find(text: str) -> Iterator[str]:
    """Every wallet in a text, in the one form that it has."""
    for match in _CANDIDATE.finditer(text):
        written = match[0]
        if written.startswith("0x"):
            yield written.lower()
        elif _is_bech32(written) if written.startswith("bc1") else _is_base58check(written):
            yield written


def _is_base58check(written: str) -> bool:
    number = 0
    for sign in written:
        number = number * 58 + _BASE58.index(sign)
    zeros = len(written) - len(written.lstrip("1"))
    if number.bit_length() > 25 * 8:
        return False
    data = number.to_bytes(25, "big")
    body, check = data[:-4], data[-4:]
    leading = len(data) - len(data.lstrip(b"\0"))
    return leading == zeros and hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4] == check


def _is_bech32(written: str) -> bool:
    prefix, _, data = written.rpartition("1")
    values = [*(ord(sign) >> 5 for sign in prefix), 0, *(ord(sign) & 31 for sign in prefix)]
    checksum = 1
    for value in [*values, *map(_BECH32.index, data)]:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            if top >> bit & 1:
                checksum ^= generator
    return checksum in _CONSTANTS
