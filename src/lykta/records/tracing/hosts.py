"""Reads by host: what was reported on one, or leads there, and what was ever observed of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from lykta.core.vocabulary import ItemState
from lykta.lib import domains
from lykta.records.cases.models import Item
from lykta.records.tracing.models import Observation, ServedFrom, Trace

COUNTED = 20_000
"""So many of the newest items say which hosts have most."""
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


def of_host(host: str, *, limit: int) -> list[int]:
    """Numbers of the newest items on a host or leading there: a name with all names below it, or an IP address.

    Each of the three ways is asked for its newest on its own, so that nobody counts through a host with a million.
    """
    domain = domains.part_of(host)
    on_it = Item.objects.filter(domain=domain)
    leads = Trace.objects.filter(final_domain=domain)
    if domain != host.strip("[]"):
        on_it = on_it.filter(Q(host=host) | Q(host__endswith=f".{host}"))
        leads = leads.filter(Q(final_host=host) | Q(final_host__endswith=f".{host}"))
    found = {
        *on_it.order_by("-pk").values_list("pk", flat=True)[:limit],
        *leads.order_by("-pk").values_list("pk", flat=True)[:limit],
    }
    if domains.is_address(domain):
        served = ServedFrom.objects.filter(address=domain).order_by("-item_id")
        found |= set(served.values_list("item_id", flat=True)[:limit])
    return sorted(found, reverse=True)[:limit]


def of_holder(number: int, *, limit: int) -> list[int]:
    """Numbers of the newest items whose network this AS number announces."""
    there = Trace.objects.filter(asn=number).order_by("-pk")
    return list(there.values_list("pk", flat=True)[:limit])


def holder_of(number: int) -> str:
    """Who holds an AS number, as the trace of the newest item there says; "" where none does."""
    return Trace.objects.filter(asn=number).order_by("-pk").values_list("holder", flat=True).first() or ""


def hosts_with_most(limit: int) -> list[tuple[str, int]]:
    """The hosts that most of the newest items were reported on: (name, items)."""
    newest = Item.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    named = Item.objects.filter(pk__gt=newest - COUNTED).exclude(host="").values_list("host")
    return list(named.annotate(items=Count("pk")).order_by("-items", "host")[:limit])


def counts_of(items: Iterable[int]) -> list[tuple[ItemState, int]]:
    """How many of the items with these numbers are in which state, the most frequent first."""
    found = (
        Item.objects.filter(pk__in=items).values_list("state").annotate(items=Count("pk")).order_by("-items", "state")
    )
    return [(ItemState(state), count) for state, count in found]


def seen_of(items: Iterable[int]) -> list[Seen]:
    """What the newest observations said of the host of the items with these numbers, the newest facts first."""
    found: dict[tuple[str, str], Seen] = {}
    for one in Observation.objects.filter(item__in=items).exclude(what="look").order_by("-at", "-pk")[:READ_BACK]:
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
