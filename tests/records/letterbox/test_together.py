"""Several who wait for the disk are written with one commit, and each hears what became of its own words."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper

from lykta.core.refusals import NotAllowed
from lykta.records.letterbox import together as module
from lykta.records.letterbox.models import DATABASE, Box
from lykta.records.letterbox.together import Write, together


def letters(word: str) -> Write:
    """Writes one letter box whose language is that word."""

    def write(cursor: CursorWrapper) -> None:
        cursor.execute(
            "INSERT INTO letterbox_box (lookup, public_key, kind, language, created_at, expires_at)"
            " VALUES (%s, %s, 'reporter', %s, '2026-01-01', '2026-02-01')",
            [os.urandom(16), os.urandom(32), word],
        )

    return write


def refused(_cursor: CursorWrapper) -> None:
    raise NotAllowed("thrown away")


def stored() -> list[str]:
    return sorted(Box.objects.using(DATABASE).values_list("language", flat=True))


@pytest.mark.django_db(databases=[DATABASE], transaction=True)
def test_what_one_writes_alone_is_stored_or_refused() -> None:
    together(letters("sv"))
    with pytest.raises(NotAllowed):
        together(refused)
    assert stored() == ["sv"]


@pytest.mark.django_db(databases=[DATABASE], transaction=True)
def test_all_who_stand_in_line_are_written_with_one_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    commits: list[None] = []
    durable = module._durable

    @contextmanager
    def counted() -> Iterator[CursorWrapper]:
        with durable() as cursor:
            yield cursor
        commits.append(None)

    monkeypatch.setattr(module, "_durable", counted)
    waiting = [module._Waiting(letters("th")), module._Waiting(letters("my"))]
    module._line.extend(waiting)
    together(letters("sv"))
    assert (len(commits), stored()) == (1, ["my", "sv", "th"])
    assert all(one.done and one.error is None for one in waiting)


@pytest.mark.django_db(databases=[DATABASE], transaction=True)
def test_who_lines_up_while_another_process_writes_comes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    late = module._Waiting(letters("th"))
    durable = module._durable

    @contextmanager
    def after_a_while() -> Iterator[CursorWrapper]:
        with durable() as cursor:
            module._line.append(late)
            yield cursor

    monkeypatch.setattr(module, "_durable", after_a_while)
    together(letters("sv"))
    assert (late.done, stored()) == (True, ["sv", "th"])
    assert not module._line


@pytest.mark.django_db(databases=[DATABASE], transaction=True)
def test_whose_words_are_refused_keeps_nobody_elses_from_the_disk() -> None:
    """The refused write had already changed something in the common transaction: that is gone as well."""

    def half(cursor: CursorWrapper) -> None:
        letters("half")(cursor)
        raise NotAllowed("thrown away")

    bad, good = module._Waiting(half), module._Waiting(letters("th"))
    module._line.extend([bad, good])
    together(letters("sv"))
    assert stored() == ["sv", "th"]
    assert isinstance(bad.error, NotAllowed)
    assert (good.done, good.error, bad.done) == (True, None, False)


@pytest.mark.django_db(databases=[DATABASE], transaction=True)
def test_nobody_takes_an_interrupted_write_for_a_stored_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread that wrote for others was ended in the middle: they must not show a receipt."""

    def interrupted(_cursor: CursorWrapper) -> None:
        raise SystemExit

    other = module._Waiting(letters("my"))
    module._line.append(other)
    with pytest.raises(SystemExit):
        together(interrupted)
    assert (other.done, other.error) == (False, None)
    monkeypatch.setattr(module, "_write_all", lambda: None)
    with pytest.raises(OperationalError, match="interrupted"):
        together(letters("th"))
    module._line.clear()
    assert stored() == []


@pytest.mark.django_db(databases=[DATABASE], transaction=True)
def test_where_no_transaction_begins_each_who_stands_in_line_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked() -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(module, "_durable", locked)
    other = module._Waiting(letters("th"))
    module._line.append(other)
    with pytest.raises(OperationalError, match="locked"):
        together(letters("sv"))
    assert (str(other.error), other.done, len(module._line)) == ("database is locked", False, 0)


def test_threads_that_wait_while_one_writes_share_the_next_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    commits: list[int] = []
    inside, go_on = threading.Event(), threading.Event()

    @contextmanager
    def nowhere() -> Iterator[CursorWrapper]:
        commits.append(0)
        yield None  # type: ignore[misc] # nothing is written
        inside.set()
        go_on.wait(20)

    def write(_cursor: CursorWrapper) -> None:
        commits[-1] += 1

    monkeypatch.setattr(module, "_durable", nowhere)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(together, write)
        assert inside.wait(20)
        others = [pool.submit(together, write) for _ in range(3)]
        while len(module._line) < 3:
            time.sleep(0.001)
        go_on.set()
        for future in (first, *others):
            future.result(20)
    assert commits == [1, 3]
