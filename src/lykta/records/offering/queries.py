"""Reads of our own list."""

from collections.abc import Iterable, Iterator

from django.db.models import Count, F

from lykta.core.vocabulary import OfferState
from lykta.records.cases.models import Item
from lykta.records.offering.models import Confirmed, Opinion


def is_known(number: int) -> bool:
    """Whether there is such an entry, in whatever state."""
    return Confirmed.objects.filter(pk=number).exists()


def of_state(state: OfferState, *, limit: int) -> list[Confirmed]:
    """What stands there, with those who said so, newest first."""
    found = Confirmed.objects.filter(state=state).prefetch_related("opinions__by")
    return list(found.order_by("-state_at", "-pk")[:limit])


def counts() -> dict[str, int]:
    """How many are in each state; states that none is in are left out."""
    counted = Confirmed.objects.values("state").annotate(count=Count("pk"))
    return {row["state"]: row["count"] for row in counted}


def offered() -> Iterator[Confirmed]:
    """All that is on the list, in the order in which it was first confirmed, one at a time."""
    return Confirmed.objects.filter(state=OfferState.OFFERED).order_by("pk").iterator()


def unpublished(*, limit: int) -> list[Confirmed]:
    """What subscribers still see as it was, oldest first."""
    return list(Confirmed.objects.exclude(revision=F("published")).order_by("pk")[:limit])


def confirmed_on(item: Item) -> list[Confirmed]:
    """What somebody has said something of, having met it on this item."""
    return list(Confirmed.objects.filter(opinions__item=item).distinct().order_by("pk"))


def confirmed_by_digest(digests: Iterable[str]) -> dict[str, Confirmed]:
    """Those of these SHA-256 digests that anybody of ours has called abuse material."""
    return {one.sha256: one for one in Confirmed.objects.filter(sha256__in=list(digests))}


def confirmed_by_number(numbers: Iterable[object]) -> dict[object, Confirmed]:
    """By the numbers by which others know the entries."""
    return {one.number: one for one in Confirmed.objects.filter(number__in=list(numbers))}


def newest_opinions(confirmed: Confirmed) -> list[Opinion]:
    """What each person thinks of it now, in the order in which they said so."""
    newest = {one.by_id: one for one in sorted(confirmed.opinions.all(), key=lambda one: one.pk)}
    return list(newest.values())
