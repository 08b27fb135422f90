"""Reads by host: what was reported on one, or leads there, and what was ever observed of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from lykta.core.vocabulary import ItemState
from lykta.lib.domains import is_address
from lykta.records.cases.models import Item
from lykta.records.tracing.models import Observation, Trace

READ_BACK = 2_000
"""So many of the newest observations of a host are put together for its page."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A fact about a host: what it is, what was said, from when to when, and in how many observations."""

    what: str
    fact: str
    first_at: datetime
    last_at: datetime
    times: int


def items_of_host(host: str) -> QuerySet[Item]:
    """Items on a host or leading there, newest first: a name with all names below it, or an IP address."""
    if is_address(host):
        leads = Trace.objects.filter(Q(final_host__in=(host, f"[{host}]")) | Q(addresses__icontains=f'"{host}"'))
        on_it = Q(host__in=(host, f"[{host}]"))
    else:
        leads = Trace.objects.filter(Q(final_host=host) | Q(final_host__endswith=f".{host}"))
        on_it = Q(host=host) | Q(host__endswith=f".{host}")
    return Item.objects.filter(on_it | Q(pk__in=leads.values("pk"))).order_by("-first_reported_at", "-pk")


def items_of_holder(number: int) -> QuerySet[Item]:
    """Items whose network this AS number announces, newest first."""
    there = Trace.objects.filter(asn=number)
    return Item.objects.filter(pk__in=there.values("pk")).order_by("-first_reported_at", "-pk")


def holder_of(number: int) -> str:
    """Who holds an AS number, as the newest trace of it says; "" where none does."""
    return Trace.objects.filter(asn=number).order_by("-at").values_list("holder", flat=True).first() or ""


def hosts_with_most(limit: int) -> list[tuple[str, int]]:
    """The hosts that most items were reported on: (name, items)."""
    named = Item.objects.exclude(host="").values_list("host")
    return list(named.annotate(items=Count("pk")).order_by("-items", "host")[:limit])


def counts_of(items: QuerySet[Item]) -> list[tuple[ItemState, int]]:
    """How many of these items are in which state, the most frequent first."""
    found = items.order_by().values_list("state").annotate(items=Count("pk")).order_by("-items", "state")
    return [(ItemState(state), count) for state, count in found]


def seen_of(items: QuerySet[Item]) -> list[Seen]:
    """What the newest observations said of these items' host, the newest facts first."""
    numbers = items.order_by().values("pk")
    found: dict[tuple[str, str], Seen] = {}
    for one in Observation.objects.filter(item__in=numbers).exclude(what="look").order_by("-at", "-pk")[:READ_BACK]:
        for fact in _facts(one):
            known = found.get((one.what, fact))
            last_at, times = (known.last_at, known.times + 1) if known else (one.at, 1)
            found[one.what, fact] = Seen(one.what, fact, one.at, last_at, times)
    return sorted(found.values(), key=lambda seen: (seen.last_at, seen.what, seen.fact), reverse=True)


def _facts(one: Observation) -> Iterator[str]:
    """What an observation said, one word for each thing."""
    facts = one.facts
    match one.what:
        case "names":
            yield from _texts(facts.get("addresses") or ())
        case "network" | "autnum":
            yield from _texts([facts.get("holder") or facts.get("name")])
        case "domain":
            yield from _texts([facts.get("registrar")])
        case "place":
            yield from _texts([facts.get("country")])


def _texts(found: Iterable[object]) -> list[str]:
    return [str(one) for one in found if one]
