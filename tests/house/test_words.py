"""The Luxembourg guidelines' words, and no trace of where this was written. The others are listed here."""

import re
from pathlib import Path

import pytest
from tests.house.source import ROOT, name

REFUSED = re.compile(
    r"child[\s_-]*(porn\w*|prostitut\w*)|(kiddie|kinder)[\s_-]*porn\w*|barn(porn|prostitu)\w*", re.IGNORECASE
)
LEGAL_NAMES = re.compile(r"barnpornografibrott\w*", re.IGNORECASE)
"""The name of the offence in the Swedish criminal code (brottsbalken 16 kap. 10 a §), which we did not choose."""
PLACES = re.compile(r"/work/|/root/|\bpypi\.org|files\.pythonhosted|registry\.npmjs|--(extra-)?index-url")

LISTS = {Path(__file__).resolve(), ROOT / "tests" / "sites" / "common" / "test_translations.py"}
"""The files that have to name the refused words in order to refuse them."""


def texts(*kinds: str) -> list[Path]:
    """Everything that people write, but for this list of what they must not write."""
    folders = [ROOT / folder for folder in ("src", "tests", "docs", "requirements", ".ci")]
    files = [path for folder in folders for path in folder.rglob("*")] + list(ROOT.glob("*"))
    written = [path for path in files if path.is_file() and path not in LISTS]
    return sorted(path for path in written if path.suffix in kinds)


def found(pattern: re.Pattern[str], path: Path) -> list[str]:
    """Where a pattern occurs, but for the legal names."""
    text = LEGAL_NAMES.sub("", path.read_text(encoding="utf-8"))
    return [f"{name(path)}: {hit.group()}" for hit in pattern.finditer(text)]


def test_children_are_written_about_with_respect() -> None:
    written = texts(".py", ".html", ".po", ".toml", ".md", ".txt", ".css", ".js", ".svg")
    assert len(written) > 100
    assert [hit for path in written for hit in found(REFUSED, path)] == []


def test_nothing_depends_on_where_it_was_written() -> None:
    written = texts(".py", ".html", ".po", ".toml", ".md", ".txt", ".in", ".yaml", "")
    assert ROOT / ".ci" / "run" in written
    assert [hit for path in written for hit in found(PLACES, path)] == []


@pytest.mark.parametrize(
    "words", ["child " + "pornography", "Child-" + "prostitute", "barn" + "pornografi", "kinder" + "pornografie"]
)
def test_the_list_finds_the_words(words: str) -> None:
    assert REFUSED.search(f"about {words}.")


@pytest.mark.parametrize("words", ["child sexual abuse material", "children", "childhood", "barn", "exploitation"])
def test_the_list_leaves_our_own_words_alone(words: str) -> None:
    assert not REFUSED.search(words)
