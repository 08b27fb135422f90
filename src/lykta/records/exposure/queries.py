"""Reads of exposure: a person's day, one's own months, and the sums of everybody."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from lykta.core import exposure, welfare
from lykta.core.exposure import Day
from lykta.core.welfare import Share, Together
from lykta.records.cases import fitness
from lykta.records.cases.models import Item
from lykta.records.exposure.models import Addition, Counselling, Elsewhere, Look, Passed, Preference
from lykta.records.people.models import Staff
from lykta.records.people.queries import case_workers


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a group; `together` is None where too few people took part."""

    first: date
    together: Together | None


def preference_of(person: Staff) -> Preference:
    """How a person wants to be shown things: the careful defaults until something else was chosen."""
    return Preference.objects.filter(person=person).first() or Preference(person=person)


def day_of(person: Staff, *, now: datetime) -> Day:
    """A person's day up to `now`, which carries the hotline's time zone."""
    looks = Look.objects.filter(person=person, shown_at__gte=_midnight(now)).order_by("shown_at", "pk")
    seen = [exposure.looked(shown=one.shown_at, ended=one.ended_at, now=now) for one in looks if one.shown_at]
    elsewhere = _sum(Elsewhere.objects.filter(person=person, day=now.date())) or 0
    more = _sum(Addition.objects.filter(person=person, day=now.date()))
    return Day(
        looked=seen,
        elsewhere=timedelta(minutes=elsewhere),
        more=None if more is None else timedelta(minutes=more),
        shift_ends=shift_end(person, now=now),
    )


def shift_end(person: Staff, *, now: datetime) -> timedelta | None:
    """When a person's working day ends, counted from the midnight of `now`'s zone, None where nobody said so."""
    if person.works_until is None:
        return None
    ends = datetime.combine(now.date(), person.works_until, UTC).astimezone(now.tzinfo)
    return timedelta(hours=ends.hour, minutes=ends.minute)


def additions_of(person: Staff, *, day: date) -> list[Addition]:
    """What leads have added to a person's day, with their reasons."""
    return list(Addition.objects.filter(person=person, day=day).select_related("by").order_by("at"))


def own_share(person: Staff, *, since: datetime) -> Share:
    """One's own figures since a moment of the hotline's own time, for oneself alone."""
    return _shares(since=since, until=None, people=[person.pk]).get(person.pk, Share())


def severities(person: Staff, *, since: datetime) -> list[tuple[int, int]]:
    """How many looks one has called 1, 2 or 3, since a moment."""
    said = Look.objects.filter(person=person, shown_at__gte=since).exclude(severity=None)
    return list(said.values_list("severity").annotate(Count("pk")).order_by("severity"))


def months(*, now: datetime, count: int = 12) -> list[Month]:
    """The group's months, newest first, the present one included."""
    found = []
    first = _midnight(now).replace(day=1)
    until = None
    for _ in range(count):
        group = _shares(since=first, until=until)
        found.append(Month(first.date(), welfare.together(group.values())))
        until, first = first, (first - timedelta(days=1)).replace(day=1)
    return found


def counselling_of(person: Staff) -> list[date]:
    """One's own dates, newest first."""
    return list(Counselling.objects.filter(person=person).order_by("-day").values_list("day", flat=True))


def counselling_months(*, now: datetime) -> list[tuple[str, date, int]]:
    """For a welfare officer: who talked to a counsellor in which month of the last twelve, and how often."""
    since = (_midnight(now) - timedelta(days=365)).date().replace(day=1)
    found = Counselling.objects.filter(day__gte=since).annotate(month=TruncMonth("day")).values("person", "month")
    counted = found.annotate(times=Count("pk")).order_by("person__username", "-month")
    return list(counted.values_list("person__username", "month", "times"))


def asked_of(person: Staff) -> list[Passed]:
    """What colleagues have asked this person to take, oldest first."""
    waiting = Passed.objects.filter(to=person, taken_at=None).select_related("person", "item")
    return list(waiting.order_by("at"))


def colleagues_of(person: Staff, item: Item) -> list[Staff]:
    """Who else may look at an item, by name."""
    return [one for one in case_workers() if one != person and fitness.may_look(one, item)]


def _shares(*, since: datetime, until: datetime | None, people: Iterable[int] | None = None) -> dict[int, Share]:
    """The share of everybody who looked at anything in a span of the hotline's own time."""
    spans: dict[int, dict[str, int]] = defaultdict(dict)
    seen = _within(Look.objects.exclude(shown_at=None), "shown_at", since, until, people)
    looks = seen.values("person").annotate(
        seconds=Sum("seconds"),
        new=Count("item", distinct=True, filter=Q(known=False)),
        known=Count("item", distinct=True, filter=Q(known=True)),
    )
    for one in looks:
        spans[one.pop("person")] |= one
    others = (
        ("elsewhere", Sum("minutes"), _within(Elsewhere.objects.all(), "day", since.date(), until, people)),
        ("passed", Count("pk"), _within(Passed.objects.all(), "at", since, until, people)),
        ("counselling", Count("pk"), _within(Counselling.objects.all(), "day", since.date(), until, people)),
    )
    for name, sum_up, rows in others:
        for person, value in rows.values_list("person").annotate(sum_up):
            spans[person][name] = value
    return {person: Share(**span) for person, span in spans.items()}


def _within(
    rows: QuerySet[Any], field: str, since: date, until: datetime | None, people: Iterable[int] | None
) -> QuerySet[Any]:
    found = rows.filter(**{f"{field}__gte": since})
    if until is not None:
        found = found.filter(**{f"{field}__lt": until if isinstance(since, datetime) else until.date()})
    return found if people is None else found.filter(person__in=people)


def _sum(rows: QuerySet[Any]) -> int | None:
    found: int | None = rows.aggregate(total=Sum("minutes"))["total"]
    return found


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
