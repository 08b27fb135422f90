"""`lykta forget`, and the restore that docs/operations/backup.md describes, done as it says on real files."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.records.conftest import ADDRESS
from tests.support.installation import Installation

from lykta.config.commands import forgetting
from lykta.core.refusals import NotUnderstood

LOOK = """
from lykta.config.loading import load
load("staff")
from lykta.records.cases import queries
from lykta.records.cases.models import Report
def look():
    for report in Report.objects.order_by("pk"):
        content = queries.words_of(report)[0].content
        print("gone" if content is None else "words and contact" if "contact" in content else "words")
"""
A_YEAR = f"""
import shutil, sqlite3
from datetime import timedelta
from pathlib import Path
from django.conf import settings
from lykta.lib.clock import now
from lykta.records.cases.actions import ending, forgetting, intake
from lykta.records.cases.models import Item
from tests.records.conftest import opened
for number in (1, 2, 3):
    intake.take_in(by="worker", opened=opened("{ADDRESS} %s" % number), now=now())
    Item.objects.update(verdict="illegal")
    ending.close(by="worker", case_number=number, now=now() - timedelta(days=100 if number == 3 else 1))
home = settings.KEYRING.parent
backup = home.parent / "backup"
backup.mkdir()
with sqlite3.connect(home / "casebook.sqlite3") as source, sqlite3.connect(backup / "casebook") as target:
    source.backup(target)
shutil.copytree(home / "keyring", backup / "keyring")
forgetting.forget(by="worker", case_number=1, now=now())
forgetting.forget_contact(by="worker", case_number=2, now=now())
look()
"""
REPORT = """
from lykta.config.commands.forgetting import do
from argparse import Namespace
look()
print(*do(Namespace(report=True, json=True, list=None)))
"""


def say(house: Installation, script: str) -> list[str]:
    """The lines that a script prints in the settings of the staff side of this house."""
    command = [sys.executable, "-c", LOOK + script]
    done = subprocess.run(command, env=house.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_restore_of_an_old_backup_does_not_bring_back_what_was_forgotten(tmp_path: Path) -> None:
    """The backup is old, and holds a keyring that should not be in it."""
    house, backup = Installation(tmp_path / "home"), tmp_path / "backup"
    house.run("init", "--practice")
    assert say(house, A_YEAR) == ["gone", "words", "words and contact"]
    shutil.copy(house.home / "audit" / "forgotten.txt", tmp_path / "forgotten.txt")
    # The machine is lost. The restore, step by step.
    for name in ("casebook.sqlite3", "casebook.sqlite3-wal", "casebook.sqlite3-shm"):
        (house.home / name).unlink(missing_ok=True)
    shutil.copy(backup / "casebook", house.home / "casebook.sqlite3")
    shutil.rmtree(house.home / "keyring")
    shutil.copytree(backup / "keyring", house.home / "keyring")
    shutil.rmtree(house.home / "audit")
    said = house.run("forget", "--list", str(tmp_path / "forgotten.txt")).stdout
    assert said == "3 keys had come back from a backup and were destroyed again; 1 parts were due and forgotten.\n"
    left = say(house, REPORT)
    assert left[:3] == ["gone", "words", "words"]
    report = json.loads("".join(left[3:]))
    assert sorted((one["case"][-1], "forgotten_at" in one) for one in report["forgotten"]) == [
        ("1", True),
        ("2", False),
        ("3", False),
    ]


def test_a_file_that_is_no_list_is_refused_by_name(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("this is no list\n")
    with pytest.raises(NotUnderstood, match=r"other.txt is no list of destroyed keys.*Nothing was changed"):
        forgetting._read(other)
