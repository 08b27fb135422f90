from collections.abc import Iterator
from pathlib import Path

import pytest

from lykta.practice.settings import PracticeSettings
from lykta.practice.world import World, beside


@pytest.fixture
def settings(tmp_path: Path) -> PracticeSettings:
    return PracticeSettings.on_free_ports(tmp_path / "world", removal_seconds=0)


@pytest.fixture
def world(settings: PracticeSettings) -> Iterator[World]:
    with beside(settings) as running:
        yield running
