"""One random key per case, each in a file of its own, outside the database and its backups.

To forget a case is to delete its file: what every copy and backup of the database holds of the reporter's words then
stays closed for ever. Keep the folder out of long-lived backups (`docs/operations/backup.md`).
"""

import os
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from lykta.lib import sealing
from lykta.lib.sealing import Sealed


class Forgotten(Exception):
    """The key is gone: nobody can read this any more."""


def make(case: UUID) -> None:
    """A key for a new case, on disk before this returns, so that no row can outlive a crash without its key."""
    path = _path(case)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, sealing.new_secret_key())
        os.fsync(handle)
    finally:
        os.close(handle)
    _sync_folder(path.parent)


def lock(case: UUID, content: dict[str, Any]) -> Sealed:
    """Encrypt under the case's key. Raises Forgotten."""
    return sealing.lock(content, key=_key(case))


def unlock(case: UUID, sealed: bytes) -> dict[str, Any]:
    """Open what `lock` made. Raises Forgotten."""
    return sealing.unlock(bytes(sealed), key=_key(case))


def lock_bytes(case: UUID, data: bytes) -> Sealed:
    """`lock` for a piece of a file. Raises Forgotten."""
    return sealing.lock_bytes(data, key=_key(case))


def unlock_bytes(case: UUID, sealed: bytes) -> bytes:
    """Open what `lock_bytes` made. Raises Forgotten."""
    return sealing.unlock_bytes(bytes(sealed), key=_key(case))


def forget(case: UUID) -> None:
    """Destroy the key. Safe to do twice."""
    path = _path(case)
    path.unlink(missing_ok=True)
    if path.parent.exists():
        _sync_folder(path.parent)


def _key(case: UUID) -> bytes:
    try:
        return _path(case).read_bytes()
    except FileNotFoundError:
        raise Forgotten(f"The key of case {case} has been destroyed.") from None


def _path(case: UUID) -> Path:
    return Path(settings.KEYRING) / case.hex[:2] / f"{case.hex}.key"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
