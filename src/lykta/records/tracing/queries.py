"""Reads of traces."""

from collections.abc import Iterable

from lykta.records.cases.models import Item
from lykta.records.tracing.models import Observation, Trace


def trace_of(item: Item) -> Trace | None:
    """The newest picture of where the item is, if it has been traced."""
    return Trace.objects.filter(item=item).first()


def traces_of(items: Iterable[Item]) -> dict[int, Trace]:
    """The newest pictures of several items, by the item's number."""
    return {trace.item_id: trace for trace in Trace.objects.filter(item__in=list(items))}


def observations_of(item: Item) -> list[Observation]:
    """Everything that was ever observed about the item, newest first."""
    return list(Observation.objects.filter(item=item).order_by("-at", "-pk"))
