"""`lykta import`: counted first, taken in once, and every refused row is written down."""

import csv
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from tests.sites.letters import kinds, opened

from lykta.config.commands.importing import Wanted, import_file, read_mapping
from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import Source, Topic
from lykta.lib import tables
from lykta.records.letterbox.models import Box, Letter
from lykta.workflow import bringing
from lykta.workflow.importing import Field

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
WANTED = Wanted(mapping="url=Link, notes=Comment", source=Source.PARTNER, topic=Topic.WEB, language="en")
TABLE = """Link,Comment
http://a.example/1,seen in a group
http://b.example/2,seen in a group
nothing,
http://c.example/3,somewhere else
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_each_group_of_rows_becomes_a_sealed_letter(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert import_file(file, WANTED, dry_run=False) == 1
    assert kinds() == ["staff", "staff"]
    first, second = opened()
    assert first["answers"] == {
        "topic": "web",
        "where": "http://a.example/1\nhttp://b.example/2",
        "words": "seen in a group",
    }
    assert second["answers"]["where"] == "http://c.example/3"
    assert (first["source"], first["by"], first["language"]) == ("partner", "command", "en")
    said = capsys.readouterr().out
    assert "3 rows became 2 reports; 0 were there already." in said
    assert "Refused: 1 row. " in said


def test_refused_rows_stand_in_a_table_beside_the_file(file: Path) -> None:
    import_file(file, WANTED, dry_run=True)
    with (file.parent / "list.csv.refused.csv").open(newline="", encoding="utf-8") as report:
        assert list(csv.reader(report)) == [
            ["line", "why"],
            ["4", "“Link” holds no address, account or invite."],
        ]


def test_nothing_refused_is_success_and_leaves_no_table(file: Path) -> None:
    file.write_text("Link,Comment\nhttp://a.example/1,\n", encoding="utf-8")
    assert import_file(file, WANTED, dry_run=False) == 0
    assert [path.name for path in file.parent.iterdir()] == ["list.csv"]


def test_a_dry_run_shows_and_takes_nothing_in(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import_file(file, WANTED, dry_run=True)
    said = capsys.readouterr().out
    assert not Letter.objects.using("letterbox").exists()
    assert "3 rows would become 2 reports" in said
    assert "\nLine 5:\n" in said
    assert "Lines 2 to 3, 2 rows:\n  hxxp://a[.]example/1\n  hxxp://b[.]example/2\n  notes: seen in a group" in said
    assert "http://" not in said


def test_a_terminal_is_shown_nothing_that_it_obeys(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("Link,Comment\nhttp://a.example/1,\x1b[2Jgone\x07\n", encoding="utf-8")
    import_file(file, WANTED, dry_run=True)
    said = capsys.readouterr().out
    assert "gone" in said
    assert not {"\x1b", "\x07"} & set(said)


def test_a_long_list_is_shown_in_part(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"http://a.example/{number},{number // 20}\n" for number in range(200))
    file.write_text(f"Link,Comment\n{rows}", encoding="utf-8")
    import_file(file, WANTED, dry_run=True)
    said = capsys.readouterr().out
    assert said.count("… and 15 more") == 5
    assert said.count("Lines ") == 5


def test_run_twice_every_row_counts_once(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import_file(file, WANTED, dry_run=False)
    before = {bytes(one.sealed) for one in Letter.objects.using("letterbox").all()}
    capsys.readouterr()
    import_file(file, WANTED, dry_run=False)
    assert "0 rows became 0 reports; 3 were there already." in capsys.readouterr().out
    assert {bytes(one.sealed) for one in Letter.objects.using("letterbox").all()} == before


def test_a_run_that_was_broken_off_goes_on(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bring_in, done = bringing.bring_in, list[object]()

    def fail_at_second(**given: Any) -> None:
        if done:
            raise OSError("the machine went off")
        done.append(given)
        bring_in(**given)

    with monkeypatch.context() as patched:
        patched.setattr(bringing, "bring_in", fail_at_second)
        with pytest.raises(OSError, match="went off"):
            import_file(file, WANTED, dry_run=False)
    assert len(kinds()) == 1
    import_file(file, WANTED, dry_run=False)
    assert "1 row became 1 report; 2 were there already." in capsys.readouterr().out
    assert len(kinds()) == 2


def test_a_mailbox_that_expired_but_stands_counts_as_there(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import_file(file, WANTED, dry_run=False)
    Letter.objects.using("letterbox").all().delete()
    Box.objects.using("letterbox").update(expires_at="2020-01-01T00:00:00+00:00")
    capsys.readouterr()
    import_file(file, WANTED, dry_run=False)
    assert "0 rows became 0 reports; 3 were there already." in capsys.readouterr().out
    assert kinds() == []


def test_a_file_that_grew_too_large_is_not_even_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LONGEST_FILE", 20)
    with pytest.raises(NotUnderstood, match="larger than 20 bytes"):
        import_file(file, WANTED, dry_run=False)


def test_a_language_that_no_page_has_is_refused(file: Path, settings: Settings) -> None:
    strange = Wanted(mapping="url=Link", source=Source.STAFF, topic=Topic.WEB, language="tlh")
    with pytest.raises(NotUnderstood, match="--language: tlh is none of sv, en"):
        import_file(file, strange, dry_run=False)


def test_columns_are_mapped_as_typed() -> None:
    assert read_mapping("url=Link, seen_at = Date seen") == {Field.URL: "Link", Field.SEEN_AT: "Date seen"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "write FIELD=COLUMN; the fields are url, notes, seen_at, contact"),
        ("link=Link", "“link=Link”: write FIELD=COLUMN"),
        ("url=", "write FIELD=COLUMN"),
        ("url=A,url=B", "url is there twice"),
        ("seen_at=Date", "name the column of url or of notes"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(typed: str, said: str) -> None:
    with pytest.raises(NotUnderstood, match=said):
        read_mapping(typed)
