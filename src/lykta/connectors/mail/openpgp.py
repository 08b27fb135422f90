"""Wraps a finished MIME part in OpenPGP (RFC 3156), so that any mail program with OpenPGP can read and check it.

The library encrypts to expired and to revoked certificates without a word, so both are looked at first.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from pysequoia import Cert, Sig, SignatureMode, Tsk, encrypt, sign

from lykta.connectors.contract import Final


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A MIME body and the Content-Type header that describes it."""

    content_type: str
    body: bytes


def read_certificate(armored: str, *, now: datetime) -> Cert:
    """The recipient's certificate. Raises Final where it cannot be read, is revoked or has expired."""
    try:
        certificate = Cert.from_bytes(armored.encode())
    except Exception as error:  # the library raises bare Exception
        raise Final("The recipient's key cannot be read.") from error
    if certificate.is_revoked:
        raise Final(f"The recipient's key {certificate.fingerprint} has been revoked.")
    if certificate.expiration and certificate.expiration <= now:
        raise Final(f"The recipient's key {certificate.fingerprint} expired on {certificate.expiration:%Y-%m-%d}.")
    return certificate


def encrypted(part: bytes, *, to: Cert, by: Tsk) -> Wrapped:
    """multipart/encrypted: the part signed and encrypted in one OpenPGP message (RFC 3156 6.2). Raises Final."""
    try:
        message = encrypt(part, recipients=[to], signer=by.signer())
    except Exception as error:  # the library raises bare Exception
        raise Final(f"Cannot encrypt to the key {to.fingerprint}.") from error
    boundary = _boundary()
    body = _joined(
        boundary,
        b"Content-Type: application/pgp-encrypted\r\nContent-Description: PGP/MIME version identification\r\n"
        b"\r\nVersion: 1\r\n",
        b'Content-Type: application/octet-stream; name="encrypted.asc"\r\n'
        b'Content-Disposition: inline; filename="encrypted.asc"\r\n\r\n' + _crlf(message),
    )
    return Wrapped(f'multipart/encrypted; protocol="application/pgp-encrypted";\r\n boundary="{boundary}"', body)


def signed(part: bytes, *, by: Tsk) -> Wrapped:
    """multipart/signed: the part as it is, and a signature over these very bytes (RFC 3156 5). Raises Final."""
    try:
        signature = sign(by.signer(), part, mode=SignatureMode.DETACHED)
    except Exception as error:  # the library raises bare Exception
        raise Final("The hotline's own key cannot sign.") from error
    boundary = _boundary()
    body = _joined(
        boundary,
        part,
        b'Content-Type: application/pgp-signature; name="signature.asc"\r\n'
        b'Content-Disposition: attachment; filename="signature.asc"\r\n\r\n' + _crlf(signature),
    )
    return Wrapped(
        f'multipart/signed; micalg="pgp-{_hash_name(signature)}";\r\n'
        f' protocol="application/pgp-signature"; boundary="{boundary}"',
        body,
    )


def _hash_name(signature: bytes) -> str:
    """The hash that the signature was made with, as RFC 3156 5 writes it: the library chooses it."""
    algorithm = str(Sig.from_bytes(signature).hash_algorithm)
    return re.sub("[^a-z0-9]", "", algorithm.rpartition(".")[2].lower())


def _boundary() -> str:
    return f"lykta-{secrets.token_hex(16)}"


def _joined(boundary: str, *parts: bytes) -> bytes:
    between = f"\r\n--{boundary}".encode()
    return (between + b"\r\n" + (between + b"\r\n").join(parts) + between + b"--\r\n").removeprefix(b"\r\n")


def _crlf(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
