"""Several processes and threads at one index; the processes here are two objects, which share nothing but the files."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.support.hashes import uniform

from lykta.lib.matching import versions
from lykta.lib.matching.journal import Damaged
from lykta.lib.matching.near import NearIndex
from lykta.lib.matching.versions import Batch

HASHES = uniform(100, seed=1)


def rows(index: NearIndex) -> list[int]:
    found: list[int] = index.find_many(HASHES).rows.tolist()
    return found


def added(index: NearIndex, *numbers: int) -> None:
    index.add(np.array(numbers), HASHES[list(numbers)])


def generations(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def test_what_one_adds_withdraws_and_rebuilds_another_finds_at_once(index: NearIndex, tmp_path: Path) -> None:
    other = NearIndex.open(tmp_path / "near")
    added(index, 1, 2, 3)
    assert rows(other) == [1, 2, 3]
    other.withdraw(np.array([2]))
    assert rows(index) == [1, 3]
    index.rebuild()
    added(other, 4)
    assert rows(index) == rows(other) == [1, 3, 4]
    assert generations(tmp_path / "near") == ["generation-1"]


def test_a_reader_keeps_its_generation_while_it_works_with_it(index: NearIndex) -> None:
    index.rebuild([(np.arange(100), HASHES)])
    view = index.view()
    index.withdraw(np.arange(100))
    index.rebuild()
    assert (view.generation.hashes.view(np.uint8) == HASHES).all()
    assert sorted(view.generation.rows.tolist()) == list(range(100))
    assert rows(index) == []


def test_what_comes_while_a_generation_is_made_is_carried_over(index: NearIndex, tmp_path: Path) -> None:
    other = NearIndex.open(tmp_path / "near")
    added(index, 1, 2)

    def batches() -> Iterator[Batch]:
        added(other, 5)
        other.withdraw(np.array([1]))
        assert rows(other) == [2, 5]
        yield np.array([7]), HASHES[[7]]

    index.rebuild(batches())
    assert rows(index) == rows(other) == [2, 5, 7]
    index.rebuild()
    assert rows(other) == [2, 5, 7]


def test_a_rebuild_that_fails_changes_nothing_and_the_next_one_tidies_up(index: NearIndex, tmp_path: Path) -> None:
    added(index, 1)

    def batches() -> Iterator[Batch]:
        yield np.array([7]), HASHES[[7]]
        raise RuntimeError("the list ends in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        index.rebuild(batches())
    assert rows(index) == [1]
    assert "making" in generations(tmp_path / "near")
    index.rebuild()
    assert rows(index) == [1]
    assert generations(tmp_path / "near") == ["generation-1"]


def test_readers_beside_a_writer_never_miss_what_is_there_all_along(index: NearIndex, tmp_path: Path) -> None:
    index.rebuild([(np.arange(50), HASHES[:50])])
    over, wrong = threading.Event(), []

    def read(asked: NearIndex) -> None:
        while not over.is_set():
            found = asked.find_many(HASHES[:50]).rows.tolist()
            if found != list(range(50)):
                wrong.append(found)

    readers = [threading.Thread(target=read, args=(asked,)) for asked in (index, NearIndex.open(tmp_path / "near"))]
    for reader in readers:
        reader.start()
    for number in range(50, 62):
        added(index, number)
        if number % 3 == 0:
            index.rebuild()
        index.withdraw(np.array([number]))
    over.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert rows(index) == list(range(50))


def test_writers_beside_each_other_lose_nothing(index: NearIndex, tmp_path: Path) -> None:
    def write(start: int) -> None:
        own = NearIndex.open(tmp_path / "near")
        for number in range(start, start + 25):
            added(own, number)
            if number % 10 == 0:
                own.rebuild()

    writers = [threading.Thread(target=write, args=(start,)) for start in (0, 25, 50, 75)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert rows(index) == list(range(100))


def test_the_journal_is_long_when_scanning_it_would_cost(index: NearIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "TAIL_IS_LONG", 3)
    added(index, 1, 2)
    index.withdraw(np.array([1]))
    assert not index.is_tail_long()
    index.withdraw(np.array([90]))
    assert index.is_tail_long()
    index.rebuild()
    assert not index.is_tail_long()


def test_the_tail_grows_beyond_its_first_room(index: NearIndex) -> None:
    many = uniform(5000, seed=2)
    for start in range(0, 5000, 1000):
        index.add(np.arange(start, start + 1000), many[start : start + 1000])
    index.withdraw(np.arange(0, 5000, 2))
    assert index.find_many(many[:50]).rows.tolist() == list(range(1, 50, 2))


def test_no_rows_are_no_record(index: NearIndex, tmp_path: Path) -> None:
    index.add(np.empty(0, np.int64), np.empty((0, 32), np.uint8))
    index.withdraw(np.empty(0, np.int64))
    assert (tmp_path / "near" / "generation-0" / "journal").read_bytes() == b""


def break_journal(folder: Path) -> None:
    data = bytearray((folder / "journal").read_bytes())
    data[20] ^= 1
    (folder / "journal").write_bytes(data)


def break_format(folder: Path) -> None:
    about = json.loads((folder / "about.json").read_text())
    (folder / "about.json").write_text(json.dumps({**about, "format": 0}))


@pytest.mark.parametrize(
    ("damage", "refusal"),
    [
        (break_journal, Damaged),
        (break_format, ValueError),
        (lambda folder: (folder / "places").unlink(), FileNotFoundError),
    ],
    ids=["journal", "format", "file"],
)
def test_a_damaged_index_is_refused_and_never_answers_with_less(
    index: NearIndex, tmp_path: Path, damage: Callable[[Path], None], refusal: type[Exception]
) -> None:
    added(index, 1)
    added(index, 2)
    damage(tmp_path / "near" / "generation-0")
    with pytest.raises(refusal):
        NearIndex.open(tmp_path / "near")


def test_only_the_owner_may_read(index: NearIndex, tmp_path: Path) -> None:
    """Lists come under licences that forbid handing them on."""
    assert (tmp_path / "near").stat().st_mode & 0o077 == 0


def test_open_files_do_not_pile_up(index: NearIndex) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        index.rebuild()
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
