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
_FOUR = np.ones((1, 4), np.bool_)
_PIECE = 1 << 14
_COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_END = b"\xff\xff"


def prepare(list_number: int) -> None:
    """On PostgreSQL the list's own table, if it has none yet: a partition from `index` on."""
    if _is_postgres():
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE IF NOT EXISTS {_table(list_number)} (LIKE matching_known)")


def index(list_number: int) -> None:
    """What was read is there for others, and quickly found: made once, after the first file.

    By one index a row is found by its mark, and by it no row is held twice. On PostgreSQL the list's table becomes a
    partition only now, since rows that are added one by one to the indexes of one take twice as long.
    """
    number, table = int(list_number), _table(list_number)
    with connection.cursor() as cursor:
        if _is_postgres():
            cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute(
            f"CREATE UNIQUE INDEX IF NOT EXISTS matching_mark_{number} ON {table} (mark) "
            f"WHERE list_id = {number} AND withdrawn_in IS NULL"
        )
        if not _is_postgres():
            return
        cursor.execute("SELECT relispartition FROM pg_class WHERE oid = to_regclass(%s)", [table])
        if not cursor.fetchone()[0]:
            cursor.execute(f"ALTER TABLE matching_known ATTACH PARTITION {table} FOR VALUES IN ({number})")
            # Until it is told, it takes a new partition for empty, and reads all of it for each row.
            cursor.execute(f"ANALYZE {table}")


def marks(list_number: int) -> Iterator[bytes]:
    """The marks of all rows that are not withdrawn, many in one value: a Python object for each would take longer."""
    joined = "string_agg(mark, '')" if _is_postgres() else "CAST(group_concat(mark, '') AS blob)"
    end = next_number(list_number)
    with connection.cursor() as cursor:
        for first in range(list_number * ROWS_OF_A_LIST, end, _TOGETHER):
            cursor.execute(
                f"SELECT {joined} FROM {_table(list_number)} "  # noqa: S608
                "WHERE list_id = %s AND id >= %s AND id < %s AND withdrawn_in IS NULL",
                [list_number, first, first + _TOGETHER],
            )
            found = cursor.fetchone()[0]
            if found:
                yield bytes(found)


def marks_named(list_number: int, names: Words) -> Iterator[bytes]:
    """The same of the rows with these names, each looked up by itself: the list has an index."""
    with connection.cursor() as cursor:
        for name in np.unique(names).tolist():
            least = name.to_bytes(8)
            cursor.execute(
                f"SELECT mark FROM {_table(list_number)} WHERE list_id = {int(list_number)} "  # noqa: S608
                "AND withdrawn_in IS NULL AND mark >= %s AND mark <= %s",
                [least, least + b"\xff" * 8],
            )
            yield from (bytes(mark) for (mark,) in cursor)


def barred(list_number: int) -> Iterator[bytes]:
    """The marks of the rows that somebody withdrew by hand, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT mark FROM {_table(list_number)} WHERE list_id = %s AND withdrawn_in IS NOT NULL "  # noqa: S608
            "AND withdrawn_in IN (SELECT number FROM matching_listversion WHERE digest = '' AND list_id = %s) "
            "ORDER BY id",
            [list_number, list_number],
        )
        yield from (bytes(mark) for (mark,) in cursor)


def next_number(list_number: int) -> int:
    """The number of the row that the list gets next."""
    first = list_number * ROWS_OF_A_LIST
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT max(id) FROM {_table(list_number)} WHERE id >= %s AND id < %s",  # noqa: S608
            [first, first + ROWS_OF_A_LIST],
        )
        last: int | None = cursor.fetchone()[0]
    return (first if last is None else last) + 1


def append(list_number: int, rows: Rows, names: Words, seals: Words, *, first: int, version: int) -> None:
    """New rows, numbered from `first` on. The caller has locked the list."""
    store = _copy if _is_postgres() else _insert
    store(list_number, rows, _marks(names, seals), first, version)


def withdraw(list_number: int, names: Words, seals: Words, *, version: int) -> None:
    """Withdraw the rows of these marks."""
    if len(names):
        withdraw_marks(list_number, [(version, mark) for mark in map(bytes, _marks(names, seals))])


def withdraw_marks(list_number: int, found: Sequence[tuple[int, bytes]]) -> None:
    """Withdraw rows, each as the version that does it and the row's mark."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {_table(list_number)} SET withdrawn_in = %s WHERE list_id = {int(list_number)} "  # noqa: S608
            "AND mark = %s AND withdrawn_in IS NULL",
            found,
        )


def _is_postgres() -> bool:
    return connection.vendor == "postgresql"


def _table(list_number: int) -> str:
    """Where the rows of a list are: before `index` its partition is none yet, and only found by its own name."""
    return f"matching_known_{int(list_number)}" if _is_postgres() else "matching_known"


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
    """In pieces, so that the database stores one while the next is laid out."""
    wanted = f"COPY {_table(list_number)} ({_COLUMNS}) FROM STDIN (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(wanted) as copy:
        copy.write(_COPY_HEAD)
        for start in range(0, len(rows), _PIECE):
            some = np.arange(start, min(start + _PIECE, len(rows)))
            copy.write(_laid_out(list_number, rows.chosen(some), found[some], first + start, version))
        copy.write(_COPY_END)


def _laid_out(list_number: int, rows: Rows, found: NDArray[np.uint8], first: int, version: int) -> bytes:
    """Rows as PostgreSQL's binary COPY has them, each value once copied to its place."""
    count = len(rows)
    parts = [
        _fixed(np.arange(first, first + count).astype(">i8")),
        _fixed(np.full(count, list_number, ">i8")),
        *(_fixed(rows.digests[name], ~filled(rows.digests[name])) for name in DIGESTS),
        _fixed(rows.quality.astype(">i2"), rows.quality == NO_QUALITY),
        *((rows.texts[name], (rows.texts[name] != 0).sum(axis=1)) for name in (Field.CATEGORY, Field.REFERENCE)),
        _fixed(found),
        _fixed(np.full(count, version, ">i4")),
    ]
    kinds = [(f"{name}{place}", kind) for place, (values, _) in enumerate(parts) for name, kind in _cell(values)]
    laid = np.empty(count, np.dtype([("fields", ">i2"), *kinds]))
    laid["fields"] = len(parts)
    for place, (values, lengths) in enumerate(parts):
        laid[f"length{place}"] = lengths
        if values.size:
            laid[f"value{place}"] = np.ascontiguousarray(values).view(f"V{values.shape[1]}")[:, 0]
    data: NDArray[np.uint8] = laid.view(np.uint8)
    if all((lengths == values.shape[1]).all() for values, lengths in parts if values.size):
        return laid.tobytes()
    masks = (part for values, lengths in parts for part in (_FOUR, np.arange(values.shape[1]) < lengths[:, None]))
    sent = [np.broadcast_to(mask, (count, mask.shape[-1])) for mask in (_FOUR[:, :2], *masks)]
    return bytes(data[np.concatenate(sent, axis=1).reshape(-1)].tobytes())


def _cell(values: NDArray[np.uint8]) -> list[tuple[str, str]]:
    return [("length", ">i4"), *([("value", f"V{values.shape[1]}")] if values.shape[1] else [])]


Part = tuple[NDArray[np.uint8], NDArray[np.int64]]
"""One field of n rows, and how many of its bytes are sent; -1 is NULL, and nothing is."""


def _fixed(values: NDArray[np.generic], absent: NDArray[np.bool_] | None = None) -> Part:
    """A field of one length, or NULL."""
    data = values.view(np.uint8).reshape(len(values), -1)
    lengths = np.full(len(values), data.shape[1])
    if absent is not None:
        lengths[absent] = -1
        data = data[:, :0] if absent.all() else data
    return data, lengths
