import os
import subprocess
import sys
from pathlib import Path

import pytest

from lykta.config.command import main


def test_help_names_every_verb_and_the_first_steps(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    text = capsys.readouterr().out
    assert ended.value.code == 0
    verbs = ("init", "up", "serve", "work", "check", "practice", "staff", "recipients", "audit", "code", "words")
    assert all(f"    {verb} " in text or f"    {verb}\n" in text for verb in verbs)
    assert "lykta init --practice" in text
    assert "--child" not in text


@pytest.mark.parametrize("words", [[], ["dance"], ["serve", "kitchen"], ["staff", "add", "anna"], ["recipients"]])
def test_what_is_not_understood_is_answered_with_the_usage(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: lykta" in capsys.readouterr().err


def test_a_refusal_is_one_line_and_no_traceback(lykta_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["code", "anna"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("lykta: Codes are printed for practice accounts only")
    assert said.count("\n") == 1


def test_the_generated_documents_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words"]) == 0
    assert capsys.readouterr().out.startswith("# Vocabulary\n")
    assert main(["words", "--settings"]) == 0
    assert capsys.readouterr().out.startswith("# Settings\n")
    assert main(["words", "--permissions"]) == 0
    assert capsys.readouterr().out.startswith("# Who may what\n")


def test_the_module_is_the_command() -> None:
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-m", "lykta", "--help"], capture_output=True, text=True, check=True, env=path
    )
    assert done.stdout.startswith("usage: lykta")
