"""The queue: which cases, in which order, and what a row says of each. Nothing here counts through the items."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lykta.core.lifecycle import ENDED
from lykta.core.vocabulary import CaseState, Certification, ItemState
from lykta.lib import domains
from lykta.records.cases.models import Case, Item, Message
from lykta.records.cases.queries import DECIDED
from lykta.records.people.models import Staff

ALL, MINE, ASSESS, WAITING = "all", "mine", "assess", "waiting"
SHOWS = (ALL, MINE, ASSESS, WAITING)
"""Ways to look at it: all open cases, those in one's hands, those with something to do, those that wait for others."""


MOST_OF_A_HOST = 5_000
"""So many mentions on one host narrow the queue; who has more begins at the top all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants to see of the queue; "", 0 and False narrow nothing.

    `country` is that of a host (ISO 3166-1 alpha-2), `host` a name with all below it, or an address, with something
    left to do. `days`: waiting for at least so long. `incomplete`: the reporters stopped in the middle.
    """

    show: str = ALL
    topic: str = ""
    source: str = ""
    country: str = ""
    host: str = ""
    days: int = 0
    incomplete: bool = False


def queue(wanted: Wanted, *, by: Staff, now: datetime) -> QuerySet[Case]:
    """Open cases as somebody wants to see them, most urgent first; none that is not for them to take."""
    found = Case.objects.filter(_shown(wanted.show, by, now), state=CaseState.OPEN)
    preparation = by.preparation
    if preparation.left_out:
        found = found.exclude(topic__in=preparation.left_out)
    if preparation.certified_for is not Certification.FILMS:
        found = found.filter(needs__in=preparation.includes)
    for field in ("topic", "source"):
        if getattr(wanted, field):
            found = found.filter(**{field: getattr(wanted, field)})
    if wanted.country:
        found = found.filter(countries__contains=wanted.country)
    if wanted.host:
        found = found.filter(pk__in=_naming(wanted.host))
    if wanted.days:
        found = found.filter(opened_at__lte=now - timedelta(days=wanted.days))
    if wanted.incomplete:
        found = found.filter(complete=False)
    return found.order_by("rank", "opened_at", "pk")


def counts(*, by: Staff, now: datetime) -> dict[str, int]:
    """How many open cases there are to look at in each way."""
    found = {show: queue(Wanted(show=show), by=by, now=now).count() for show in (ALL, MINE, ASSESS)}
    return {**found, WAITING: found[ALL] - found[ASSESS]}


def rows(numbers: list[int]) -> list[Case]:
    """These cases in this order, each with how many items it names.

    `to_assess` and `tracing`: how many wait for whom; `known`: how many of those to assess were assessed before;
    `unread`: a reporter wrote, and nobody has read it.
    """
    ready = Q(reports__mentions__item__state=ItemState.READY)
    before = Q(reports__mentions__item__verdict__in=DECIDED)
    received = Q(reports__mentions__item__state=ItemState.RECEIVED)
    cases = Case.objects.filter(pk__in=numbers).select_related("claimed_by")
    found = cases.annotate(
        items=Count("reports__mentions__item", distinct=True),
        to_assess=Count("reports__mentions__item", filter=ready, distinct=True),
        known=Count("reports__mentions__item", filter=ready & before, distinct=True),
        tracing=Count("reports__mentions__item", filter=received, distinct=True),
        unread=Exists(Message.objects.filter(report__case=OuterRef("pk"), unread=True)),
    ).in_bulk()
    return [found[number] for number in numbers if number in found]


def known_to_decide(limit: int, *, by: Staff) -> list[Item]:
    """Items that wait for an analyst and were assessed before, those that have waited longest first.

    None that a case names which is about what is left out for this person. Nobody has to look at these.
    """
    ready = Item.objects.filter(state=ItemState.READY, verdict__in=DECIDED)
    if left_out := by.preparation.left_out:
        ready = ready.exclude(mentions__report__case__topic__in=left_out)
    return list(ready.order_by("state_at", "pk")[:limit])


def _shown(show: str, by: Staff, now: datetime) -> Q:
    match show:
        case "mine":
            return Q(claimed_by=by, claimed_until__gt=now)
        case "assess":
            return Q(to_do=True)
        case "waiting":
            return Q(to_do=False)
        case _:
            return Q()


def _naming(host: str) -> set[int]:
    """Numbers of the newest cases that name an item there with which something is left to do.

    Asked for first and on its own: which of the two is the shorter way, no database guesses well.
    """
    going_on = [state for state in ItemState if state not in ENDED]
    items = Item.objects.filter(domain=domains.part_of(host), state__in=going_on)
    if domains.part_of(host) != host:
        items = items.filter(Q(host=host) | Q(host__endswith=f".{host}"))
    cases = items.order_by("-pk").values_list("mentions__report__case", flat=True)
    return set(cases[:MOST_OF_A_HOST])
