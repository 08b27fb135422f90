"""What the letterbox could take if there were no web: the measure beside which the report face's speed is put."""

import secrets
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from lykta.config.settings.base import SQLITE_OPTIONS
from lykta.lib import sealing

SECONDS = 2.0
TRIES = 3
_TABLES = """
CREATE TABLE box (
  id INTEGER PRIMARY KEY AUTOINCREMENT, lookup BLOB NOT NULL UNIQUE, public_key BLOB NOT NULL, expires_at TEXT NOT NULL
);
CREATE INDEX box_expires_at ON box (expires_at);
CREATE TABLE letter (
  id INTEGER PRIMARY KEY AUTOINCREMENT, box_id INTEGER NOT NULL REFERENCES box (id), sealed BLOB NOT NULL,
  received_at TEXT NOT NULL, failed_at TEXT
);
CREATE INDEX letter_box_id ON letter (box_id);
CREATE INDEX letter_waiting ON letter (received_at) WHERE failed_at IS NULL;
"""
_NEW_BOX = "INSERT INTO box (lookup, public_key, expires_at) VALUES (?, ?, ?)"
_NEW_LETTER = "INSERT INTO letter (box_id, sealed, received_at) VALUES (?, ?, ?)"
_OTHER_LETTER = "UPDATE letter SET sealed = ?, received_at = ? WHERE id = ?"
_MOMENT = "2025-01-01 00:00:00.000000"
_SEALED_BOX_BYTES = 49
"""What sealing adds to the padded content: a byte for the scheme, 32 for a key, 16 for the tag."""


def reports_per_second(folder: Path, *, commits: int, sealed_bytes: int) -> float:
    """How many reports a second one process writes with plain `sqlite3`: the best of three short runs.

    A report is that many transactions, each durable by itself. Each seals a letter of about `sealed_bytes` to an X25519
    key: the first one stores it with its mailbox, the others put it in place of the letter before. The file has the
    letterbox's pragmas, and tables and indexes like its own. There is no HTTP, no page, no Django, no code, no key for
    the mailbox, and nobody who waits.
    """
    key = sealing.public_key(sealing.new_private_key())
    content = {"text": "x" * (sealed_bytes - _SEALED_BOX_BYTES - len('{"text":""}') - 1)}
    with closing(sqlite3.connect(folder / "raw.sqlite3", isolation_level=None)) as connection:
        connection.executescript(f"{SQLITE_OPTIONS['init_command']} {_TABLES}")
        return max(_run(connection, key, content, commits) for _ in range(TRIES))


def _run(connection: sqlite3.Connection, key: bytes, content: dict[str, str], commits: int) -> float:
    begun = time.perf_counter()
    done = 0
    while time.perf_counter() < begun + SECONDS:
        letter = _first(connection, key, content)
        for _ in range(commits - 1):
            _again(connection, key, content, letter)
        done += 1
    return done / (time.perf_counter() - begun)


def _first(connection: sqlite3.Connection, key: bytes, content: dict[str, str]) -> int | None:
    sealed = sealing.seal(content, to=key)
    connection.execute("BEGIN IMMEDIATE")
    box = connection.execute(_NEW_BOX, (secrets.token_bytes(16), key, _MOMENT)).lastrowid
    letter = connection.execute(_NEW_LETTER, (box, sealed, _MOMENT)).lastrowid
    connection.execute("COMMIT")
    return letter


def _again(connection: sqlite3.Connection, key: bytes, content: dict[str, str], letter: int | None) -> None:
    sealed = sealing.seal(content, to=key)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(_OTHER_LETTER, (sealed, _MOMENT, letter))
    connection.execute("COMMIT")
