"""Small files, short functions: what one person can read in one sitting."""

import ast
from pathlib import Path

from tests.house.source import modules, name, tree

FILE_LINES = 400
FUNCTION_LINES = 60


def code_lines(path: Path) -> int:
    """Lines that are neither blank nor a comment."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return sum(bool(line) and not line.startswith("#") for line in lines)


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_no_file_is_long() -> None:
    assert {name(path): code_lines(path) for path in modules() if code_lines(path) > FILE_LINES} == {}


def test_no_function_is_long() -> None:
    found = [
        (name(path), node.name, (node.end_lineno or 0) - node.lineno + 1)
        for path in modules()
        for node in functions(path)
    ]
    assert [entry for entry in found if entry[2] > FUNCTION_LINES] == []


def test_most_files_and_functions_are_far_below_the_limits() -> None:
    """Nine in ten: 200 code lines a file, 25 lines a function."""
    files = sorted(code_lines(path) for path in modules() if code_lines(path))
    lengths = sorted((node.end_lineno or 0) - node.lineno + 1 for path in modules() for node in functions(path))
    assert files[len(files) * 9 // 10] <= 200
    assert lengths[len(lengths) * 9 // 10] <= 25
