"""Sealed boxes: anybody can close them, only the holder of the private key opens them.

libsodium through PyNaCl: `crypto_box_seal` (X25519, XSalsa20-Poly1305) towards a public key, `crypto_secretbox` under
a shared key. The first byte names the scheme, so that another can follow it. Content is padded to a multiple of
256 bytes (ISO/IEC 7816-4) before it is sealed, so that its length tells little. JSON and bytes have schemes of their
own, so that the one is never taken for the other.
"""

import json
from collections.abc import Callable
from typing import Any, NewType

from nacl import exceptions, public, secret, utils

Sealed = NewType("Sealed", bytes)
"""A scheme byte and the ciphertext."""

_SEALED_BOX = b"\x01"
_SECRET_BOX = b"\x02"
_SEALED_BYTES = b"\x03"
_SECRET_BYTES = b"\x04"
_BLOCK = 256


class CannotOpen(Exception):
    """The key does not fit, or the box was damaged."""


def new_private_key() -> bytes:
    """32 random bytes: an X25519 private key."""
    return bytes(public.PrivateKey.generate())


def private_key_from_seed(seed: bytes) -> bytes:
    """The X25519 private key that belongs to a 32-byte seed."""
    return bytes(public.PrivateKey.from_seed(seed))


def public_key(private_key: bytes) -> bytes:
    """The 32 bytes to which anybody may seal."""
    return bytes(public.PrivateKey(private_key).public_key)


def new_secret_key() -> bytes:
    """32 random bytes for `lock` and `unlock`."""
    return utils.random(secret.SecretBox.KEY_SIZE)


def seal(content: dict[str, Any], *, to: bytes) -> Sealed:
    """Seal JSON content to a public key. Nobody without the private key opens it, the sealer neither."""
    return _seal(_encode(content), _SEALED_BOX, to)


def unseal(sealed: bytes, *, private_key: bytes) -> dict[str, Any]:
    """The content of a sealed box. Raises CannotOpen."""
    return _decode(_unseal(sealed, _SEALED_BOX, private_key))


def seal_bytes(data: bytes, *, to: bytes) -> Sealed:
    """`seal` for a piece of a file."""
    return _seal(data, _SEALED_BYTES, to)


def unseal_bytes(sealed: bytes, *, private_key: bytes) -> bytes:
    """What `seal_bytes` sealed. Raises CannotOpen."""
    return _unseal(sealed, _SEALED_BYTES, private_key)


def lock(content: dict[str, Any], *, key: bytes) -> Sealed:
    """Encrypt JSON content under a shared 32-byte key, with a random nonce."""
    return _lock(_encode(content), _SECRET_BOX, key)


def unlock(sealed: bytes, *, key: bytes) -> dict[str, Any]:
    """The content of what `lock` made. Raises CannotOpen."""
    return _decode(_unlock(sealed, _SECRET_BOX, key))


def lock_bytes(data: bytes, *, key: bytes) -> Sealed:
    """`lock` for a piece of a file."""
    return _lock(data, _SECRET_BYTES, key)


def unlock_bytes(sealed: bytes, *, key: bytes) -> bytes:
    """What `lock_bytes` encrypted. Raises CannotOpen."""
    return _unlock(sealed, _SECRET_BYTES, key)


def _seal(data: bytes, scheme: bytes, to: bytes) -> Sealed:
    return Sealed(scheme + public.SealedBox(public.PublicKey(to)).encrypt(_pad(data)))


def _unseal(sealed: bytes, scheme: bytes, private_key: bytes) -> bytes:
    return _open(sealed, scheme, public.SealedBox(public.PrivateKey(private_key)).decrypt)


def _lock(data: bytes, scheme: bytes, key: bytes) -> Sealed:
    return Sealed(scheme + secret.SecretBox(key).encrypt(_pad(data)))


def _unlock(sealed: bytes, scheme: bytes, key: bytes) -> bytes:
    return _open(sealed, scheme, secret.SecretBox(key).decrypt)


def _open(sealed: bytes, scheme: bytes, decrypt: Callable[[bytes], bytes]) -> bytes:
    if sealed[:1] != scheme:
        raise CannotOpen("unknown scheme")
    try:
        return _unpad(decrypt(bytes(sealed[1:])))
    except (exceptions.CryptoError, ValueError) as error:
        raise CannotOpen(str(error)) from error


def _decode(data: bytes) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(data)
    except ValueError as error:
        raise CannotOpen(str(error)) from error
    return content


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _encode(content: dict[str, Any]) -> bytes:
    return _JSON.encode(content).encode()


def _pad(data: bytes) -> bytes:
    return data + b"\x80" + b"\x00" * (-(len(data) + 1) % _BLOCK)


def _unpad(data: bytes) -> bytes:
    return data.rstrip(b"\x00").removesuffix(b"\x80")
