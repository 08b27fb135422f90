"""On PostgreSQL: the rows that belong to one code, and no others, for as long as a block lasts.

The public role sees a row of the letterbox only when the look-up value of its code has been named in the same
transaction (`migrations/0002`, `public_role.sql`). Whoever takes a public face over can name a value only after its
code was typed. On SQLite the file is all or nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from threading import Lock

from django.db import connections, transaction

DATABASE = "letterbox"
# SQLite lets threads that wait for its write lock sleep, up to 100 ms and in no order; a lock wakes the next at once.
_ONE_WRITER = Lock()


@contextmanager
def code_in_use(lookup: bytes, *, durable: bool = False) -> Iterator[None]:
    """A transaction in which the box with this look-up value, its letters and its parcels can be seen.

    `durable` is for writes: what was written is on disk when the block ends. A mere look at SQLite takes no
    transaction, since there every transaction is a writer's and has to queue.
    """
    connection = connections[DATABASE]
    guarded = connection.vendor == "postgresql"
    if not (durable or guarded):
        yield
        return
    with nullcontext() if guarded else _ONE_WRITER, transaction.atomic(using=DATABASE, durable=durable):
        if guarded:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lykta.lookup', %s, true)", [lookup.hex()])
        yield
