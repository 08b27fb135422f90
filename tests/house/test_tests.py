"""The tests themselves: all are collected, every room has some, none is switched off."""

import ast
from pathlib import Path

import pytest
from tests.house.source import ROOT, SOURCE, TESTS, modules, name, tree

TEST_FILES = sorted(TESTS.rglob("test_*.py"))
ONLY_ON_POSTGRESQL = {TESTS / "records" / "letterbox" / "test_public_role.py"}


def rooms() -> list[Path]:
    """Folders with code of their own; one file of nothing but a docstring is none."""
    return sorted({path.parent for path in modules() if path.name != "__init__.py" and path.parent != SOURCE})


def mirror(room: Path) -> Path:
    return TESTS / room.relative_to(SOURCE)


def test_every_test_file_is_collected(request: pytest.FixtureRequest) -> None:
    """Of the folders that this run was asked for; `make test` asks for all."""
    asked = [ROOT / argument.partition("::")[0] for argument in request.config.args]
    collected = {item.path for item in request.session.items}
    wanted = {path for path in TEST_FILES if any(path.is_relative_to(one) for one in asked)} - ONLY_ON_POSTGRESQL
    assert sorted(map(name, wanted - collected)) == []


def has_tests(path: Path) -> bool:
    functions = [node for node in tree(path).body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return any(function.name.startswith("test_") for function in functions)


def test_every_room_has_tests() -> None:
    """A small inner room may be tested with the room around it."""
    untested = []
    for room in rooms():
        folders = [mirror(room), mirror(room.parent)] if room.parent != SOURCE else [mirror(room)]
        if not any(list(folder.glob("test_*.py")) or list(folder.glob("*/test_*.py")) for folder in folders):
            untested.append(name(room))
    assert untested == []


def test_a_file_with_tests_is_named_so_that_they_run() -> None:
    misnamed = [name(path) for path in modules(TESTS) if has_tests(path) != path.name.startswith("test_")]
    assert misnamed == []


def test_no_test_is_switched_off() -> None:
    off = {"skip", "skipif", "xfail", "importorskip"}
    found = [
        f"{name(path)}:{node.lineno}"
        for path in modules(TESTS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in off
    ]
    assert found == []
