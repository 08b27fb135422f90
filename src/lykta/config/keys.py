"""The keys of an installation: made once, each in a file that only its owner reads.

`hotline.key` opens letters (worker only) · `hotline.pub` closes them (public faces) · `desk-secret` signs the desk's
sessions · `audit.key` seals the audit chain · `mail.asc` signs outgoing mail, `mail.pub.asc` is its certificate.
"""

import os
import secrets
from pathlib import Path

from pysequoia import Profile, Tsk

from lykta.lib import sealing


def make_keys(folder: Path, *, name: str = "Practice hotline", mail: str = "desk@hotline.test") -> list[str]:
    """Make what is missing, leave what is there. Returns the names of the new files."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made: list[str] = []

    def keep(file: str, content: bytes) -> None:
        if not (folder / file).exists():
            _write(folder / file, content)
            made.append(file)

    if not (folder / "hotline.key").exists():
        private = sealing.new_private_key()
        keep("hotline.pub", sealing.public_key(private))
        keep("hotline.key", private)
    keep("desk-secret", secrets.token_urlsafe(48).encode())
    keep("audit.key", secrets.token_bytes(32))
    if not (folder / "mail.asc").exists():
        signer = Tsk.generate(f"{name} <{mail}>", profile=Profile.RFC4880)
        keep("mail.pub.asc", str(signer.extract_certificate()).encode())
        keep("mail.asc", str(signer).encode())
    return made


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a crash leaves no half key, and the file is never readable by others."""
    part = path.with_suffix(path.suffix + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    part.rename(path)
