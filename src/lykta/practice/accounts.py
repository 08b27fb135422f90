"""The authenticator of the practice world: passwords and one-time codes of the practice accounts (RFC 6238)."""

import base64
import json
import time
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

_STEP_SECONDS = 30
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Account:
    """A practice account, with the code that is valid now and the seconds for which it stays so."""

    username: str
    password: str
    role: str
    code: str
    seconds_left: int


def accounts(folder: Path) -> list[Account]:
    """The accounts in `accounts.json`, which whoever made them has written; none while it is not there."""
    file = folder / "accounts.json"
    if not file.exists():
        return []
    now = int(time.time())
    return [
        Account(
            username=entry["username"],
            password=entry["password"],
            role=entry["role"],
            code=_code(entry["totp_secret"], now),
            seconds_left=_STEP_SECONDS - now % _STEP_SECONDS,
        )
        for entry in json.loads(file.read_text(encoding="utf-8"))
    ]


def _code(secret: str, now: int) -> str:
    """SHA-1 is what every authenticator app expects; short secrets are accepted, as the apps do."""
    padded = secret.upper() + "=" * (-len(secret) % 8)
    key = base64.b32decode(padded)
    return TOTP(key, _DIGITS, SHA1(), _STEP_SECONDS, enforce_key_length=False).generate(now).decode()  # noqa: S303
