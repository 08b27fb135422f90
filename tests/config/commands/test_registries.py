"""`lykta data refresh`: fetched when it is old, kept when it is not or nobody answers."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from lykta.config.command import main
from lykta.config.commands.registries import refresh
from lykta.config.environment import Environment
from lykta.connectors.contract import Transient
from lykta.lib.outbound import Client

Given = Callable[..., Environment]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lykta.config.commands.registries.now", lambda: datetime(2026, 11, 20, 12, tzinfo=UTC))


@pytest.fixture
def file(lykta_home: Path) -> Path:
    return lykta_home / "data" / "rdap-bootstrap.json"


def fetched(client: Client, today: date) -> dict[str, Any]:
    return {"fetched": today.isoformat(), "dns": {"services": []}}


def nobody(client: Client, today: date) -> dict[str, Any]:
    raise Transient("IANA: no answer.")


def write(file: Path, day: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"fetched": day}))


def test_a_hotline_without_a_file_gets_one(file: Path, given: Given) -> None:
    assert "is from 2026-11-20" in refresh(given(), fetch=fetched)
    assert json.loads(file.read_text())["fetched"] == "2026-11-20"
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize(("day", "again"), [("2026-11-14", False), ("2026-11-13", True), ("2022-07-08", True)])
def test_a_file_is_fetched_again_after_a_week(file: Path, given: Given, day: str, *, again: bool) -> None:
    write(file, day)
    refresh(given(), fetch=fetched)
    assert json.loads(file.read_text())["fetched"] == ("2026-11-20" if again else day)


def test_a_file_that_cannot_be_read_is_fetched_again(file: Path, given: Given) -> None:
    file.parent.mkdir()
    file.write_text("{")
    refresh(given(), fetch=fetched)
    assert json.loads(file.read_text())["fetched"] == "2026-11-20"


def test_when_nobody_answers_what_was_in_use_stays_and_its_day_is_said(file: Path, given: Given) -> None:
    with pytest.raises(RuntimeError, match=r"no answer\. In use stays the copy of 2022-07-08 that comes with Lykta"):
        refresh(given(), fetch=nobody)
    write(file, "2026-10-01")
    with pytest.raises(RuntimeError, match=r"In use stays .*rdap-bootstrap.json of 2026-10-01"):
        refresh(given(), fetch=nobody)
    assert json.loads(file.read_text()) == {"fetched": "2026-10-01"}


def test_the_practice_world_keeps_its_own(lykta_home: Path, given: Given) -> None:
    with pytest.raises(RuntimeError, match="practice world"):
        refresh(given(mode="practice"), fetch=fetched)


def test_the_guard_stands_before_what_is_fetched(given: Given) -> None:
    """The source is asked through the client that everything uses: names by our own resolvers, public addresses only."""
    with pytest.raises(RuntimeError, match="In use stays"):
        refresh(given(resolvers="127.0.0.1:9"))


def test_the_verb_says_what_came_of_it(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(file, "2026-11-19")
    assert main(["data", "refresh"]) == 0
    assert "is from 2026-11-19: new enough." in capsys.readouterr().out
