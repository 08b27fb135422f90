"""W116 to W118: the mail server, backups and the clock, on the day on which a hotline opens."""

import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.config.conftest import Given
from tests.config.test_checks import numbers

from lykta.config import checks_of_machine
from lykta.config.checks_of_machine import BACKED_UP, backup_findings, kept_clock_findings, post_findings
from lykta.config.keys import make_keys

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def test_w116_a_mail_server_that_is_away_is_named_with_its_settings(given: Given, lykta_home: Path) -> None:
    make_keys(lykta_home / "keys", name="Example hotline", mail="desk@hotline.example")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = given(mail_host="127.0.0.1", mail_port=port, mail_from="desk@hotline.example", mail_security="none")
    [found] = post_findings(settings)
    assert numbers([found]) == ["W116"]
    assert f"127.0.0.1:{port}" in found.wrong
    assert "mail_host" in found.advice


def test_a_mail_server_that_listens_is_well(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    class Listening:
        def try_out(self) -> None:
            tried.append(True)

    monkeypatch.setattr(checks_of_machine, "post_of", lambda _: Listening())
    assert list(post_findings(given())) == []
    assert tried == [True]


def test_w117_a_backup_that_nobody_knows_of(lykta_home: Path) -> None:
    [found] = backup_findings(NOW)
    assert numbers([found]) == ["W117"]
    assert str(lykta_home / BACKED_UP) in found.advice


@pytest.mark.parametrize(("age", "wrong"), [(timedelta(hours=47), []), (timedelta(hours=49), ["W117"])])
def test_w117_a_backup_that_is_old(lykta_home: Path, age: timedelta, wrong: list[str]) -> None:
    mark = lykta_home / BACKED_UP
    mark.touch()
    os.utime(mark, (0, (NOW - age).timestamp()))
    assert numbers(backup_findings(NOW)) == wrong


@pytest.mark.parametrize(("kept", "wrong"), [(True, []), (None, []), (False, ["W118"])])
def test_w118_a_clock_that_nobody_keeps(
    monkeypatch: pytest.MonkeyPatch, *, kept: bool | None, wrong: list[str]
) -> None:
    monkeypatch.setattr(checks_of_machine, "is_kept", lambda: kept)
    assert numbers(kept_clock_findings()) == wrong
