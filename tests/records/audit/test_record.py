"""The record in the database: written with what it records, verified, noted outside."""

from pathlib import Path

import pytest
from django.db import transaction

from lykta.records.audit import actions, queries
from lykta.records.audit.models import Entry, Head
from lykta.records.audit.words import AuditWord

pytestmark = pytest.mark.django_db


def write(count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            actions.write(by="anna", word=AuditWord.CASE_SEEN, subject=f"case:{number}", facts={"nr": number})


def test_entries_follow_one_another(tmp_path: Path) -> None:
    write(3)
    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    assert queries.verify(tmp_path / "none") == (3, None)


def test_an_empty_record_holds(tmp_path: Path) -> None:
    assert queries.verify(tmp_path / "none") == (0, None)


def test_what_is_rolled_back_leaves_no_entry(tmp_path: Path) -> None:
    write(1)
    with transaction.atomic():
        actions.write(by="anna", word=AuditWord.CASE_SEEN, subject="case:9")
        transaction.set_rollback(True)
    assert queries.verify(tmp_path / "none") == (1, None)


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="belongs to the transaction"):
        actions.write(by="anna", word=AuditWord.CASE_SEEN, subject="case:1")


def test_a_changed_row_is_found(tmp_path: Path) -> None:
    write(4)
    Entry.objects.filter(number=2).update(by="somebody else")
    count, fault = queries.verify(tmp_path / "none")
    assert count == 4
    assert fault is not None
    assert fault.number == 2


def test_a_removed_row_is_found(tmp_path: Path) -> None:
    write(4)
    Entry.objects.filter(number=2).delete()
    fault = queries.verify(tmp_path / "none")[1]
    assert fault is not None
    assert fault.number == 2


def test_removing_the_newest_rows_and_the_head_is_found_by_the_checkpoints(tmp_path: Path) -> None:
    noted = tmp_path / "audit" / "checkpoints.txt"
    write(4)
    queries.note_checkpoint(noted)
    Entry.objects.filter(number__gt=2).delete()
    Head.objects.update(last_number=2, last_seal=Entry.objects.get(number=2).seal)
    fault = queries.verify(noted)[1]
    assert fault is not None
    assert "checkpoints" in fault.what


def test_a_checkpoint_is_noted_once_for_each_end(tmp_path: Path) -> None:
    noted = tmp_path / "checkpoints.txt"
    queries.note_checkpoint(noted)
    assert not noted.exists()
    write(2)
    queries.note_checkpoint(noted)
    queries.note_checkpoint(noted)
    assert len(noted.read_text().splitlines()) == 1
    write(1)
    queries.note_checkpoint(noted)
    assert len(noted.read_text().splitlines()) == 2
    assert queries.verify(noted)[1] is None


def test_history_tells_one_subject_in_words() -> None:
    write(3)
    (entry,) = queries.history("case:1")
    assert entry["sentence"] == AuditWord.CASE_SEEN.sentence
    assert entry["facts"] == {"nr": 1}
    assert entry["by"] == "anna"
