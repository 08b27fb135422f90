"""Receipt codes: 130 random bits that open one mailbox and are stored nowhere.

A code is 26 symbols of Crockford's base 32 (no I, L, O, U) and one check symbol, in groups of four to read aloud:
`7K3M-…-X`. From the code two unrelated values are derived with BLAKE2b (RFC 7693, `person` separates them):
`lookup`, under which the mailbox is found, and the seed of the X25519 key pair to which answers are sealed. A code
has more than 112 bits of entropy, so no slow hash is needed (OWASP ASVS 5.0 6.5.2).
"""

import hashlib
import re
import secrets
import unicodedata
from typing import NewType

from lykta.core.refusals import NotUnderstood

Code = NewType("Code", str)
"""A receipt code in its plain form: 27 symbols, no hyphens. Precious: never stored, never logged."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_RANDOM_SYMBOLS = 26


def new() -> Code:
    """A fresh code from the system's random source."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_SYMBOLS))
    return Code(body + _check(body))


def derived(secret: bytes, name: str) -> Code:
    """The one code that a secret of 32 to 64 bytes gives for a name: the same whenever it is asked for."""
    number = int.from_bytes(hashlib.blake2b(name.encode(), key=secret, digest_size=32, person=b"lykta-code").digest())
    body = "".join(_ALPHABET[number >> 5 * place & 31] for place in range(_RANDOM_SYMBOLS))
    return Code(body + _check(body))


def spell(code: Code) -> str:
    """The code as people read it: groups of four, joined by hyphens."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def read(typed: str) -> Code:
    """The code that somebody typed, forgiving case, spaces, hyphens and look-alikes.

    Raises NotUnderstood when it cannot be a code: wrong length, strange symbol or wrong check symbol.
    """
    signs = unicodedata.normalize("NFKC", re.sub(r"[\s\-–—_.]", "", typed[:200])).upper()
    # Keyboards of other scripts write other digits: ٣ and ၃ are a 3 as well.
    plain = "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in signs).translate(
        _LOOK_ALIKES
    )
    if len(plain) != _RANDOM_SYMBOLS + 1 or any(symbol not in _ALPHABET for symbol in plain):
        raise NotUnderstood("A code has 27 letters and digits.")
    if _check(plain[:-1]) != plain[-1]:
        raise NotUnderstood("One of the letters or digits is wrong.")
    return Code(plain)


def lookup(code: Code) -> bytes:
    """16 bytes under which the mailbox of this code is kept; the code cannot be found from them."""
    return hashlib.blake2b(code.encode(), digest_size=16, person=b"lykta-lookup").digest()


def key_seed(code: Code) -> bytes:
    """32 bytes: the seed of the mailbox's X25519 private key."""
    return hashlib.blake2b(code.encode(), digest_size=32, person=b"lykta-boxkey").digest()


def proof(code: Code) -> bytes:
    """32 bytes that only somebody who held the code can name: they travel sealed, and bind a letter to its mailbox.

    Neither `lookup` nor the mailbox's public key leads to them, so who can write to the letterbox cannot write in the
    name of a mailbox whose code was never typed there.
    """
    return hashlib.blake2b(code.encode(), digest_size=32, person=b"lykta-proof").digest()


def report_number(code: Code) -> str:
    """32 hexadecimal digits that name the report of a code and open nothing, so that they may stand in logs."""
    return hashlib.blake2b(code.encode(), digest_size=16, person=b"lykta-report").hexdigest()


def _check(body: str) -> str:
    """A symbol that differs for any one wrong symbol, and for nearly every swap of neighbours.

    Odd weights have an inverse modulo 32, so no single change of a symbol leaves the sum as it was.
    """
    total = sum((2 * index + 1) * _ALPHABET.index(symbol) for index, symbol in enumerate(body))
    return _ALPHABET[total % len(_ALPHABET)]
