"""Whose mail is taken in: that of those who are registered, by what they are registered with and nothing else.

Read anew at each visit, so that a file that is added or taken away counts at once.
"""

import logging
from datetime import datetime
from pathlib import Path

from pysequoia import Cert, Decrypted, Sig, Tsk, decrypt, verify

from lykta.connectors.imap import domain_signatures, smime
from lykta.connectors.imap.domain_signatures import DomainKeys
from lykta.connectors.imap.registrations import Fault, NotSigned, Registration, Sender, registrations

log = logging.getLogger(__name__)


class Senders:
    """All who are known at this moment. What cannot be used, expired and revoked certificates above all, is left out.

    `key` is the hotline's own, for mail that was encrypted to it; `keys` are those of domains.
    """

    def __init__(self, folder: Path, *, key: Tsk, keys: DomainKeys, now: datetime) -> None:
        self._key = key
        self._keys = keys
        self._now = now
        self._known: dict[str, Sender] = {}
        self._certificates: list[Cert] = []
        described: list[Registration] = []
        for one in registrations(folder, now=now):
            if isinstance(one, Fault):
                log.warning("%s is left out: %s", one.file, one.why)
            elif one.openpgp:
                certificate = Cert.from_bytes(one.openpgp.encode())
                self._certificates.append(certificate)
                self._known[certificate.fingerprint] = one.sender
            else:
                described.append(one)
        self._described = tuple(described)

    def of_certificate(self, message: bytes, part: bytes | None) -> tuple[Sender, bytes]:
        """Who made an S/MIME signature, of `part` or of what is inside it, and what they signed. Raises NotSigned."""
        found, content = smime.check(message, part, self._described, now=self._now)
        return found.sender, content

    def of_domain(self, raw: bytes) -> tuple[Sender, bytes]:
        """Whose domain has signed the mail, and what of it (RFC 6376). Raises NotSigned or NoAnswerYet."""
        found, content = domain_signatures.check(raw, self._described, self._keys, now=self._now)
        return found.sender, content

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
