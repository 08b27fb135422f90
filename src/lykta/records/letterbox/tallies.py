"""Counts of partners' links, by day: how often each was followed, and how many reports that began with it were sent."""

from datetime import date

from django.db import connections, transaction

from lykta.records.letterbox.models import Tally
from lykta.records.letterbox.one_writer import DATABASE, one_writer

_ADD = """
    INSERT INTO letterbox_tally (code, day, visits, tips) VALUES (%s, %s, %s, %s)
    ON CONFLICT (code, day) DO UPDATE SET
    visits = letterbox_tally.visits + excluded.visits, tips = letterbox_tally.tips + excluded.tips
"""


def add(code: str, *, day: date, visits: int = 0, tips: int = 0) -> None:
    """Count for the link of that code."""
    connection = connections[DATABASE]
    with one_writer(), transaction.atomic(using=DATABASE), connection.cursor() as cursor:
        cursor.execute(_ADD, [code, connection.ops.adapt_datefield_value(day), visits, tips])


def counts() -> list[Tally]:
    """Every count, by day and code."""
    return list(Tally.objects.using(DATABASE).order_by("day", "code"))
