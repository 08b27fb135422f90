"""The table of known hashes, filled many thousand rows at a time: one statement on SQLite, binary COPY on PostgreSQL.

Both get rows as numpy has them. A Python object for each value would cost more than all else.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from lykta.lib.hashlists.cells import DIGESTS, Field
from lykta.lib.hashlists.checks import NO_QUALITY, Rows, filled
from lykta.records.matching.marks import Words
from lykta.records.matching.models import ROWS_OF_A_LIST

_COLUMNS = "id, list_id, sha256, sha1, md5, pdq, quality, category, reference, mark, added_in"
_TOGETHER = 1 << 16
_COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_END = b"\xff\xff"


def prepare(list_number: int) -> None:
    """On PostgreSQL the list's own partition, if it has none yet."""
    if connection.vendor == "postgresql":
        table = f"matching_known_{int(list_number)}"
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s)", [table])
            if cursor.fetchone()[0] is None:
                cursor.execute(f"CREATE TABLE {table} (LIKE matching_known)")
                cursor.execute(
                    f"ALTER TABLE matching_known ATTACH PARTITION {table} FOR VALUES IN ({int(list_number)})"
                )


def index(list_number: int) -> None:
    """The index by which a row is found by its mark, and by which no row is held twice; made once, after the rows."""
    number = int(list_number)
    postgres = connection.vendor == "postgresql"
    table = f"matching_known_{number}" if postgres else "matching_known"
    with connection.cursor() as cursor:
        if postgres:
            cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute(
            f"CREATE UNIQUE INDEX IF NOT EXISTS matching_mark_{number} ON {table} (mark) "
            f"WHERE list_id = {number} AND withdrawn_in IS NULL"
        )
        if postgres:
            # Until it is told, it takes a new partition for empty, and reads all of it for each row.
            cursor.execute(f"ANALYZE {table}")


def marks(list_number: int) -> Iterator[bytes]:
    """The marks of all rows that are not withdrawn."""
    return _marks_where(list_number, "withdrawn_in IS NULL")


def barred(list_number: int) -> Iterator[bytes]:
    """The marks of the rows that somebody withdrew by hand."""
    by_hand = (
        "withdrawn_in IN (SELECT number FROM matching_listversion "
        "WHERE digest = '' AND list_id = matching_known.list_id)"
    )
    return _marks_where(list_number, by_hand)


def _marks_where(list_number: int, condition: str) -> Iterator[bytes]:
    """In pieces, many in one value: a Python object for each would take longer."""
    joined = "string_agg(mark, '')" if connection.vendor == "postgresql" else "CAST(group_concat(mark, '') AS blob)"
    end = _next_number(list_number)
    with connection.cursor() as cursor:
        for first in range(list_number * ROWS_OF_A_LIST, end, _TOGETHER):
            cursor.execute(
                f"SELECT {joined} FROM matching_known WHERE list_id = %s AND id >= %s AND id < %s "  # noqa: S608
                f"AND {condition}",
                [list_number, first, first + _TOGETHER],
            )
            found = cursor.fetchone()[0]
            if found:
                yield bytes(found)


def append(list_number: int, rows: Rows, names: Words, seals: Words, *, version: int) -> None:
    """New rows, numbered on from the list's last. The caller has locked the list."""
    first = _next_number(list_number)
    if connection.vendor == "postgresql":
        _copy(list_number, rows, _marks(names, seals), first, version)
    else:
        _insert(list_number, rows, _marks(names, seals), first, version)


def withdraw(list_number: int, names: Words, seals: Words, *, version: int) -> None:
    """Withdraw the rows of these marks."""
    found = [(version, mark) for mark in map(bytes, _marks(names, seals))]
    withdraw_marks(list_number, found)


def withdraw_marks(list_number: int, found: Sequence[tuple[int, bytes]]) -> None:
    """Withdraw rows, each as the version that does it and the row's mark."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE matching_known SET withdrawn_in = %s WHERE list_id = {int(list_number)} "  # noqa: S608
            "AND mark = %s AND withdrawn_in IS NULL",
            found,
        )


def _next_number(list_number: int) -> int:
    first = list_number * ROWS_OF_A_LIST
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM matching_known WHERE id >= %s AND id < %s", [first, first + ROWS_OF_A_LIST])
        last: int | None = cursor.fetchone()[0]
    return (first if last is None else last) + 1


def _marks(names: Words, seals: Words) -> NDArray[np.uint8]:
    return np.stack((names, seals), axis=1).astype(">u8").view(np.uint8)


def _insert(list_number: int, rows: Rows, found: NDArray[np.uint8], first: int, version: int) -> None:
    """One statement that cuts each value out of one block of bytes, at a fixed place."""
    quality = np.where(rows.quality == NO_QUALITY, 0, rows.quality + 1)
    numbers = np.array([f"{number:3d}" for number in range(256)], "S3").view(np.uint8).reshape(-1, 3)
    parts: dict[str, NDArray[np.uint8]] = {
        "mark": found,
        **{str(name): part for name, part in rows.digests.items()},
        **{str(name): np.where(part == 0, ord(" "), part).astype(np.uint8) for name, part in rows.texts.items()},
        Field.QUALITY: numbers[quality],
    }
    block = np.concatenate(list(parts.values()), axis=1)
    step, at, cut = block.shape[1], 1, {}
    for name, part in parts.items():
        cut[name] = f"substr(%(block)s, i * {step} + {at}, {part.shape[1]})"
        at += part.shape[1]
    digests = ", ".join(_digest(rows.digests[name], cut[name], width) for name, width in DIGESTS.items())
    texts = ", ".join(
        f"rtrim(CAST({cut[name]} AS text))" if rows.texts[name].any() else "''"
        for name in (Field.CATEGORY, Field.REFERENCE)
    )
    quality_of = f"nullif(CAST({cut[Field.QUALITY]} AS text) + 0, 0) - 1" if quality.any() else "NULL"
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %(last)s) "  # noqa: S608
            f"INSERT INTO matching_known ({_COLUMNS}) SELECT %(first)s + i, %(list)s, {digests}, {quality_of}, "
            f"{texts}, {cut['mark']}, %(version)s FROM n",
            {"last": len(rows) - 1, "block": block.tobytes(), "first": first, "list": list_number, "version": version},
        )


def _digest(values: NDArray[np.uint8], cut: str, width: int) -> str:
    has = filled(values)
    if has.all():
        return cut
    return f"nullif({cut}, zeroblob({width}))" if has.any() else "NULL"


def _copy(list_number: int, rows: Rows, found: NDArray[np.uint8], first: int, version: int) -> None:
    count = len(rows)
    none = np.zeros(count, np.bool_)
    fields = [
        _fixed(np.arange(first, first + count).astype(">i8"), none),
        _fixed(np.full(count, list_number, ">i8"), none),
        *(_fixed(rows.digests[name], ~filled(rows.digests[name])) for name in DIGESTS),
        _fixed(rows.quality.astype(">i2"), rows.quality == NO_QUALITY),
        *(_text(rows.texts[name]) for name in (Field.CATEGORY, Field.REFERENCE)),
        _fixed(found, none),
        _fixed(np.full(count, version, ">i4"), none),
    ]
    head = np.broadcast_to(np.frombuffer(len(fields).to_bytes(2, "big"), np.uint8), (count, 2))
    data = np.concatenate([head, *(part for part, _ in fields)], axis=1)
    at = 2
    sent = None
    for part, mask in fields:
        if mask is not None:
            sent = np.ones(data.shape, np.bool_) if sent is None else sent
            sent[:, at + 4 : at + part.shape[1]] = mask
        at += part.shape[1]
    table = f"matching_known_{int(list_number)}"
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({_COLUMNS}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(_COPY_HEAD)
        copy.write((data if sent is None else data[sent]).tobytes())
        copy.write(_COPY_END)


Part = tuple[NDArray[np.uint8], NDArray[np.bool_] | None]
"""One field of n rows, its length in the first 4 bytes; and which of the others are sent, where not all are."""


def _fixed(values: NDArray[np.generic], absent: NDArray[np.bool_]) -> Part:
    """A field of one length, or NULL, which is the length -1 and nothing after it."""
    data = values.view(np.uint8).reshape(len(values), -1)
    lengths = np.where(absent, -1, data.shape[1]).astype(">i4").view(np.uint8).reshape(-1, 4)
    if absent.all():
        return lengths, None
    mask = np.broadcast_to(~absent[:, None], data.shape) if absent.any() else None
    return np.concatenate((lengths, data), axis=1), mask


def _text(values: NDArray[np.uint8]) -> Part:
    sizes = (values != 0).sum(axis=1)
    lengths = sizes.astype(">i4").view(np.uint8).reshape(-1, 4)
    whole = (sizes == values.shape[1]).all()
    mask = None if whole else np.arange(values.shape[1]) < sizes[:, None]
    return np.concatenate((lengths, values), axis=1), mask
