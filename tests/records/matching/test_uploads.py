"""Files that were uploaded for a list: nothing is read before it was tried, and none stays."""

import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from tests.records.matching.conftest import held, md5

from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import ImportState
from lykta.lib.clock import now
from lykta.lib.hashlists.cells import Field
from lykta.records.audit.models import Entry
from lykta.records.matching import uploads
from lykta.records.matching.models import HashList, ListVersion, Upload
from lykta.records.matching.uploads import Incoming
from lykta.records.steps.models import Step

MAPPING = {Field.MD5: "hash", Field.CATEGORY: ""}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    settings.HASH_LISTS = tmp_path / "hash-lists"
    yield settings.HASH_LISTS
    assert all(path.stat().st_mode & 0o007 == 0 for path in (tmp_path / "hash-lists").rglob("*"))


def uploaded(found: HashList, *lines: str) -> Upload:
    incoming = Incoming("list.csv")
    incoming.add("\n".join(["hash,category", *lines, ""]).encode())
    return uploads.keep(by="lena", found=found, incoming=incoming.end(), mapping=MAPPING, now=now())


def ask(
    upload: Upload, *, keeps: bool = False, replaces: bool = False, mapping: dict[Field, str] | None = None
) -> Upload:
    given = MAPPING if mapping is None else mapping
    uploads.ask(by="lena", upload=upload, mapping=given, replaces=replaces, keeps=keeps, now=now())
    return Upload.objects.get(pk=upload.pk)


def work(upload: Upload) -> Upload | None:
    uploads.read(Upload.objects.get(pk=upload.pk), told=lambda: None)
    return Upload.objects.filter(pk=upload.pk).first()


def test_a_file_is_tried_then_read_and_then_it_is_gone(a_list: HashList, folder: Path) -> None:
    upload = uploaded(a_list, f"{md5(1)},1", "x,1")
    assert stat.S_IMODE(uploads.path_of(upload).stat().st_mode) & 0o027 == 0
    assert ask(upload).asked_at is not None
    tried = work(upload)
    assert tried is not None
    assert tried.is_tried
    assert tried.tried is not None
    assert (tried.tried.rows_added, tried.tried.rows_refused, held(a_list)) == (1, 1, {})
    ask(upload, keeps=True)
    assert work(upload) is None
    assert held(a_list) == {md5(1): ""}
    assert list(folder.iterdir()) == []
    assert [entry.word for entry in Entry.objects.filter(word__startswith="list.file")] == [
        "list.file",
        "list.file_gone",
    ]
    assert Step.objects.filter(word="read_file").count() == 2


def test_what_was_not_tried_as_it_is_now_is_not_read(a_list: HashList) -> None:
    upload = uploaded(a_list, f"{md5(1)},1")
    with pytest.raises(NotNow, match="Try the file first"):
        ask(upload, keeps=True)
    ask(upload)
    work(upload)
    with pytest.raises(NotNow, match="Try the file first"):
        ask(upload, keeps=True, replaces=True)
    assert Upload.objects.get().replaces
    with pytest.raises(NotUnderstood, match="at least one column"):
        ask(upload, mapping={Field.CATEGORY: "category", Field.MD5: ""})
    assert Upload.objects.get().mapping == {"category": "category", "md5": ""}


def test_a_file_that_is_being_read_waits_for_nobody_else(a_list: HashList) -> None:
    upload = uploaded(a_list, f"{md5(1)},1")
    ask(upload)
    with pytest.raises(NotNow, match="being read just now"):
        ask(upload)


def test_a_file_that_cannot_be_read_says_why_and_can_be_mapped_anew(a_list: HashList) -> None:
    upload = uploaded(a_list, "not a hash,1")
    ask(upload)
    tried = work(upload)
    assert tried is not None
    assert tried.problem.startswith("No row can be used. Line 2")
    assert not tried.is_tried
    ask(upload, mapping={Field.MD5: "nothing of this name"})
    wrong = work(upload)
    assert wrong is not None
    assert "one column" in wrong.problem
    assert wrong.asked_at is None
    uploads.path_of(upload).unlink()
    ask(upload)
    lost = work(upload)
    assert lost is not None
    assert lost.problem == "The file is not there any more: upload it again."


def test_an_import_that_stops_leaves_the_file_until_somebody_throws_it_away(
    a_list: HashList, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = uploaded(a_list, f"{md5(1)},1")
    ask(upload)
    work(upload)
    ask(upload, keeps=True)
    failed = ListVersion(list=a_list, number=9, state=ImportState.FAILED, problem="It broke.", by="x", started_at=now())
    monkeypatch.setattr(uploads, "import_file", lambda **_words: failed)
    left = work(upload)
    assert left is not None
    assert (left.problem, left.asked_at) == ("It broke.", None)
    for _ in range(2):
        uploads.throw_away(by="lena", upload=left)
    assert Entry.objects.filter(word="list.file_gone").count() == 1


def test_nothing_lies_longer_than_a_day(a_list: HashList, folder: Path) -> None:
    kept, left = uploaded(a_list, f"{md5(1)},1"), uploaded(a_list, f"{md5(2)},1")
    half, fresh = Incoming("half"), Incoming("fresh").end()
    half.end()
    for old in (folder / str(half.number), uploads.path_of(left)):
        os.utime(old, (0, 0))
    Upload.objects.filter(pk=left.pk).update(at=now() - timedelta(days=2))
    uploads.sweep(by="worker", now=now())
    assert {path.name for path in folder.iterdir()} == {str(kept.file), str(fresh.number)}
    assert list(Upload.objects.all()) == [kept]
    fresh.throw_away()
    assert not fresh.path.exists()
