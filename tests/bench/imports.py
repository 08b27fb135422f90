"""Lists of known hashes, read for the first time and again, on SQLite and on PostgreSQL: `make bench ONLY=imports`.

A row is a line of sha256,md5,pdq,category, as in other measurements of the same. Beside them in the same run: reading
the file and counting its lines, which is the limit, and Django's `bulk_create`. LYKTA_IMPORT_ROWS says how many where
fewer are wanted. Without PostgreSQL's programs its figures are left out.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from tests import postgres
from tests.bench.figures import note

ROWS = int(os.environ.get("LYKTA_IMPORT_ROWS", "5000000"))
TOGETHER = 100_000
_PROGRAM = """
import django, sys
django.setup()
from tests.bench.reading import main
main(*sys.argv[1:])
"""


def run() -> None:
    with tempfile.TemporaryDirectory(prefix="lykta-imports-") as name:
        folder = Path(name)
        path = write(folder / "list.csv", ROWS)
        limit = ROWS / _seconds_to_count(path)
        note("import.lines_per_s", limit, "lines/s")
        _tell("sqlite", _measured(folder, path, {}), limit)
        programs = postgres.find_programs()
        if programs is not None:
            with postgres.server(programs) as address:
                _tell("postgres", _measured(folder, path, {"LYKTA_TEST_DATABASE": address}), limit)


def write(path: Path, rows: int) -> Path:
    """A file of so many rows, none twice."""
    random = np.random.default_rng(5)
    digits = np.frombuffer(b"0123456789abcdef", np.uint8)
    with path.open("wb") as file:
        file.write(b"sha256,md5,pdq,category\n")
        for first in range(0, rows, TOGETHER):
            count = min(TOGETHER, rows - first)
            line = np.full((count, 165), ord(","), np.uint8)
            for start, end in ((0, 64), (65, 97), (98, 162)):
                line[:, start:end] = digits[random.integers(0, 16, (count, end - start), dtype=np.uint8)]
            line[:, 163] = random.integers(ord("0"), ord("4"), count)
            line[:, 164] = ord("\n")
            file.write(line.tobytes())
    return path


def _seconds_to_count(path: Path) -> float:
    begun = time.monotonic()
    with path.open("rb") as file:
        while data := file.read(1 << 24):
            data.count(b"\n")
    return time.monotonic() - begun


def _measured(folder: Path, path: Path, database: dict[str, str]) -> dict[str, Any]:
    """In a process of its own, so that its memory is that of an import."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("LYKTA_", "DJANGO_"))},
        "LYKTA_TEST_HOME": str(folder / "home"),
        "DJANGO_SETTINGS_MODULE": "lykta.config.settings.test",
        "PYTHONPATH": os.pathsep.join(sys.path),
        **database,
    }
    command = [sys.executable, "-c", _PROGRAM, str(path)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def _tell(database: str, measured: dict[str, Any], limit: float) -> None:
    for verb in ("import", "reimport"):
        speed = measured[verb]
        note(f"{verb}.rows_per_s.{database}", speed, "rows/s")
        note(f"{verb}.of_lines.{database}", speed / limit, "of 1")
        note(f"{verb}.of_bulk_create.{database}", speed / measured["bulk_create"], "times")
    note(f"import.bulk_create_per_s.{database}", measured["bulk_create"], "rows/s")
    note(f"import.peak_mb.{database}", measured["peak_mb"], "MB")
