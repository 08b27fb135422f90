"""A casebook of as many items as are wanted, made by SQL in about a minute, on SQLite and on PostgreSQL.

Four items to a case and one report to a case; one case in twelve is open. One item in ten is on one big host, the
others on 5,000 hosts; all words lie under one key, so that one file opens them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, models, transaction

from lykta.core.vocabulary import IdentifierKind, ItemKind, Source, Topic
from lykta.records.audit.models import Entry
from lykta.records.cases import keyring
from lykta.records.cases.models import Assessment, Case, Identifier, Item, Mention, Report
from lykta.records.people.models import Staff
from lykta.records.referrals.models import Referral
from lykta.records.steps.models import Step
from lykta.records.tracing.models import Observation, ServedFrom, Trace

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
KEY = UUID(int=1)
PER_CASE = 4
OPEN_ONE_IN = 12
HOSTS = 5_000
ANSWERS = {"finding": "csam", "age": "unknown", "nature": "real", "danger": "no"}


@dataclass(frozen=True)
class Casebook:
    """Which numbers stand for what, for whoever asks for pages. The newest twelfth is what is open."""

    items: int

    @property
    def cases(self) -> int:
        return self.items // PER_CASE

    def case(self, nth: int) -> int:
        return self.cases - nth * 7

    def item(self, nth: int) -> int:
        return self.items - nth * 101

    def ready(self, nth: int) -> int:
        """Every fourth of the open items is ready."""
        back = nth * 100 % (self.items // OPEN_ONE_IN - PER_CASE)
        return (self.items - back) // PER_CASE * PER_CASE

    def host(self, nth: int) -> str:
        return f"h{nth * 13 % HOSTS}.example"


def fill(items: int) -> Casebook:
    """Fill the empty tables."""
    book = Casebook(items)
    keyring.make(KEY)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_thousand (n integer)")
        cursor.executemany("INSERT INTO bench_thousand VALUES (%s)", [(n,) for n in range(1000)])
    _fill_cases(book)
    _fill_items(book)
    _fill_the_rest(book)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_thousand")
        cursor.execute("ANALYZE")
    return book


def _fill_cases(book: Casebook) -> None:
    opened = book.cases - book.cases // OPEN_ONE_IN
    case = Case(uuid=KEY, year=2026, opened_at=AT, rank_reason="New, not known anywhere.")
    _insert(
        case,
        book.cases,
        id="n",
        uuid=_uuid(),
        state=f"CASE WHEN n > {opened} THEN 'open' ELSE 'closed' END",
        topic="CASE n % 9 WHEN 0 THEN 'travel' WHEN 1 THEN 'contact' ELSE 'web' END",
        rank="CASE n % 9 WHEN 0 THEN 1 WHEN 1 THEN 1 ELSE 3 + n % 3 END",
        opened_at=_moment(),
        source="CASE n % 7 WHEN 0 THEN 'staff' ELSE 'public' END",
        complete=_boolean("n % 11 > 0"),
        countries="CASE n % 10 WHEN 0 THEN 'NL SE' WHEN 1 THEN 'NL' ELSE 'US' END",
        to_do=_boolean("n % 3 > 0"),
    )
    report = Report(
        source=Source.PUBLIC,
        topic=Topic.WEB,
        language="sv",
        received_at=AT,
        sealed_for=KEY,
        words=keyring.lock(KEY, {"text": "I saw this: http://pictures.example/1", "contact": ""}),
        box_lookup=b"l" * 16,
        box_proof=b"p" * 32,
    )
    _insert(report, book.cases, id="n", case_id="n", letter_digest="'d' || n", received_at=_moment())
    identifier = Identifier(kind=IdentifierKind.ACCOUNT)
    _insert(identifier, book.cases, id="n", report_id="n", tag=_tag("n % 50000"))


def _fill_items(book: Casebook) -> None:
    opened = book.items - book.items // OPEN_ONE_IN
    host = f"CASE n % 10 WHEN 0 THEN 'big.example' ELSE 'h' || (n % {HOSTS}) || '.example' END"
    item = Item(kind=ItemKind.WEB, first_reported_at=AT, state_at=AT)
    _insert(
        item,
        book.items,
        id="n",
        address=f"'http://' || {host} || '/' || n",
        key=f"'//' || {host} || '/' || n",
        key_digest="'k' || n",
        host=host,
        domain=host,
        state=f"CASE WHEN n <= {opened} THEN 'gone' WHEN n % 4 = 0 THEN 'ready' WHEN n % 4 = 1 THEN 'received' "
        "ELSE 'notified' END",
        verdict=f"CASE WHEN n <= {opened} OR n % 4 > 1 OR n % 400 = 0 THEN 'illegal' ELSE '' END",
        first_reported_at=_moment(),
    )
    mention = Mention(written="http://pictures.example/1", at=AT)
    _insert(mention, book.items, id="n", report_id=f"(n - 1) / {PER_CASE} + 1", item_id="n")
    trace = Trace(
        at=AT, outcome="present", asn=64500, holder="Host", host_confidence="likely", addresses=["192.0.2.10"]
    )
    _insert(
        trace,
        book.items,
        item_id="n",
        final_host=host,
        host_country="CASE n % 10 WHEN 0 THEN 'SE' WHEN 1 THEN 'NL' ELSE 'US' END",
    )
    _insert(ServedFrom(), book.items, id="n", item_id="n", address="'192.0.2.' || (n % 250)")
    observation = Observation(what="names", source="name service", at=AT, facts={"addresses": ["192.0.2.10"]})
    _insert(observation, book.items, id="n", item_id="n")


def _fill_the_rest(book: Casebook) -> None:
    by = Staff.objects.get()
    step = Step(word="trace", due_at=AT, planned_at=AT, done_at=AT)
    _insert(step, book.items, id="n", subject="n", done_at=_moment())
    half = book.items // 2
    assessed = Assessment(
        by=by, at=AT, label_set="lykta-1", answers=ANSWERS, verdict="illegal", routing="routing-2", facts={}, duties=[]
    )
    _insert(assessed, half, id="n", item_id=f"n * 2 + {book.items - 2 * half}")
    told = Referral(
        kind="police",
        country="SE",
        rule="server",
        because="The server is here.",
        planned_at=AT,
        sent_at=AT,
        state="sent",
    )
    _insert(
        told,
        half,
        id="n",
        item_id=f"n * 2 + {book.items - 2 * half}",
        assessment_id="n",
        state="CASE n % 5000 WHEN 0 THEN 'failed' WHEN 1 THEN 'held' ELSE 'sent' END",
        answered=_boolean("n % 1000 > 0"),
        sent_at=_moment(),
    )
    entry = Entry(at=AT.isoformat(), by="worker", word="item.traced", facts="{}", seal="s" * 64)
    _insert(entry, book.items, number="n + 1000", subject="'item:' || n")


def _insert(template: models.Model, count: int, **expressions: str) -> None:
    """As many rows like the template; what is named is computed from the row's number `n`."""
    columns, selected, values = [], [], []
    for field in template._meta.concrete_fields:
        columns.append(connection.ops.quote_name(str(field.column)))
        if field.column in expressions:
            selected.append(expressions[field.column].replace("%", "%%"))
        else:
            selected.append("%s")
            values.append(field.get_db_prep_save(getattr(template, field.attname), connection))
    numbers = (
        "SELECT 1 + a.n + 1000 * b.n + 1000000 * c.n AS n FROM bench_thousand a, bench_thousand b, bench_thousand c"
    )
    table = connection.ops.quote_name(template._meta.db_table)
    query = (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(selected)} "  # noqa: S608 - our own tables and numbers
        f"FROM ({numbers} WHERE b.n <= {count // 1000} AND c.n = 0) AS numbers WHERE n <= {count} ORDER BY n"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, values)


def _on_postgres() -> bool:
    return connection.vendor == "postgresql"


def _moment() -> str:
    seconds = f"{int(AT.timestamp())} + n"
    return f"to_timestamp({seconds})" if _on_postgres() else f"datetime({seconds}, 'unixepoch')"


def _uuid() -> str:
    return "lpad((n + 1)::text, 32, '0')::uuid" if _on_postgres() else "printf('%032d', n + 1)"


def _tag(number: str) -> str:
    if _on_postgres():
        return f"convert_to(lpad(({number})::text, 16, '0'), 'UTF8')"
    return f"CAST(printf('%016d', {number}) AS BLOB)"


def _boolean(condition: str) -> str:
    return condition if _on_postgres() else f"({condition})"
