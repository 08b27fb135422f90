from pathlib import Path

import pytest

from lykta.lib.matching import near
from lykta.lib.matching.filing import Layout
from lykta.lib.matching.near import NearIndex


@pytest.fixture
def small_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few hashes are scanned; here they are filed as millions would be, with keys so short that many share one."""
    monkeypatch.setattr(near, "LAYOUTS", ((1 << 32, Layout(11, 8)),))


@pytest.fixture
def index(tmp_path: Path, small_layout: None) -> NearIndex:
    return NearIndex.open(tmp_path / "near")
