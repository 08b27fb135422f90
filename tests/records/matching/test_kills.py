"""An import that is killed at any moment goes on, and nothing is lost or there twice."""

import os
import subprocess
import sys
from pathlib import Path

_PROGRAM = """
import django, pathlib, sys
django.setup()
from tests.records.matching.killed_importing import main
main(pathlib.Path(sys.argv[1]))
"""


def test_killed_in_each_phase_the_next_one_goes_on(tmp_path: Path) -> None:
    kept = ("LYKTA_TEST_DATABASE",)
    environment = {
        name: value for name, value in os.environ.items() if name in kept or not name.startswith(("LYKTA_", "DJANGO_"))
    }
    environment |= {
        "LYKTA_TEST_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "lykta.config.settings.test",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-c", _PROGRAM, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout) == 10
