"""Two random keys per case, each in a file of its own, outside the database and its backups.

One closes all that belongs to the case, the other closes the contacts of its reporters inside it, since those are
forgotten first. To forget is to delete a file: what every copy and backup of the database holds then stays closed for
ever. Each deletion is first noted in a list outside the keyring, so that `forget_again` can undo a restored copy of
the keyring. Keep the folder out of long-lived backups, and the list in all of them (`docs/operations/backup.md`).
"""

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from django.conf import settings

from lykta.lib import sealing
from lykta.lib.sealing import Sealed

_SEALED_CONTACT = "sealed_contact"


class Forgotten(Exception):
    """The key is gone: nobody can read this any more."""


class Part(StrEnum):
    """What a key closes; the value is the ending of its file."""

    CASE = "key"
    CONTACT = "contact"


def make(case: UUID) -> None:
    """Keys for a new case, on disk before this returns, so that no row can outlive a crash without its keys."""
    for part in Part:
        _make(case, part)


def lock(case: UUID, content: dict[str, Any]) -> Sealed:
    """Encrypt under the case's key; a `contact` inside also under its own. Raises Forgotten.

    A contact that comes when the former ones are forgotten gets a new key.
    """
    key = _key(case)
    if content.get("contact"):
        if not has(case, Part.CONTACT):
            _make(case, Part.CONTACT)
        sealed = sealing.lock({"contact": content["contact"]}, key=_key(case, Part.CONTACT)).hex()
        content = {**{name: said for name, said in content.items() if name != "contact"}, _SEALED_CONTACT: sealed}
    return sealing.lock(content, key=key)


def unlock(case: UUID, sealed: bytes) -> dict[str, Any]:
    """Open what `lock` made; without a contact that is forgotten. Raises Forgotten when all of it is."""
    content = sealing.unlock(bytes(sealed), key=_key(case))
    contact = content.pop(_SEALED_CONTACT, None)
    if contact:
        # A contact whose key is gone cannot be opened, also where a later one has a key again.
        with suppress(Forgotten, sealing.CannotOpen):
            content |= sealing.unlock(bytes.fromhex(contact), key=_key(case, Part.CONTACT))
    return content


def lock_bytes(case: UUID, data: bytes) -> Sealed:
    """`lock` for a piece of a file. Raises Forgotten."""
    return sealing.lock_bytes(data, key=_key(case))


def unlock_bytes(case: UUID, sealed: bytes) -> bytes:
    """Open what `lock_bytes` made. Raises Forgotten."""
    return sealing.unlock_bytes(bytes(sealed), key=_key(case))


def has(case: UUID, part: Part) -> bool:
    """Whether this part can still be read."""
    return _path(case, part).exists()


def forget(case: UUID, *, part: Part = Part.CASE) -> None:
    """Destroy the key of one part; with the case's own key goes that of its contacts. Safe to do twice."""
    _destroy([(case, one) for one in ([Part.CONTACT, Part.CASE] if part is Part.CASE else [part])])


@dataclass(frozen=True, slots=True)
class Destroyed:
    """A line of the list: which key was destroyed. `mark` tells it from a later key of the same part."""

    case: UUID
    part: Part
    mark: str

    @classmethod
    def read(cls, line: str) -> Self:
        """A line of the list. Raises ValueError for any other."""
        case, part, mark = line.split(" ")
        return cls(UUID(hex=case), Part(part), mark)

    def __str__(self) -> str:
        return f"{self.case.hex} {self.part} {self.mark}"


def forget_again(listed: Sequence[Destroyed]) -> int:
    """Destroy once more what a list says was destroyed. Returns how many keys had come back."""
    back = [one for one in dict.fromkeys(listed) if _mark(one.case, one.part) == one.mark]
    _destroy([(one.case, one.part) for one in back])
    _note(listed)
    return len(back)


def forgotten_list() -> Path:
    """Which keys were destroyed, a line each, as `Destroyed` writes it: numbers only, and never shortened."""
    return Path(settings.FORGOTTEN)


def _destroy(keys: Sequence[tuple[UUID, Part]]) -> None:
    """Noted first: after a crash between the two, `forget_again` destroys what was noted."""
    there = [(case, part) for case, part in keys if has(case, part)]
    _note([Destroyed(case, part, _mark(case, part)) for case, part in there])
    for case, part in there:
        path = _path(case, part)
        path.unlink(missing_ok=True)
        _sync_folder(path.parent)


def _mark(case: UUID, part: Part) -> str:
    """64 bits of the key's SHA-256: enough to tell two keys apart, and no help to whoever wants the key."""
    return hashlib.sha256(_key(case, part)).hexdigest()[:16] if has(case, part) else ""


def _note(keys: Sequence[Destroyed]) -> None:
    path = forgotten_list()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    known = set(path.read_text().splitlines()) if path.exists() else set()
    new = [line for line in map(str, keys) if line not in known]
    if new:
        with path.open("a") as file:
            file.write("".join(f"{line}\n" for line in dict.fromkeys(new)))
            file.flush()
            os.fsync(file.fileno())


def _make(case: UUID, part: Part) -> None:
    path = _path(case, part)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, sealing.new_secret_key())
        os.fsync(handle)
    finally:
        os.close(handle)
    _sync_folder(path.parent)


def _key(case: UUID, part: Part = Part.CASE) -> bytes:
    try:
        return _path(case, part).read_bytes()
    except FileNotFoundError:
        raise Forgotten(f"The key of case {case} has been destroyed.") from None


def _path(case: UUID, part: Part = Part.CASE) -> Path:
    return Path(settings.KEYRING) / case.hex[:2] / f"{case.hex}.{part}"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
