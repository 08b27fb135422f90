"""Files are read into lists, once, whole, and with everything that was refused."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.records.matching.conftest import Read, held, md5

from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import ImportState
from lykta.lib.hashlists import opening, tables
from lykta.lib.hashlists.cells import Field
from lykta.records.audit.models import Entry
from lykta.records.matching import importing, queries, store
from lykta.records.matching.models import ROWS_OF_A_LIST, HashList, Known, ListVersion

SHA256, SHA1, MD5, PDQ = "ab" * 32, "cd" * 20, "ef" * 16, "0123456789abcdef" * 4


@pytest.fixture(params=["small files", "long files"], autouse=True)
def each_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same is true of a file whose rows are looked up one by one, and of one that is compared with the whole list."""
    if request.param == "long files":
        monkeypatch.setattr(importing, "SMALL", 0)


def counts(version: ListVersion) -> tuple[int, int, int, int, int]:
    """Read, added, kept, withdrawn, refused."""
    return (
        version.rows_read,
        version.rows_added,
        version.rows_kept,
        version.rows_withdrawn,
        version.rows_refused,
    )


def test_every_field_is_kept_as_the_file_has_it(read: Read, a_list: HashList) -> None:
    rows = [f"{SHA256},{SHA1},{MD5},{PDQ},77,Å 1,no-5", f",,{md5(1)},,,,", f",,{md5(2)},,0,longer words,"]
    version = read(rows, head="sha256,sha1,md5,pdq,quality,category,reference")
    assert counts(version) == (3, 3, 0, 0, 0)
    full, bare, other = Known.objects.filter(list=a_list).order_by("id")
    assert full.id == a_list.pk * ROWS_OF_A_LIST + 1
    assert [bytes(one or b"").hex() for one in (full.sha256, full.sha1, full.md5, full.pdq)] == [SHA256, SHA1, MD5, PDQ]
    assert (full.quality, full.category, full.reference) == (77, "Å 1", "no-5")
    assert (full.added_in, full.withdrawn_in) == (version.number, None)
    assert (bare.sha256, bare.sha1, bare.pdq, bare.quality) == (None, None, None, None)
    assert (bare.category, bare.reference) == ("", "")
    assert (other.quality, other.category) == (0, "longer words")


def test_a_version_says_which_file_it_was(read: Read, tmp_path: Path) -> None:
    version = read([f"{md5(1)},1"])
    stored = ListVersion.objects.get(pk=version.pk)
    assert (stored.number, stored.state, stored.by) == (1, ImportState.READY, "test")
    assert stored.digest == hashlib.sha256((tmp_path / "list.csv").read_bytes()).hexdigest()
    assert stored.finished_at is not None
    assert Entry.objects.filter(word="list.read", subject="list police").count() == 1


def test_a_list_that_is_read_again_stays_as_it_is(read: Read, a_list: HashList) -> None:
    rows = [f"{md5(number)},1" for number in range(1, 40)]
    read(rows)
    before = list(Known.objects.order_by("id").values())
    assert counts(read(rows[::-1])) == (39, 0, 39, 0, 0)
    assert list(Known.objects.order_by("id").values()) == before


def test_rows_and_marks_that_go_in_pieces_are_all_there(
    read: Read, a_list: HashList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_PIECE", 7)
    monkeypatch.setattr(store, "_TOGETHER", 5)
    rows = [f"{md5(number)},{PDQ if number % 2 else ''},{number}" for number in range(1, 40)]
    read(rows, head="md5,pdq,category")
    assert held(a_list) == {md5(number): str(number) for number in range(1, 40)}
    assert Known.objects.filter(pdq=bytes.fromhex(PDQ)).count() == 20
    assert counts(read(rows, head="md5,pdq,category")) == (39, 0, 39, 0, 0)


def test_what_a_list_says_otherwise_is_a_new_row_in_place_of_the_old(read: Read, a_list: HashList) -> None:
    read([f"{md5(1)},1", f"{md5(2)},1"])
    assert counts(read([f"{md5(1)},2", f"{md5(3)},1"])) == (2, 2, 0, 1, 0)
    assert held(a_list) == {md5(1): "2", md5(2): "1", md5(3): "1"}
    assert Known.objects.get(list=a_list, category="1", withdrawn_in=2).added_in == 1


def test_only_a_file_that_replaces_withdraws_what_it_does_not_name(read: Read, a_list: HashList) -> None:
    read([f"{md5(1)},1", f"{md5(2)},1"])
    read([f"{md5(3)},1"])
    assert len(held(a_list)) == 3
    assert counts(read([f"{md5(2)},1"], replaces=True)) == (1, 0, 1, 2, 0)
    assert held(a_list) == {md5(2): "1"}


def test_what_was_withdrawn_comes_back_as_a_row_of_its_own(read: Read, a_list: HashList) -> None:
    read([f"{md5(1)},1"])
    read([f"{md5(2)},1"], replaces=True)
    assert counts(read([f"{md5(1)},1"])) == (1, 1, 0, 0, 0)
    assert held(a_list) == {md5(1): "1", md5(2): "1"}
    assert Known.objects.filter(list=a_list).count() == 3


def test_a_dry_run_counts_the_same_and_keeps_nothing(read: Read, a_list: HashList) -> None:
    read([f"{md5(1)},1", f"{md5(2)},1"])
    rows = [f"{md5(1)},2", f"{md5(3)},1", "broken,1"]
    tried = read(rows, replaces=True, dry_run=True)
    assert (tried.state, tried.finished_at is None) == (ImportState.DRY_RUN, False)
    assert held(a_list) == {md5(1): "1", md5(2): "1"}
    assert counts(tried) == (3, 2, 0, 2, 1)
    assert counts(read(rows, replaces=True)) == counts(tried)


def test_each_refused_row_is_kept_with_its_line_and_its_cell(read: Read) -> None:
    version = read([f"{md5(1)},1", "broken,1", f"{md5(2)},1,2", f"{md5(1)},2", f"{md5(1)},1"])
    assert counts(version) == (5, 1, 1, 0, 3)
    assert [(row.line, row.reason, row.cell) for row in queries.refused_in(version)] == [
        (3, "md5 has 32 hexadecimal digits, and this has 6.", "broken"),
        (4, "It has 3 cells, and the header has 2.", ""),
        (5, "An earlier row says something else of the same picture.", ""),
    ]
    assert [row.line for row in queries.refused_in(version, first=1, most=1)] == [4]


def test_a_file_of_which_no_row_can_be_used_fails_at_once(read: Read) -> None:
    version = read(["broken,1", "also broken,1"])
    assert version.state == ImportState.FAILED
    assert version.problem == "No row can be used. Line 2: md5 has 32 hexadecimal digits, and this has 6."


def test_an_empty_table_is_read(read: Read) -> None:
    assert counts(read([])) == (0, 0, 0, 0, 0)


def _from_json(a_list: HashList, path: Path, records: list[dict[str, Any]], cut: int = 0) -> ListVersion:
    text = json.dumps({"hashRecords": [{"signalType": "VideoMD5", **one} for one in records]})
    path.write_text(text[: len(text) - cut])
    return importing.import_file(by="test", found=a_list, path=path, mapping={})


def test_a_withdrawal_in_the_file_withdraws_the_row(a_list: HashList, tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    active = {"hashValue": md5(1), "hashStatus": "Active"}
    gone = {"hashValue": md5(1), "hashStatus": "Withdrawn"}
    _from_json(a_list, path, [active, {"hashValue": md5(2)}])
    version = _from_json(a_list, path, [gone, {"hashValue": md5(9), "hashStatus": "Deleted"}])
    assert counts(version) == (2, 0, 1, 1, 0)
    assert held(a_list) == {md5(2): ""}
    assert counts(_from_json(a_list, path, [{"hashValue": md5(3)}, {**gone, "hashValue": md5(3)}])) == (2, 1, 0, 1, 0)
    assert held(a_list) == {md5(2): ""}


def test_a_file_that_breaks_off_fails_and_keeps_what_came_before(a_list: HashList, tmp_path: Path) -> None:
    version = _from_json(a_list, tmp_path / "list.json", [{"hashValue": md5(1)}, {"hashValue": md5(2)}], cut=20)
    assert version.state == ImportState.FAILED
    assert "broken off" in version.problem
    assert held(a_list) == {md5(1): ""}


def test_a_file_that_replaces_and_breaks_off_withdraws_nothing(a_list: HashList, tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    _from_json(a_list, path, [{"hashValue": md5(1)}, {"hashValue": md5(2)}])
    path.write_text(path.read_text()[:-20])
    version = importing.import_file(by="test", found=a_list, path=path, mapping={}, replaces=True)
    assert (version.state, len(held(a_list))) == (ImportState.FAILED, 2)


def test_columns_are_called_as_in_the_last_file(a_list: HashList, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"Digest\n{md5(1)}\n")
    with pytest.raises(NotUnderstood):
        importing.import_file(by="test", found=a_list, path=path, mapping={})
    importing.import_file(by="test", found=a_list, path=path, mapping={Field.MD5: "Digest"})
    path.write_text(f"Other,Digest\nx,{md5(2)}\n")
    assert importing.import_file(by="test", found=HashList.objects.get(), path=path, mapping={}).rows_added == 1


class Killed(Exception):
    pass


def _break_off(read: Read, monkeypatch: pytest.MonkeyPatch, rows: list[str], after: int, **words: Any) -> None:
    def read_some(*given: Any, **named: Any) -> Any:
        for count, raw in enumerate(read_all(*given, **named)):
            if count == after:
                raise Killed
            yield raw

    read_all = opening.read
    monkeypatch.setattr(importing, "SMALL", 0)
    monkeypatch.setattr(opening, "read", read_some)
    with pytest.raises(Killed):
        read(rows, **words)
    monkeypatch.setattr(opening, "read", read_all)


@pytest.mark.parametrize("after", [0, 1, 5])
def test_what_was_broken_off_goes_on_as_if_nothing_had_been(
    read: Read, a_list: HashList, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(tables, "PART", 200)
    read([f"{md5(number)},1" for number in range(1, 10)])
    rows = [f"{md5(number)},1" for number in range(5, 60)]
    rows[7:7] = ["broken,1", f"{md5(5)},2"]
    _break_off(read, monkeypatch, rows, after, replaces=True)
    assert ListVersion.objects.get(number=2).state == ImportState.READING
    version = read(rows, replaces=True)
    assert (version.number, version.state) == (2, ImportState.READY)
    assert counts(version) == (57, 50, 5, 4, 2)
    assert held(a_list) == {md5(number): "1" for number in range(5, 60)}
    assert version.refused.count() == 2


def test_another_file_ends_what_was_broken_off(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "PART", 200)
    _break_off(read, monkeypatch, [f"{md5(number)},1" for number in range(1, 60)], 2)
    assert read([f"{md5(1)},1"]).number == 2
    first = ListVersion.objects.get(number=1)
    assert (first.state, first.problem) == (ImportState.FAILED, "Another file was read instead.")


def test_who_reads_the_same_version_at_the_same_time_is_refused(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "PART", 200)

    def overtaken(version: ListVersion) -> None:
        ListVersion.objects.filter(pk=version.pk).update(position=version.position + 1)

    with pytest.raises(NotNow, match="Somebody else"):
        read([f"{md5(number)},1" for number in range(1, 60)], told=overtaken)


def test_one_more_row_costs_the_same_in_a_short_list_and_in_a_long_one(
    read: Read, a_list: HashList, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(importing, "SMALL", 1000)
    read([f"{md5(number)},1" for number in range(1, 500)])
    held_before: list[bytes] = []
    named = store.marks_named

    def seen(*given: Any) -> Iterator[bytes]:
        for mark in named(*given):
            held_before.append(mark)
            yield mark

    monkeypatch.setattr(store, "marks_named", seen)
    monkeypatch.setattr(store, "marks", None)
    with django_assert_max_num_queries(40):
        assert counts(read([f"{md5(7)},2", f"{md5(8)},1", f"{md5(501)},1"])) == (3, 2, 1, 1, 0)
    assert len(held_before) == 2


def test_a_small_file_is_kept_whole_or_not_at_all(
    read: Read, a_list: HashList, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_: ListVersion) -> None:
        raise Killed

    monkeypatch.setattr(importing, "SMALL", 1000)
    with pytest.raises(Killed):
        read([f"{md5(1)},1"], told=die)
    assert not ListVersion.objects.exists()
    assert held(a_list) == {}
    assert counts(read([f"{md5(1)},1"])) == (1, 1, 0, 0, 0)
