"""Imports go down only. The contracts are in pyproject.toml; `lint-imports` is the same check for people."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.house.source import ROOT, SOURCE


def contracts() -> list[dict[str, object]]:
    found: list[dict[str, object]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    return found


def test_every_contract_is_kept() -> None:
    """In a process of its own, since the linter changes the logging of the one that it runs in."""
    code = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    path = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCE.parent), *sys.path])}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_floor_and_every_face_stands_in_a_contract() -> None:
    text = str(contracts())
    floors = [path for path in SOURCE.iterdir() if (path / "__init__.py").exists()]
    faces = [path for path in (SOURCE / "sites").iterdir() if (path / "__init__.py").exists()]
    assert [path.name for path in floors if f"'{path.name}'" not in text and f"lykta.{path.name}" not in text] == []
    assert [path.name for path in faces if f"lykta.sites.{path.name}" not in text] == []


def test_no_module_makes_an_import_from_a_string() -> None:
    """What a checker cannot see is not allowed; the one exception loads the settings."""
    allowed = {SOURCE / "config" / "loading.py"}
    found = [path for path in SOURCE.rglob("*.py") if _imports_by_name(path) and path not in allowed]
    assert found == []


def _imports_by_name(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    return any(word in text for word in ("import_module(", "__import__(", "import_string("))
