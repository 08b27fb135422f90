"""`kill -9` at every system call that writes, and at random: the old is found or the new, and work goes on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("kind", ["near", "exact"])
def test_killed_at_any_point_the_old_is_found_or_the_new(kind: str, tmp_path: Path) -> None:
    script = Path(__file__).with_name("killed.py")
    environment = {"PYTHONPATH": ":".join(filter(None, sys.path)), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, script, kind, tmp_path], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    counts = json.loads(done.stdout)
    assert counts["add"]["points"] >= 4
    assert counts["rebuild"]["points"] >= 20
    assert counts["create"]["points"] >= 15
    for step in ("add", "withdraw", "bring in", "withdraw and rebuild", "create"):
        assert counts[step]["old"], step
        assert counts[step]["new"], step
