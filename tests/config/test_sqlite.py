"""Threads of a process begin their transactions in turn. Each test has a database file of its own."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from lykta.config.settings.base import SQLITE_OPTIONS
from lykta.config.sqlite.base import turn_of


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


def turn(handler: ConnectionHandler) -> threading.Lock:
    return turn_of(handler["default"].settings_dict)


def begin(connection: BaseDatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end(connection: BaseDatabaseWrapper) -> None:
    connection.set_autocommit(True)


def test_a_transaction_has_the_turn_until_it_is_committed(handler: ConnectionHandler) -> None:
    connection = handler["default"]
    begin(connection)
    assert turn(handler).locked()
    connection.commit()
    assert not turn(handler).locked()
    end(connection)


@pytest.mark.parametrize("way", ["rollback", "close"])
def test_a_transaction_that_comes_to_nothing_gives_the_turn_back(handler: ConnectionHandler, way: str) -> None:
    connection = handler["default"]
    begin(connection)
    getattr(connection, way)()
    assert not turn(handler).locked()


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
    assert not turn(handler).locked()
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
    assert turn(handler).locked()
    handler["default"].close()
