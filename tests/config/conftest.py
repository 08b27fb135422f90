"""A LYKTA_HOME of its own for each test, and settings that come from nowhere else."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lykta.config.environment import Environment, environment

Given = Callable[..., Environment]


@pytest.fixture
def lykta_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty LYKTA_HOME; no other setting of Lykta is in the environment."""
    for name in [name for name in os.environ if name.startswith("LYKTA_")]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("LYKTA_HOME", str(home))
    environment.cache_clear()
    yield home
    environment.cache_clear()


@pytest.fixture
def given(lykta_home: Path) -> Given:
    """Settings of a hotline that works for real and has nothing wrong, with some changed."""

    def build(**changes: Any) -> Environment:
        addresses = {f"{face}_url": f"https://{face}.hotline.example" for face in ("report", "partners")}
        fixed = {"mode": "production", "name": "Example hotline", "trusted_proxy": "127.0.0.2"}
        return Environment(**{**fixed, **addresses, **changes})

    return build
