"""OpenPGP certificates as people paste them: whose they are, and whether mail can be sealed to them."""

from dataclasses import dataclass
from datetime import datetime

import pysequoia
from pysequoia import Cert, SignatureMode, Tsk

from lykta.core.refusals import NotUnderstood


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a person compares and needs to know. `fingerprint` is in groups of four hexadecimal digits."""

    fingerprint: str
    names: tuple[str, ...]
    expires: datetime | None
    expired: bool
    revoked: bool

    @property
    def usable(self) -> bool:
        return not (self.expired or self.revoked)

    def check(self) -> None:
        """Raises NotUnderstood, with what to do, unless it can be used."""
        if self.revoked:
            raise NotUnderstood("This certificate has been revoked: please ask its owner for the new one.")
        if self.expired:
            raise NotUnderstood("This certificate has expired: please ask its owner for the new one.")


def sign(data: bytes, *, key: bytes) -> bytes:
    """A detached, armored OpenPGP signature over these bytes by the holder of this private key."""
    return pysequoia.sign(Tsk.from_bytes(key).signer(), data, mode=SignatureMode.DETACHED)


def read(armored: str, *, now: datetime) -> Certificate:
    """The one certificate in a text. Raises NotUnderstood for anything else, a private key above all."""
    if "PRIVATE KEY" in armored:
        raise NotUnderstood("This is somebody's private key. Do not keep it; ask for the public certificate.")
    try:
        found = Cert.from_bytes(armored.encode())
    except Exception:  # noqa: BLE001 - the library raises bare Exception
        message = "This is no OpenPGP certificate. Paste all of it, from the line with BEGIN to the line with END."
        raise NotUnderstood(message) from None
    return Certificate(
        fingerprint=" ".join(found.fingerprint.upper()[place : place + 4] for place in range(0, 40, 4)),
        names=tuple(str(user_id) for user_id in found.user_ids),
        expires=found.expiration,
        expired=found.expiration is not None and found.expiration <= now,
        revoked=found.is_revoked,
    )
