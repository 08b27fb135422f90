"""The worker of a hotline in service keeps its list of registries fresh, and goes on with the old one otherwise."""

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.config.conftest import Given

from lykta.config import logs
from lykta.config.commands import working
from lykta.config.commands.working import keep_registries
from lykta.config.environment import Environment
from lykta.connectors.rdap.bootstrap import load
from lykta.connectors.rdap.connector import Rdap
from lykta.lib.guard import GuardPolicy
from lykta.lib.outbound import Client

NEW = {"dns": {"services": [[["example"], ["https://new.registry.example/"]]]}}


@pytest.fixture
def registry() -> Rdap:
    client = Client(policy=GuardPolicy(), resolvers=[("127.0.0.1", 53)])
    client.close()
    return Rdap(bootstrap={}, client=client)


def test_a_new_list_is_used_at_once(lykta_home: Path, given: Callable[..., Environment], registry: Rdap) -> None:
    ended = threading.Event()
    file = lykta_home / given().rdap_bootstrap

    def fetched(_given: Environment) -> str:
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(NEW))
        ended.set()
        return "new"

    assert registry._bootstrap.for_domain("host.example") is None
    keep_registries(given(), registry, ended, refresh=fetched)
    assert registry._bootstrap.for_domain("host.example") == "https://new.registry.example/"


def test_what_cannot_be_fetched_is_tried_again_and_leaves_the_old_list(
    given: Callable[..., Environment], registry: Rdap, caplog: pytest.LogCaptureFixture
) -> None:
    ended = threading.Event()
    tries: list[int] = []

    def failing(_given: Environment) -> str:
        tries.append(1)
        if len(tries) == 3:
            ended.set()
        raise RuntimeError("Nobody answers.")

    registry.use(NEW)
    with caplog.at_level(logging.WARNING):
        keep_registries(given(), registry, ended, refresh=failing, pause=0.001)
    assert (len(tries), caplog.text.count("Nobody answers.")) == (3, 3)
    assert registry._bootstrap.for_domain("host.example") == "https://new.registry.example/"


def test_the_packaged_list_is_one(registry: Rdap, tmp_path: Path) -> None:
    registry.use(load(tmp_path / "none.json"))
    assert registry._bootstrap.for_domain("name.se") or registry._bootstrap.for_domain("name.org")


def test_a_locked_worker_opens_no_door_before_it_has_the_key(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[object] = []

    def unlocked(_given: Environment) -> bytes:
        happened.append("unlocked")
        return b"k"

    def opened(_given: Environment, *, letter_key: bytes) -> None:
        happened.append(letter_key)
        raise KeyboardInterrupt

    monkeypatch.setattr(working, "letter_key", unlocked)
    monkeypatch.setattr(working, "open_world", opened)
    monkeypatch.setattr(working, "environment", given)
    monkeypatch.setattr(logs, "set_up", lambda *_, **__: None)
    with pytest.raises(KeyboardInterrupt):
        working.work()
    assert happened == ["unlocked", b"k"]
