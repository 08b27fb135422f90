"""Where the repository lies, and its files by kind, for the tests of the house."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "lykta"
TESTS = ROOT / "tests"


def modules(folder: Path = SOURCE) -> list[Path]:
    """Python modules that people write: no migrations."""
    return [path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts]


def name(path: Path) -> str:
    """How a failing test names a file."""
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
