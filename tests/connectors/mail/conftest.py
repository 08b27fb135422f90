import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Gpg:
    """An ordinary GnuPG with a home of its own."""

    home: Path

    def __call__(self, *arguments: str, given: bytes = b"", check: bool = True) -> subprocess.CompletedProcess[bytes]:
        command = ["gpg", "--homedir", str(self.home), "--batch", "--quiet", "--status-fd", "2", *arguments]
        return subprocess.run(command, input=given, capture_output=True, check=check, timeout=60)

    def make(
        self,
        user: str,
        *,
        algorithm: str = "future-default",
        usage: str = "default",
        expires: str = "never",
        on: str = "",
    ) -> None:
        clock = ["--faked-system-time", on] if on else []
        bare = ["--passphrase", "", "--pinentry-mode", "loopback"]
        self(*clock, *bare, "--quick-gen-key", user, algorithm, usage, expires)

    def public(self, user: str) -> str:
        return self("--armor", "--export", user).stdout.decode()

    def secret(self, user: str) -> bytes:
        return self("--passphrase", "", "--pinentry-mode", "loopback", "--armor", "--export-secret-keys", user).stdout


@pytest.fixture(scope="session")
def gpg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gpg]:
    """Keys of the hotline and of recipients: one in use, one with RSA, one expired, one revoked."""
    home = tmp_path_factory.mktemp("g")
    home.chmod(0o700)
    gpg = Gpg(home)
    gpg.make("desk@hotline.test")
    gpg.make("police@police.test")
    gpg.make("rsa@police.test", algorithm="rsa2048", usage="sign,encrypt")
    gpg.make("expired@police.test", expires="1d", on="20240101T000000!")
    gpg.make("revoked@police.test")
    revocation = next((home / "openpgp-revocs.d").glob(f"{_fingerprint(gpg, 'revoked@police.test')}.rev"))
    gpg("--import", given=revocation.read_bytes().replace(b":-----BEGIN", b"-----BEGIN"))
    yield gpg
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=True, timeout=20)


def _fingerprint(gpg: Gpg, user: str) -> str:
    lines = gpg("--with-colons", "--list-keys", user).stdout.decode().splitlines()
    return next(line.split(":")[9] for line in lines if line.startswith("fpr:"))
