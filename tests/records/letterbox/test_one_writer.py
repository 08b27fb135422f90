"""One writer at a time, among threads and among processes, and never a reporter who waits for ever."""

import fcntl
import multiprocessing
import os
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Event
from pathlib import Path
from threading import Timer

import pytest
from django.db import connections

from lykta.records.letterbox import one_writer as module
from lykta.records.letterbox.one_writer import DATABASE, one_writer


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The letterbox as a file, which other processes reach as well."""
    path = tmp_path / "letterbox.sqlite3"
    monkeypatch.setattr(connections[DATABASE], "vendor", "sqlite")  # the tests run on PostgreSQL as well
    monkeypatch.setitem(connections[DATABASE].settings_dict, "NAME", str(path))
    monkeypatch.setattr(module, "_files", {})
    return path


def hold(path: str, held: Event, release: Event) -> None:
    handle = os.open(f"{path}-writer", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    held.set()
    release.wait(20)


def test_threads_write_one_after_another(database: Path) -> None:
    inside: list[int] = []

    def write(number: int) -> bool:
        connections[DATABASE].vendor = "sqlite"
        connections[DATABASE].settings_dict["NAME"] = str(database)
        with one_writer():
            inside.append(number)
            alone = inside == [number]
            time.sleep(0.001)
            inside.remove(number)
        return alone

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(write, range(40)))


def test_another_process_that_writes_is_waited_for(database: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    other = context.Process(target=hold, args=(str(database), held, release))
    other.start()
    try:
        assert held.wait(20)
        began = time.monotonic()
        timer = Timer(0.2, release.set)
        timer.start()
        with one_writer():
            waited = time.monotonic() - began
        timer.join()
        assert waited >= 0.2
    finally:
        release.set()
        other.join(20)


def test_one_that_hangs_is_waited_for_no_longer_than_sqlite_waits(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then SQLite itself decides: what nobody writes can be written, and what is locked is said to be."""
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    handle = os.open(f"{database}-writer", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        with one_writer(), sqlite3.connect(database) as connection:
            connection.execute("CREATE TABLE written (word)")
    finally:
        os.close(handle)


def test_the_lock_is_given_back_after_a_fault(database: Path) -> None:
    with pytest.raises(OSError, match="disk full"), one_writer():
        raise OSError("disk full")
    handle = os.open(f"{database}-writer", os.O_RDWR)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(handle)


def test_a_letterbox_in_memory_needs_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections[DATABASE], "vendor", "sqlite")
    monkeypatch.setitem(connections[DATABASE].settings_dict, "NAME", "file:memory?mode=memory&cache=shared")
    monkeypatch.setattr(module, "_files", {})
    with one_writer():
        assert module._files == {}
