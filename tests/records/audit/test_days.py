"""A day's file stands for all entries since the last: others can stamp it, and one entry is shown by itself."""

import hashlib
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from lykta.lib import merkle
from lykta.records.audit import days
from lykta.records.audit.actions import write
from lykta.records.audit.models import Entry
from lykta.records.audit.words import AuditWord

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)
TUESDAY = MONDAY + timedelta(days=1)


def enter(count: int, subject: str = "case:1") -> None:
    for _ in range(count):
        with transaction.atomic():
            write(by="staff:anna", word=AuditWord.CASE_SEEN, subject=subject)


def two_days(folder: Path) -> tuple[Path, Path]:
    enter(5)
    first = days.note_day(folder, today=MONDAY)
    enter(3, "case:2")
    second = days.note_day(folder, today=TUESDAY)
    assert first
    assert second
    return first, second


def test_each_day_covers_what_came_since_the_last(tmp_path: Path) -> None:
    first, second = two_days(tmp_path)
    one, two = json.loads(first.read_text()), json.loads(second.read_text())
    assert (one["first"], one["last"], one["before"]) == (1, 5, "")
    assert (two["first"], two["last"]) == (6, 8)
    assert two["before"] == hashlib.sha256(first.read_bytes()).hexdigest()
    assert two["seal"] == Entry.objects.get(number=8).seal
    assert days.fault_of(tmp_path) == ""


def test_a_day_is_written_once_and_not_for_nothing(tmp_path: Path) -> None:
    assert days.note_day(tmp_path, today=MONDAY) is None
    enter(1)
    assert days.note_day(tmp_path, today=MONDAY) is not None
    enter(1)
    assert days.note_day(tmp_path, today=MONDAY) is None
    assert days.note_day(tmp_path, today=TUESDAY) is not None
    assert days.note_day(tmp_path, today=TUESDAY + timedelta(days=1)) is None


def test_an_entry_is_shown_by_a_proof_that_needs_no_key(tmp_path: Path) -> None:
    first, second = two_days(tmp_path)
    enter(1)
    found = list(days.proofs(tmp_path, [9, 7, 2]))
    assert [(json.loads(one.line)[0], one.day) for one in found] == [(2, first.name), (7, second.name)]
    for one in found:
        steps = [(side, bytes.fromhex(other)) for side, other in one.steps]
        reached = merkle.climb(merkle.leaf_hash(one.line.encode()), steps)
        assert reached.hex() == json.loads((tmp_path / one.day).read_text())["root"]


@pytest.mark.parametrize("change", [{"by": "staff:lena"}, {"facts": '{"contact":true}'}, {"seal": "0" * 64}])
def test_a_changed_entry_is_seen(tmp_path: Path, change: dict[str, str]) -> None:
    first, _ = two_days(tmp_path)
    Entry.objects.filter(number=3).update(**change)
    assert days.fault_of(tmp_path) == f"the record is not the one that {first.name} stands for"


def test_entries_that_are_gone_are_seen(tmp_path: Path) -> None:
    _, second = two_days(tmp_path)
    Entry.objects.filter(number=8).delete()
    assert second.name in days.fault_of(tmp_path)


def test_a_day_that_was_written_anew_is_seen(tmp_path: Path) -> None:
    first, second = two_days(tmp_path)
    first.write_text(first.read_text().replace('"seal":"', '"seal":"0'))
    assert days.fault_of(tmp_path) == f"{second.name} does not follow {first.name}"


def test_what_waits_for_a_stamp_is_listed(tmp_path: Path) -> None:
    first, second = two_days(tmp_path)
    days.stamp_of(first).write_bytes(b"a stamp")
    assert days.unstamped(tmp_path) == [second]
