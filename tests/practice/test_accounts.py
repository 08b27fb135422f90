import base64
import json
import time
from pathlib import Path

import pytest

from lykta.practice.accounts import accounts

SECRET = base64.b32encode(b"12345678901234567890").decode()
"""The key of the test vectors in RFC 6238, appendix B."""


def write(folder: Path, *, secret: str = SECRET) -> None:
    entry = {"username": "anna", "password": "lantern", "role": "analyst", "totp_secret": secret}
    (folder / "accounts.json").write_text(json.dumps([entry]), encoding="utf-8")


@pytest.mark.parametrize(
    ("moment", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_the_standard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int, code: str
) -> None:
    write(tmp_path)
    monkeypatch.setattr(time, "time", lambda: moment)
    (found,) = accounts(tmp_path)
    assert found.code == code


@pytest.mark.parametrize(("moment", "left"), [(0, 30), (1, 29), (29, 1), (30, 30)])
def test_the_seconds_left_run_down_to_the_next_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int, left: int
) -> None:
    write(tmp_path)
    monkeypatch.setattr(time, "time", lambda: moment)
    (found,) = accounts(tmp_path)
    assert found.seconds_left == left


def test_an_account_has_its_name_password_and_role(tmp_path: Path) -> None:
    write(tmp_path)
    (found,) = accounts(tmp_path)
    assert (found.username, found.password, found.role) == ("anna", "lantern", "analyst")


@pytest.mark.parametrize("secret", [SECRET.lower(), "JBSWY3DPEHPK3PXP", "JBSWY3DPEE"])
def test_secrets_are_read_as_authenticator_apps_read_them(tmp_path: Path, secret: str) -> None:
    write(tmp_path, secret=secret)
    (found,) = accounts(tmp_path)
    assert len(found.code) == 6
    assert found.code.isdigit()


def test_without_the_file_there_are_no_accounts(tmp_path: Path) -> None:
    assert accounts(tmp_path) == []
