"""The definition of every published figure, over plain facts.

A figure without its definition is never shown. Small counts of people do not occur here: these are counts of
reports, items and hours. Medians are of whole minutes, over the items for which both times are known.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from lykta.core.vocabulary import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """What counting needs to know of one item."""

    first_reported_at: datetime
    verdict: Verdict | None = None
    host_country: str = ""
    police_told_at: datetime | None = None
    host_told_at: datetime | None = None
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A published number: `value` is None where nothing has been measured yet."""

    name: str
    value: float | None
    unit: str
    definition: str


@dataclass(frozen=True, slots=True)
class CountryCount:
    """Illegal items by the country of the server; "" counts those without a known country."""

    country: str
    items: int


def figures(items: Iterable[ItemFacts], *, reports: int) -> tuple[Figure, ...]:
    """All published figures."""
    known = list(items)
    illegal = [item for item in known if item.verdict is Verdict.ILLEGAL]
    return (
        Figure(
            "reports",
            reports,
            "reports",
            "Reports received through any door; one report may name many items.",
        ),
        Figure("items", len(known), "items", "Different addresses, accounts and places named in the reports."),
        Figure("illegal", len(illegal), "items", "Items that an analyst assessed as illegal under our law."),
        Figure(
            "gone",
            sum(item.gone_at is not None for item in illegal),
            "items",
            "Illegal items that three looks in a row did not find any more.",
        ),
        Figure(
            "to_police",
            _median_minutes((item.first_reported_at, item.police_told_at) for item in illegal),
            "minutes",
            "Median time from the first report of an illegal item until the police's mail server took our message.",
        ),
        Figure(
            "to_host",
            _median_minutes((item.first_reported_at, item.host_told_at) for item in illegal),
            "minutes",
            "Median time from the first report of an illegal item until the host's mail server took our notice.",
        ),
        Figure(
            "to_removal",
            _median_minutes((item.first_reported_at, item.gone_at) for item in illegal),
            "minutes",
            "Median time from the first report of an illegal item until the first of the looks that found it gone.",
        ),
    )


def by_country(items: Iterable[ItemFacts]) -> tuple[CountryCount, ...]:
    """Illegal items by the country of the server, most first."""
    counts = Counter(item.host_country for item in items if item.verdict is Verdict.ILLEGAL)
    return tuple(CountryCount(country, count) for country, count in counts.most_common())


def _median_minutes(spans: Iterable[tuple[datetime, datetime | None]]) -> float | None:
    minutes = [(end - start).total_seconds() / 60 for start, end in spans if end is not None]
    return round(median(minutes), 1) if minutes else None
