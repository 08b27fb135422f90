import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.bench import raw_limit

from lykta.lib import sealing


@pytest.mark.parametrize("commits", [1, 3])
def test_a_report_is_one_mailbox_with_one_letter_of_that_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commits: int
) -> None:
    monkeypatch.setattr(raw_limit, "SECONDS", 0.05)
    assert raw_limit.reports_per_second(tmp_path, commits=commits, sealed_bytes=561) > 0
    with closing(sqlite3.connect(tmp_path / "raw.sqlite3")) as connection:
        boxes = connection.execute("SELECT count(*) FROM box").fetchone()[0]
        letters = connection.execute("SELECT count(*) FROM letter").fetchone()[0]
        sizes = connection.execute("SELECT DISTINCT length(sealed) FROM letter").fetchall()
        mode = connection.execute("PRAGMA journal_mode").fetchone()
    assert boxes > 0
    assert letters == boxes
    assert sizes == [(561,)]
    assert mode == ("wal",)


def test_each_commit_seals_the_letter_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seals: list[dict[str, str]] = []

    def counted(content: dict[str, str], *, to: bytes) -> bytes:
        seals.append(content)
        return b"sealed"

    monkeypatch.setattr(raw_limit, "SECONDS", 0.02)
    monkeypatch.setattr(sealing, "seal", counted)
    raw_limit.reports_per_second(tmp_path, commits=4, sealed_bytes=561)
    with closing(sqlite3.connect(tmp_path / "raw.sqlite3")) as connection:
        boxes = connection.execute("SELECT count(*) FROM box").fetchone()[0]
    assert len(seals) == boxes * 4 > 0
