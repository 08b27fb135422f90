"""Who is known: one file for each sender, in the folder that says for whom they speak.

`senders/hotline/NAME.asc` is an OpenPGP certificate. `senders/hotline/NAME.toml` says by what else a mail proves to be
theirs; `partner/` and `staff/` likewise:

    address = "desk@polder.example"   # the one that they write from
    certificate = "polder.crt"        # S/MIME: this very certificate, a PEM file beside it; or
    authority = "polder-ca.crt"       # S/MIME: any certificate for that address that one of these has issued
    dkim = true                       # the signature of their domain's mail server is enough; it proves no person
    organisation = true               # … or that of another domain of the same organisation
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import Source
from lykta.lib import certificates

SOURCES = (Source.HOTLINE, Source.PARTNER, Source.STAFF)
_TYPES = {"address": str, "certificate": str, "authority": str, "dkim": bool, "organisation": bool}
_ADDRESS = re.compile(r"[!#-'*+/-9=?A-Z^-~.-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
_FILE_NAME = re.compile(r"[\w-][\w.-]*")


class NotSigned(Exception):
    """Nobody whom we know has signed it. The message names no address and is fit for the log."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody known: the name of their file, and for whom they speak."""

    name: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """By what one sender is known. `openpgp` is armored text; `ends` is when the first of the certificates expires.

    `address` is in small letters. `certificate` is the one S/MIME certificate that they sign with, `authorities` those
    who may vouch for others.
    """

    sender: Sender
    openpgp: str = ""
    address: str = ""
    certificate: x509.Certificate | None = None
    authorities: tuple[x509.Certificate, ...] = ()
    dkim: bool = False
    organisation: bool = False
    ends: datetime | None = None

    @property
    def trusted(self) -> tuple[x509.Certificate, ...]:
        """Where a chain of S/MIME certificates may end; empty for a sender without S/MIME."""
        return (self.certificate,) if self.certificate else self.authorities


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that lets nobody in, and why, in words for people. `file` is `partner/polder.toml`."""

    file: str
    why: str


def registrations(folder: Path, *, now: datetime) -> Iterator[Registration | Fault]:
    """Everything that is registered at this moment, and every file that cannot be used."""
    for source in SOURCES:
        for path in sorted((folder / source).glob("*.*")):
            if path.suffix not in {".asc", ".toml"}:
                continue
            try:
                yield _read(path, Sender(path.stem, source), now)
            except (OSError, ValueError, NotUnderstood) as error:
                why = error.strerror if isinstance(error, OSError) else str(error)
                yield Fault(f"{source}/{path.name}", f"{why}".rstrip("."))


def _read(path: Path, sender: Sender, now: datetime) -> Registration:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        return _described(tomllib.loads(text), path.parent, sender, now)
    found = certificates.read(text, now=now)
    found.check()
    return Registration(sender=sender, openpgp=text, ends=found.expires)


def _described(given: dict[str, Any], folder: Path, sender: Sender, now: datetime) -> Registration:
    wrong = [name for name, value in given.items() if type(value) is not _TYPES.get(name)]
    if wrong:
        raise ValueError(f"{', '.join(wrong)}: unknown, or of the wrong kind")
    address = given.get("address", "").lower()
    if not _ADDRESS.fullmatch(address):
        raise ValueError("it lacks the address that they write from")
    pinned = _certificates(folder, given.get("certificate"), now)
    authorities = _certificates(folder, given.get("authority"), now)
    if len(pinned) > 1 or (pinned and authorities):
        raise ValueError("either one certificate counts, or authorities that vouch for it")
    if not (pinned or authorities or given.get("dkim")):
        raise ValueError("it names nothing that proves who wrote: certificate, authority or dkim")
    return Registration(
        sender=sender,
        address=address,
        certificate=pinned[0] if pinned else None,
        authorities=authorities,
        dkim=given.get("dkim", False),
        organisation=given.get("organisation", False),
        ends=min((one.not_valid_after_utc for one in (*pinned, *authorities)), default=None),
    )


def _certificates(folder: Path, name: str | None, now: datetime) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM file beside the registration; none where none is named."""
    if name is None:
        return ()
    if not _FILE_NAME.fullmatch(name):
        raise ValueError("a certificate is named by a file in the same folder")
    content = (folder / name).read_bytes()
    if b"PRIVATE KEY" in content:
        raise ValueError(f"{name} holds somebody's private key: do not keep it")
    try:
        found = x509.load_pem_x509_certificates(content)
    except ValueError:
        raise ValueError(f"{name} holds no certificate in PEM") from None
    if not all(one.not_valid_before_utc <= now < one.not_valid_after_utc for one in found):
        raise ValueError(f"{name} has expired, or is not valid yet")
    return tuple(found)
