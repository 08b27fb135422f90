"""A journal that was cut off anywhere is read up to its last whole record, and one that has changed is refused."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from tests.support.hashes import uniform

from lykta.lib.matching import journal
from lykta.lib.matching.journal import ADDED, WITHDRAWN, Damaged

FIRST = journal.packed(np.array([1, 2]), uniform(2, seed=1))
SECOND = journal.packed(np.array([2]), None)
THIRD = journal.packed(np.array([-5]), uniform(1, seed=2))


@contextmanager
def opened(path: Path, data: bytes) -> Iterator[int]:
    path.write_bytes(data)
    handle = os.open(path, os.O_RDONLY)
    try:
        yield handle
    finally:
        os.close(handle)


def kinds(path: Path, data: bytes) -> list[tuple[int, list[int]]]:
    with opened(path, data) as handle:
        return [(record.kind, record.rows.tolist()) for record in journal.read(handle, start=0, width=32)]


ALL = [(ADDED, [1, 2]), (WITHDRAWN, [2]), (ADDED, [-5])]


def test_records_come_back_as_they_were_written(tmp_path: Path) -> None:
    with opened(tmp_path / "journal", FIRST + SECOND + THIRD) as handle:
        one, two, three = journal.read(handle, start=0, width=32)
    assert (one.rows.tolist(), one.digests.tolist()) == ([1, 2], uniform(2, seed=1).tolist())
    assert (two.kind, two.digests.shape) == (WITHDRAWN, (0, 32))
    assert three.end == len(FIRST + SECOND + THIRD)


def test_reading_goes_on_where_it_ended(tmp_path: Path) -> None:
    with opened(tmp_path / "journal", FIRST + SECOND) as handle:
        assert [record.kind for record in journal.read(handle, start=len(FIRST), width=32)] == [WITHDRAWN]


def test_cut_off_at_any_byte_the_whole_records_are_left(tmp_path: Path) -> None:
    whole = FIRST + SECOND + THIRD
    ends = [len(FIRST), len(FIRST + SECOND), len(whole)]
    for length in range(len(whole) + 1):
        assert kinds(tmp_path / "journal", whole[:length]) == ALL[: sum(end <= length for end in ends)]


def test_zeros_at_the_end_are_no_record(tmp_path: Path) -> None:
    """So a file may look after a power cut: the length is there, and what was written is not."""
    assert kinds(tmp_path / "journal", FIRST + bytes(len(SECOND))) == ALL[:1]
    assert kinds(tmp_path / "journal", FIRST + THIRD[:-20] + bytes(20)) == ALL[:1]


def test_a_record_in_the_middle_that_has_changed_is_refused(tmp_path: Path) -> None:
    for place in (4, 8, 13, len(FIRST) - 1):
        data = bytearray(FIRST + SECOND + THIRD)
        data[place] ^= 1
        try:
            assert kinds(tmp_path / "journal", bytes(data)) == []
        except Damaged:
            continue
        assert place == 4, "only a length that reaches beyond the end may pass for a torn record"


def test_the_next_record_takes_the_place_of_a_torn_one(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_bytes(FIRST + THIRD[:-1])
    journal.append(path, SECOND, at=len(FIRST))
    assert kinds(path, path.read_bytes()) == ALL[:2]


def test_a_full_disk_adds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal"
    path.write_bytes(FIRST)

    def pwrite(handle: int, data: memoryview, at: int) -> int:
        if at > len(FIRST):
            raise OSError(28, "No space left on device")
        return real(handle, data[:7], at)

    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", pwrite)
    with pytest.raises(OSError, match="No space"):
        journal.append(path, THIRD, at=len(FIRST))
    monkeypatch.undo()
    assert kinds(path, path.read_bytes()) == ALL[:1]
    journal.append(path, SECOND, at=len(FIRST))
    assert kinds(path, path.read_bytes()) == ALL[:2]
