"""Threads of a process begin their transactions in turn. Each test has a database file of its own."""

import multiprocessing
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from lykta.config.settings.base import SQLITE_OPTIONS
from lykta.config.sqlite.base import Turn, turn_of


@pytest.fixture
def handler(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[ConnectionHandler]:
    settings = {
        "ENGINE": "lykta.config.sqlite",
        "NAME": tmp_path / "one.sqlite3",
        "OPTIONS": {**SQLITE_OPTIONS, "timeout": 0.2},
    }
    handler = ConnectionHandler({"default": settings})
    with django_db_blocker.unblock():
        with handler["default"].cursor() as cursor:
            cursor.execute("CREATE TABLE seen (name TEXT)")
        yield handler
        handler.close_all()


def turn(handler: ConnectionHandler) -> Turn:
    return turn_of(handler["default"].settings_dict)


def is_taken(turn: Turn) -> bool:
    """Whether somebody writes, as other threads and other processes see it."""
    free = turn.take(0)
    if free:
        turn.give_back()
    return not free


def begin(connection: BaseDatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end(connection: BaseDatabaseWrapper) -> None:
    connection.set_autocommit(True)


def test_a_transaction_has_the_turn_until_it_is_committed(handler: ConnectionHandler) -> None:
    connection = handler["default"]
    begin(connection)
    assert is_taken(turn(handler))
    connection.commit()
    assert not is_taken(turn(handler))
    end(connection)


@pytest.mark.parametrize("way", ["rollback", "close"])
def test_a_transaction_that_comes_to_nothing_gives_the_turn_back(handler: ConnectionHandler, way: str) -> None:
    connection = handler["default"]
    begin(connection)
    getattr(connection, way)()
    assert not is_taken(turn(handler))


def test_another_thread_begins_once_the_first_has_committed(handler: ConnectionHandler) -> None:
    first = handler["default"]
    begin(first)
    begun, said = threading.Event(), []

    def second() -> None:
        mine = handler["default"]
        begun.set()
        mine.settings_dict["OPTIONS"]["timeout"] = 20
        begin(mine)
        said.append(first_committed.is_set())
        mine.rollback()
        mine.close()

    first_committed = threading.Event()
    thread = threading.Thread(target=second)
    thread.start()
    begun.wait()
    thread.join(0.05)
    assert said == []
    first_committed.set()
    first.commit()
    thread.join(20)
    assert said == [True]
    end(first)


def test_a_begin_that_another_program_hinders_gives_the_turn_back(handler: ConnectionHandler) -> None:
    other = sqlite3.connect(handler["default"].settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        begin(handler["default"])
    assert not is_taken(turn(handler))
    other.execute("ROLLBACK")
    other.close()
    handler["default"].close()


def test_whoever_waits_too_long_is_told_so_by_the_database(handler: ConnectionHandler) -> None:
    begin(handler["default"])
    said: list[str] = []

    def second() -> None:
        try:
            begin(handler["default"])
        except OperationalError as error:
            said.append(str(error))
        handler["default"].close()

    thread = threading.Thread(target=second)
    thread.start()
    thread.join(20)
    assert said == ["database is locked"]
    assert is_taken(turn(handler))
    handler["default"].close()


def hold(path: str, held: Event, release: Event) -> None:
    """Another process that writes."""
    mine = Turn(path)
    mine.take(20)
    held.set()
    release.wait(20)


def test_another_process_that_writes_is_waited_for(tmp_path: Path) -> None:
    path = str(tmp_path / "one.sqlite3")
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    other = context.Process(target=hold, args=(path, held, release))
    other.start()
    try:
        assert held.wait(20)
        began = time.monotonic()
        timer = threading.Timer(0.2, release.set)
        timer.start()
        mine = Turn(path)
        assert mine.take(20)
        assert time.monotonic() - began >= 0.2
        mine.give_back()
        timer.join()
    finally:
        release.set()
        other.join(20)


def test_a_process_that_hangs_is_waited_for_no_longer_than_asked_and_then_sqlite_decides(tmp_path: Path) -> None:
    path = str(tmp_path / "one.sqlite3")
    other, mine = Turn(path), Turn(path)
    other.take(0)
    began = time.monotonic()
    assert mine.take(0.05)
    assert time.monotonic() - began >= 0.05
    mine.give_back()
    other.give_back()
    began = time.monotonic()
    mine.take(5)
    assert time.monotonic() - began < 5
    mine.give_back()


def test_threads_take_a_turn_one_after_another(tmp_path: Path) -> None:
    turn, inside = Turn(str(tmp_path / "one.sqlite3")), list[int]()

    def write(number: int) -> bool:
        turn.take(20)
        inside.append(number)
        alone = inside == [number]
        time.sleep(0.001)
        inside.remove(number)
        turn.give_back()
        return alone

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(write, range(40)))


@pytest.mark.parametrize("database", ["file:memory?mode=memory&cache=shared", "/nowhere/one.sqlite3"])
def test_threads_take_turns_where_there_can_be_no_file(database: str) -> None:
    turn = Turn(database)
    assert turn.take(0)
    assert not turn.take(0)
    turn.give_back()
    assert turn.take(0)
    turn.give_back()
