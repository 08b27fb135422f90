"""Whoever is killed while the index follows the lists leaves nothing that hides a row."""

import ast
import os
import subprocess
import sys
from pathlib import Path


def test_killed_at_any_moment_the_next_one_finds_all(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LYKTA_", "DJANGO_"))}
    environment |= {
        "LYKTA_TEST_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "lykta.config.settings.test",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-m", "tests.workflow.killed_following", str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    counts: dict[str, int] = ast.literal_eval(done.stdout)
    assert all(count > 5 for count in counts.values()), counts
