"""`lykta labels check`."""

from pathlib import Path

import pytest

from lykta.config.command import main
from lykta.lib.labels import FOLDER


def test_a_good_set_is_summed_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["labels", "check", str(FOLDER / "lykta-2.toml")]) == 0
    said = capsys.readouterr().out
    assert said.startswith("lykta-2: Lykta's labels, version 2. 17 questions; other schemes: interpol.baseline, ")
    assert 'set labels = "lykta-2"' in said


def test_a_broken_set_is_refused_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.toml"
    path.write_text('name = "own"\ntitle = = 1', encoding="utf-8")
    assert main(["labels", "check", str(path)]) == 1
    assert "line 2" in capsys.readouterr().err
