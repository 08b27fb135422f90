"""The index of known hashes follows the lists, whatever happens to it."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.hashes import uniform
from tests.support.lists import a_list, a_version, numbers

from lykta.core.vocabulary import ImportState
from lykta.lib.matching import files
from lykta.records.matching.models import HashList, Known, ListVersion
from lykta.workflow import indexes as room
from lykta.workflow.indexes import Indexes

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HASHES = [row.tobytes() for row in uniform(60, seed=6)]


def row(place: int) -> dict[str, Any]:
    """A row of a list, and as well a picture that has it."""
    one = HASHES[place]
    return {"sha256": one.hex(), "sha1": one[:20].hex(), "md5": one[:16].hex(), "pdq": one.hex()}


def picture(place: int, **changes: Any) -> dict[str, Any]:
    return {**row(place), "pdq": [row(place)["pdq"]], "quality": 100, **changes}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "matching"


@pytest.fixture
def police(db: None) -> HashList:
    made = a_list("police", at=NOW)
    a_version(made, [row(place) for place in range(10)], at=NOW)
    return made


def held(folder: Path) -> list[int]:
    """Which of the 60 are found, in a process that opens the index now."""
    opened = Indexes(folder)
    assert opened.follow()
    return sorted({one.medium for one in opened.look_up([picture(place) for place in range(60)])})


def test_a_picture_is_found_by_its_digests_and_by_what_it_looks_like(folder: Path, police: HashList) -> None:
    index = Indexes(folder)
    index.follow()
    near = (int(HASHES[3].hex(), 16) ^ 0b1011).to_bytes(32).hex()
    asked: list[dict[str, Any]] = [
        {"sha256": row(0)["sha256"]},
        {"sha1": row(1)["sha1"]},
        {"md5": row(2)["md5"]},
        {"pdq": ["00" * 32, near], "quality": 100},
        {"frames": [{"pdq": row(4)["pdq"], "quality": 60}, {"pdq": row(5)["pdq"], "quality": 40}]},
        {"pdq": [near], "quality": 49},
        {"sha256": "", "pdq": []},
    ]
    found = [(one.medium, one.algorithm, one.known, one.distance) for one in index.look_up(asked)]
    known = numbers(police)
    assert found == [
        (0, "sha256", known[0], 0),
        (1, "sha1", known[1], 0),
        (2, "md5", known[2], 0),
        (4, "pdq", known[4], 0),
        (3, "pdq", known[3], 3),
    ]


def test_what_is_the_same_to_the_last_bit_counts_as_that(folder: Path, police: HashList) -> None:
    index = Indexes(folder)
    index.follow()
    assert [one.algorithm for one in index.look_up([picture(7)])] == ["sha256"]


def test_without_lists_nothing_is_found(folder: Path) -> None:
    index = Indexes(folder)
    assert not index.is_made()
    assert index.follow()
    assert index.is_made()
    assert index.look_up([picture(0)]) == []


def test_rows_come_and_go_with_each_version(folder: Path, police: HashList) -> None:
    index = Indexes(folder)
    assert index.follow()
    assert index.is_in_step()
    a_version(police, [row(20), row(21)], at=NOW, withdraw=numbers(police)[:3])
    assert not index.is_in_step()
    assert index.follow()
    wanted = [*range(3, 10), 20, 21]
    assert [one.medium for one in index.look_up([picture(place) for place in range(60)])] == wanted
    assert held(folder) == wanted


def test_a_file_that_is_read_to_its_end_after_a_newer_version_is_taken_in_too(folder: Path, police: HashList) -> None:
    reading = a_version(police, [row(20)], at=NOW)
    ListVersion.objects.filter(pk=reading).update(state=ImportState.READING)
    a_version(police, withdraw=numbers(police)[:1], at=NOW)
    assert held(folder) == [*range(1, 10), 20]
    Known.objects.create(id=numbers(police)[-1] + 1, list=police, sha256=HASHES[21], mark=HASHES[21][:16], added_in=2)
    ListVersion.objects.filter(pk=reading).update(state=ImportState.READY)
    assert held(folder) == [*range(1, 10), 20, 21]


def test_to_take_in_one_row_no_other_is_read(
    folder: Path, police: HashList, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = Indexes(folder)
    index.follow()
    known = numbers(police)
    a_version(police, [row(20)], at=NOW, withdraw=known[:1])
    taken: list[int] = []
    for one in index._all().values():
        monkeypatch.setattr(one, "add", lambda rows, _: taken.append(len(rows)))
        monkeypatch.setattr(one, "withdraw", lambda rows: taken.append(len(rows)))
        monkeypatch.setattr(one, "rebuild", None)
    with django_assert_max_num_queries(7):
        index.follow(many=False)
    assert taken == [1] * 8


def test_one_process_takes_in_and_the_others_find_it(folder: Path, police: HashList) -> None:
    other = Indexes(folder)
    assert other.follow()
    a_version(police, [row(30)], at=NOW)
    assert Indexes(folder).follow()
    assert len(other.look_up([picture(30)])) == 1


def test_many_rows_wait_for_the_step_that_has_time(
    folder: Path, police: HashList, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = Indexes(folder)
    index.follow()
    monkeypatch.setattr(room, "MANY", 5)
    monkeypatch.setattr(room, "PIECE", 4)
    a_version(police, [row(place) for place in range(40, 50)], at=NOW)
    assert not index.follow(many=False)
    assert index.look_up([picture(40)]) == []
    assert index.follow()
    assert held(folder) == [*range(10), *range(40, 50)]


def test_while_another_process_takes_in_nobody_waits(folder: Path, police: HashList) -> None:
    folder.mkdir()
    with files.locked(folder / "following"):
        assert not Indexes(folder).follow()
    assert Indexes(folder).follow()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "all of it is gone": shutil.rmtree,
    "an index is gone": lambda folder: shutil.rmtree(folder / "pdq"),
    "the mark is gone": lambda folder: (folder / "mark.json").unlink(),
    "the mark is damaged": lambda folder: (folder / "mark.json").write_text("{"),
    "a generation is gone": lambda folder: shutil.rmtree(folder / "sha256" / "generation-0"),
    "of another format": lambda folder: (folder / "sha1" / "generation-0" / "about.json").write_text("{}"),
    "no such generation": lambda folder: (folder / "md5" / "CURRENT").write_text("elsewhere"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_index_that_is_lost_or_damaged_is_made_anew(folder: Path, police: HashList, damage: str) -> None:
    assert held(folder) == [*range(10)]
    DAMAGES[damage](folder)
    assert not Indexes(folder).is_in_step()
    assert held(folder) == [*range(10)]


def test_the_index_of_a_database_that_came_back_from_a_backup_is_made_anew(folder: Path, police: HashList) -> None:
    a_version(police, [row(20)], at=NOW)
    assert 20 in held(folder)
    ListVersion.objects.filter(list=police, number=2).delete()
    Known.objects.filter(list=police, added_in=2).delete()
    assert held(folder) == [*range(10)]


def test_another_list_that_took_the_number_of_a_lost_version_is_taken_in(folder: Path, police: HashList) -> None:
    a_version(police, [row(20)], at=NOW)
    assert 20 in held(folder)
    ListVersion.objects.filter(list=police, number=2).delete()
    Known.objects.filter(list=police, added_in=2).delete()
    a_version(police, [row(21)], at=NOW + timedelta(days=1))
    assert held(folder) == [*range(10), 21]


def test_a_long_tail_becomes_a_generation(folder: Path, police: HashList, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lykta.lib.matching.versions.TAIL_IS_LONG", 5)
    index = Indexes(folder)
    index.follow()
    index.tidy()
    assert (folder / "pdq" / "CURRENT").read_text() == "generation-1"
    index.tidy()
    assert (folder / "pdq" / "CURRENT").read_text() == "generation-1"
    assert held(folder) == [*range(10)]


def test_an_index_in_step_is_read_where_nothing_can_be_written(folder: Path, police: HashList) -> None:
    Indexes(folder).follow()
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert held(folder) == [*range(10)]
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
