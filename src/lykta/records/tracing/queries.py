"""Reads of traces."""

from collections.abc import Iterable

from lykta.records.cases.models import Case, Item
from lykta.records.tracing.models import Change, Observation, Trace


def trace_of(item: Item) -> Trace | None:
    """The newest picture of where the item is, if it has been traced."""
    return Trace.objects.filter(item=item).first()


def traces_of(items: Iterable[Item]) -> dict[int, Trace]:
    """The newest pictures of several items, by the item's number."""
    return {trace.item_id: trace for trace in Trace.objects.filter(item__in=list(items))}


def countries_of(case: Case) -> set[str]:
    """The countries in which hosts of the case's items are, or may be."""
    named = Trace.objects.filter(item__mentions__report__case=case).exclude(host_country="")
    return set(named.values_list("host_country", flat=True).distinct())


def observations_of(item: Item) -> list[Observation]:
    """Everything that was ever observed about the item, newest first."""
    return list(Observation.objects.filter(item=item).order_by("-at", "-pk"))


def changes_of_all(items: Iterable[Item]) -> dict[int, list[Change]]:
    """What changed about several items, newest first, by the item's number."""
    found: dict[int, list[Change]] = {}
    for change in Change.objects.filter(item__in=list(items)).order_by("-at", "-pk"):
        found.setdefault(change.item_id, []).append(change)
    return found
