"""Which cases have something in common. Everything is asked for a bounded number of rows, never counted through."""

from collections.abc import Iterator
from dataclasses import dataclass

from lykta.core import correlation
from lykta.core.correlation import Identifier
from lykta.core.vocabulary import IdentifierKind, ItemKind
from lykta.records.cases import blind, models
from lykta.records.cases.models import Case, Item, Mention
from lykta.records.cases.queries import cases_naming

SHOWN = 12
"""Related cases that a person can read."""
_ROWS = 200
_HOSTS = 8
"""Hosts of one case that are compared: the newest."""


@dataclass(frozen=True, slots=True)
class RelatedCase:
    """Another case with a sentence for each thing that it has in common with this one, the most telling first."""

    case: Case
    weight: int
    sentences: tuple[str, ...]


def related_to(case: Case) -> list[RelatedCase]:
    """Cases that have most in common with this one."""
    links = [one for one in _links(case) if one[0] != case.pk]
    found = correlation.related(links)[:SHOWN]
    cases = Case.objects.in_bulk([one.case for one in found])
    return [RelatedCase(cases[one.case], one.weight, tuple(kind.sentence for kind in one.kinds)) for one in found]


def cases_with(identifier: Identifier) -> list[Case]:
    """Cases in whose reports this was found, the newest first."""
    rows = models.Identifier.objects.filter(tag=blind.tag(identifier), kind=identifier.kind)
    numbers = rows.order_by("-report_id").values_list("report__case", flat=True)[:_ROWS]
    return list(Case.objects.filter(pk__in=set(numbers)).order_by("-pk"))


def cases_with_item(item: Item) -> list[Case]:
    """Cases that name an item, the newest first."""
    return cases_naming(item)[::-1][:_ROWS]


def _links(case: Case) -> Iterator[tuple[int, IdentifierKind]]:
    items = list(Item.objects.filter(mentions__report__case=case).distinct().order_by("-pk")[:_ROWS])
    naming = Mention.objects.filter(item__in=items).exclude(report__case=case).order_by("-pk")
    for number in naming.values_list("report__case", flat=True)[:_ROWS]:
        yield number, IdentifierKind.ADDRESS
    tags = list(models.Identifier.objects.filter(report__case=case).values_list("tag", flat=True)[:_ROWS])
    alike = models.Identifier.objects.filter(tag__in=tags).exclude(report__case=case).order_by("-report_id")
    for number, kind in alike.values_list("report__case", "kind")[:_ROWS]:
        yield number, IdentifierKind(kind)
    hosts = dict.fromkeys(item.host for item in items if item.kind in {ItemKind.WEB, ItemKind.ONION})
    there = [number for host in list(hosts)[:_HOSTS] for number in _on_host(host)]
    beside = Mention.objects.filter(item__in=there).exclude(report__case=case).order_by("-pk")
    for number in beside.values_list("report__case", flat=True)[:_ROWS]:
        yield number, IdentifierKind.HOST


def _on_host(host: str) -> list[int]:
    """Numbers of the items on a host, none where everybody uses it."""
    if correlation.is_everybodys(host):
        return []
    items = list(Item.objects.filter(host=host).values_list("pk", flat=True)[: correlation.COMMON_HOST_ITEMS + 1])
    return [] if len(items) > correlation.COMMON_HOST_ITEMS else items
