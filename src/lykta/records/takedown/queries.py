"""Reads of watches."""

from collections.abc import Iterable

from lykta.records.cases.models import Item
from lykta.records.takedown.models import Sighting, Watch


def watches_of(items: Iterable[Item]) -> dict[int, Watch]:
    """The watches of several items, by the item's number."""
    return {one.item_id: one for one in Watch.objects.filter(item__in=list(items))}


def sightings_of(item: Item) -> list[Sighting]:
    """Every look at an item, newest first."""
    return list(Sighting.objects.filter(item=item).order_by("-at", "-pk"))
