"""Whose mail is taken in: those whose OpenPGP certificates lie in a folder, by their signature and nothing else.

`senders/hotline/NAME.asc`, `senders/partner/NAME.asc`, `senders/staff/NAME.asc`: the folder says for whom they speak.
Read anew at each visit, so that a file that is added or taken away counts at once.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pysequoia import Cert, Decrypted, Sig, Tsk, decrypt, verify

from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import Source
from lykta.lib import certificates

log = logging.getLogger(__name__)
SOURCES = (Source.HOTLINE, Source.PARTNER, Source.STAFF)


class NotSigned(Exception):
    """Nobody whom we know has signed it. The message names no address and is fit for the log."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody known: the name of their file, and for whom they speak."""

    name: str
    source: Source


class Senders:
    """All who are known at this moment. What cannot be used, expired and revoked certificates above all, is left out.

    `key` is the hotline's own, for mail that was encrypted to it.
    """

    def __init__(self, folder: Path, *, key: Tsk, now: datetime) -> None:
        self._key = key
        self._known: dict[str, Sender] = {}
        self._certificates: list[Cert] = []
        for source in SOURCES:
            for path in sorted((folder / source).glob("*.asc")):
                self._add(path, source, now)

    def _add(self, path: Path, source: Source, now: datetime) -> None:
        try:
            armored = path.read_text(encoding="utf-8")
            certificates.read(armored, now=now).check()
        except (OSError, ValueError, NotUnderstood) as error:
            log.warning("the certificate %s/%s is left out: %s", source, path.name, error)
            return
        certificate = Cert.from_bytes(armored.encode())
        self._certificates.append(certificate)
        self._known[certificate.fingerprint] = Sender(path.stem, source)

    def of_part(self, part: bytes, signature: bytes) -> Sender:
        """Who signed these very bytes (RFC 3156 5). Raises NotSigned."""
        try:
            found = verify(bytes=part, store=self._store, signature=Sig.from_bytes(signature))
        except Exception:  # noqa: BLE001 - the library raises bare exceptions
            raise NotSigned("no signature of a known sender holds") from None
        return self._who(found)

    def of_clear_text(self, text: bytes) -> tuple[Sender, bytes]:
        """Who signed a text that carries its signature with it, and what exactly they signed (RFC 9580 7)."""
        try:
            found = verify(bytes=text, store=self._store)
        except Exception:  # noqa: BLE001 - as above
            raise NotSigned("no signature of a known sender holds") from None
        return self._who(found), found.bytes or b""

    def of_encrypted(self, message: bytes) -> tuple[Sender, bytes]:
        """Who signed what was encrypted to the hotline, and what it is (RFC 3156 6.2)."""
        try:
            found = decrypt(message, decryptor=self._key.decryptor(), store=self._store)
        except Exception:  # noqa: BLE001 - as above
            raise NotSigned("it cannot be decrypted, or no known sender signed it inside") from None
        return self._who(found), found.bytes or b""

    def _store(self, wanted: list[str]) -> list[Cert]:
        del wanted  # the library picks the one that fits
        return self._certificates

    def _who(self, found: Decrypted) -> Sender:
        for signature in found.valid_sigs:
            sender = self._known.get(str(signature.certificate))
            if sender:
                return sender
        raise NotSigned("no known sender signed it")
