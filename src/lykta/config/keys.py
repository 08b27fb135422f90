"""The keys of an installation: made once, each in a file that only its owner reads.

`hotline.key` opens letters (worker only) · `hotline.pub` closes them (public faces) · `form.key` seals the pages of a
report that is being written (report face) · `desk-secret` signs the desk's sessions · `audit.key` seals the audit
chain · `index.key` makes the tags by which cases are linked · `mail.asc` signs outgoing mail, `mail.pub.asc` is its
certificate · `bundle.asc` and `bundle.pub.asc`, the same for bundles: the desk signs those, and must not hold the key
that mail is signed with.
"""

import os
import secrets
from pathlib import Path

from pysequoia import Cert, Profile, Tsk

from lykta.lib import sealing

SECRETS = {
    "hotline.key": "opens the letters; what is sealed to it stays closed for ever without it",
    "form.key": "seals the report that a reporter's pages carry from one to the next",
    "desk-secret": "signs the desk's sessions",
    "audit.key": "seals the audit chain",
    "index.key": "makes the tags by which cases are linked",
    "mail.asc": "signs outgoing mail",
    "bundle.asc": "signs what leaves the desk in a bundle",
}
PUBLIC = {
    "hotline.pub": "closes the letters",
    "mail.pub.asc": "is the certificate that recipients check mail with",
    "bundle.pub.asc": "is the certificate that others check bundles with",
}
RAW_BYTES = 32
RAW_KEYS = {"hotline.key", "hotline.pub", "form.key"}
PAIRS = (("hotline.key", "hotline.pub"), ("mail.asc", "mail.pub.asc"), ("bundle.asc", "bundle.pub.asc"))


def make_keys(folder: Path, *, name: str, mail: str, wrapped: bool = False) -> list[str]:
    """Make what is missing, leave what is there. `name` and `mail` go into the OpenPGP certificate.

    A public half is always derived from its private half, so that a crash between the two leaves no pair that does
    not fit. Returns the names of the new files. Raises RuntimeError where a public half lies without its private half:
    a new pair would leave what was sealed to the old one closed for ever. With `wrapped`, `hotline.key` has no file.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = {"hotline.key"} if wrapped and (folder / "hotline.pub").exists() else set()
    missing = [file for file in (*SECRETS, *PUBLIC) if file not in held and not (folder / file).exists()]
    for private, public in PAIRS:
        if private in missing and public not in missing:
            raise RuntimeError(f"{folder / public} is there, but {private} is not: bring it back from its safe copy.")
    for file in missing:
        write_secret(folder / file, _new(file, folder, owner=f"{name} <{mail}>"))
    return missing


def _new(file: str, folder: Path, *, owner: str) -> bytes:
    match file:
        case "hotline.key":
            return sealing.new_private_key()
        case "form.key":
            return sealing.new_secret_key()
        case "hotline.pub":
            return sealing.public_key((folder / "hotline.key").read_bytes())
        case "mail.asc" | "bundle.asc":
            return str(Tsk.generate(owner, profile=Profile.RFC4880)).encode()
        case "mail.pub.asc" | "bundle.pub.asc":
            private = (folder / file.replace(".pub", "")).read_bytes()
            return str(Tsk.from_bytes(private).extract_certificate()).encode()
        case _:
            return secrets.token_urlsafe(48).encode()


def fault(file: str, folder: Path) -> str:
    """Why a key that is there cannot be used, "" where it can: cut off, or the half of another pair.

    What is sealed to a public half whose private half lies nowhere stays closed for ever.
    """
    content = (folder / file).read_bytes()
    if file in RAW_KEYS and len(content) != RAW_BYTES:
        return f"it has {len(content)} bytes instead of {RAW_BYTES}"
    if file in {"desk-secret", "audit.key", "index.key"} and len(content) < RAW_BYTES:
        return f"it has {len(content)} characters, and could be guessed"
    private = next((private for private, public in PAIRS if public == file), None)
    if private and (folder / private).exists() and not _fits((folder / private).read_bytes(), content, file):
        return f"it does not belong to {private}"
    return ""


def _fits(private: bytes, public: bytes, file: str) -> bool:
    if file == "hotline.pub":
        return len(private) == RAW_BYTES and sealing.public_key(private) == public
    try:
        return Tsk.from_bytes(private).extract_certificate().fingerprint == Cert.from_bytes(public).fingerprint
    except Exception:  # noqa: BLE001 - the library raises bare Exception
        return False


def write_secret(path: Path, content: bytes) -> None:
    """Whole or not at all: a crash leaves no half file, and it is never readable by others."""
    part = path.with_suffix(path.suffix + ".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(handle)
    part.rename(path)
