"""On PostgreSQL: the rows of one code, one upload or one ticket, and no others, for as long as a block lasts.

The public role sees a row of the letterbox only when the look-up value of its code, the number of its upload or the
digest of its ticket has been named in the same transaction (`migrations/0002`, `0005`, `0007`, `public_role.sql`).
Whoever takes a public face over can name a value only after its code was typed, or its number or ticket was sent. On
SQLite the file is all or nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connections, transaction

from lykta.records.letterbox.models import DATABASE
from lykta.records.letterbox.together import Write, together


@contextmanager
def code_in_use(lookup: bytes, *, durable: bool = False) -> Iterator[None]:
    """A transaction in which the box with this look-up value, its letters and its parcels can be seen.

    `durable` is for writes: what was written is on disk when the block ends. A mere look at SQLite takes no
    transaction, since there every transaction is a writer's and has to queue.
    """
    with _named("lykta.lookup", lookup.hex(), durable=durable):
        yield


def write_under(lookup: bytes, write: Write) -> None:
    """One durable transaction for this code; on SQLite it shares the way to the disk with others that wait.

    Raises what `write` raises; then nothing of it was written.
    """
    if not _is_guarded():
        together(write)
        return
    with code_in_use(lookup, durable=True), connections[DATABASE].cursor() as cursor:
        write(cursor)


@contextmanager
def codes_in_use() -> Iterator[Callable[[bytes], None]]:
    """A durable transaction for many codes: name the look-up value of each before its rows are touched."""
    guarded = _is_guarded()

    def name(lookup: bytes) -> None:
        if guarded:
            _name("lykta.lookup", lookup.hex())

    with transaction.atomic(using=DATABASE, durable=True):
        yield name


@contextmanager
def upload_in_use(upload: UUID, *, durable: bool = False) -> Iterator[None]:
    """The same for the pieces of one file."""
    with _named("lykta.upload", str(upload), durable=durable):
        yield


@contextmanager
def ticket_in_use(digest: bytes, *, durable: bool = False) -> Iterator[None]:
    """The same for what was handed over with one ticket."""
    with _named("lykta.handover", digest.hex(), durable=durable):
        yield


@contextmanager
def _named(setting: str, value: str, *, durable: bool) -> Iterator[None]:
    guarded = _is_guarded()
    if not (durable or guarded):
        yield
        return
    with transaction.atomic(using=DATABASE, durable=durable):
        if guarded:
            _name(setting, value)
        yield


def _is_guarded() -> bool:
    return connections[DATABASE].vendor == "postgresql"


def _name(setting: str, value: str) -> None:
    with connections[DATABASE].cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [setting, value])
