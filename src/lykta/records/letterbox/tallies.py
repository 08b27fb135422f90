"""Counts of partners' links, by day: how often each was followed, and how many reports that began with it were sent."""

from dataclasses import dataclass
from datetime import date

from django.db import connections, transaction
from django.db.models import Sum

from lykta.records.letterbox.models import DATABASE, Tally

_ADD = """
    INSERT INTO letterbox_tally (code, day, visits, tips) VALUES (%s, %s, %s, %s)
    ON CONFLICT (code, day) DO UPDATE SET
    visits = letterbox_tally.visits + excluded.visits, tips = letterbox_tally.tips + excluded.tips
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """What came by a link in some time."""

    visits: int = 0
    tips: int = 0


def add(code: str, *, day: date, visits: int = 0, tips: int = 0) -> None:
    """Count for the link of that code."""
    connection = connections[DATABASE]
    with transaction.atomic(using=DATABASE), connection.cursor() as cursor:
        cursor.execute(_ADD, [code, connection.ops.adapt_datefield_value(day), visits, tips])


def counts() -> list[Tally]:
    """Every count, by day and code."""
    return list(Tally.objects.using(DATABASE).order_by("day", "code"))


def sums(*, since: date = date.min) -> dict[str, Counted]:
    """By code, from that day on; codes of which nothing was counted are left out."""
    counted = Tally.objects.using(DATABASE).filter(day__gte=since).values("code")
    found = counted.annotate(all_visits=Sum("visits"), all_tips=Sum("tips"))
    return {row["code"]: Counted(row["all_visits"], row["all_tips"]) for row in found}


def days(code: str, *, since: date) -> list[Tally]:
    """The days on which something was counted for a link, newest first."""
    return list(Tally.objects.using(DATABASE).filter(code=code, day__gte=since).order_by("-day"))
