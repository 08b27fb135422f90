"""Sealed boxes: anybody can close them, only the holder of the private key opens them.

libsodium through PyNaCl: `crypto_box_seal` (X25519, XSalsa20-Poly1305) towards a public key, `crypto_secretbox` under
a shared key. The first byte names the scheme, so that another can follow it. Content is padded to a multiple of
256 bytes (ISO/IEC 7816-4) before it is sealed, so that its length tells little.
"""

import json
from typing import Any, NewType

from nacl import exceptions, public, secret, utils

Sealed = NewType("Sealed", bytes)
"""A scheme byte and the ciphertext."""

_SEALED_BOX = b"\x01"
_SECRET_BOX = b"\x02"
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
    box = public.SealedBox(public.PublicKey(to))
    return Sealed(_SEALED_BOX + box.encrypt(_pad(_encode(content))))


def unseal(sealed: bytes, *, private_key: bytes) -> dict[str, Any]:
    """The content of a sealed box. Raises CannotOpen."""
    box = public.SealedBox(public.PrivateKey(private_key))
    return _open(sealed, _SEALED_BOX, box.decrypt)


def lock(content: dict[str, Any], *, key: bytes) -> Sealed:
    """Encrypt JSON content under a shared 32-byte key, with a random nonce."""
    return Sealed(_SECRET_BOX + secret.SecretBox(key).encrypt(_pad(_encode(content))))


def unlock(sealed: bytes, *, key: bytes) -> dict[str, Any]:
    """The content of what `lock` made. Raises CannotOpen."""
    return _open(sealed, _SECRET_BOX, secret.SecretBox(key).decrypt)


def _open(sealed: bytes, scheme: bytes, decrypt: Any) -> dict[str, Any]:
    if sealed[:1] != scheme:
        raise CannotOpen("unknown scheme")
    try:
        content: dict[str, Any] = json.loads(_unpad(decrypt(bytes(sealed[1:]))))
    except (exceptions.CryptoError, ValueError) as error:
        raise CannotOpen(str(error)) from error
    return content


def _encode(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _pad(data: bytes) -> bytes:
    return data + b"\x80" + b"\x00" * (-(len(data) + 1) % _BLOCK)


def _unpad(data: bytes) -> bytes:
    return data.rstrip(b"\x00").removesuffix(b"\x80")
