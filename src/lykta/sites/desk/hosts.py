"""The page of a host and of a network's holder: everything known of it, and all items there over time."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from lykta.core import locators
from lykta.core.vocabulary import ItemKind
from lykta.lib.domains import is_address, registrable
from lykta.records.audit.words import AuditWord
from lykta.records.cases.models import Item
from lykta.records.people.access import may_see_cases
from lykta.records.people.models import Staff
from lykta.records.tracing import hosts
from lykta.records.tracing import queries as tracing
from lykta.records.tracing.models import Trace
from lykta.sites.common.words import clean_line
from lykta.sites.desk.looks import note
from lykta.sites.desk.reading import country, harmless, observed
from lykta.sites.desk.verbs import answers

ITEMS_ON_A_PAGE = 50
MOST = 20
MOST_ITEMS = 1_000
"""So many of a host's items, the newest, are on its pages and in its counts; the figures count all."""
SEEN_OF = 100
ADDRESSES = 4
"""Addresses of one item that lead to pages of their own."""
_WITH_HOSTS = frozenset({ItemKind.WEB, ItemKind.ONION, ItemKind.IPFS})


@dataclass(frozen=True, slots=True)
class Known:
    """An item with its newest trace, if it has one."""

    item: Item
    trace: Trace | None


@answers("GET")
def host(request: HttpRequest, by: Staff) -> HttpResponse:
    """A host by name or IP address, as typed or pasted, also defanged; without one, where most items are."""
    may_see_cases(by)
    typed = clean_line(request.GET.get("name", ""))
    name = read_host(typed)
    if not name:
        return render(request, "hosts.html", {"typed": typed, "most": hosts.hosts_with_most(MOST)})
    return _show(request, by, title=harmless(name), numbers=hosts.of_host(name, limit=MOST_ITEMS), name=name)


@answers("GET")
def network(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Whoever announces a network, by AS number."""
    may_see_cases(by)
    holder = hosts.holder_of(number)
    numbers = hosts.of_holder(number, limit=MOST_ITEMS)
    title = " ".join(filter(None, (holder, f"AS{number}")))
    return _show(request, by, title=title, numbers=numbers)


def read_host(typed: str) -> str:
    """The host that somebody means, as it is stored: also a platform, which stands for the host of an account."""
    bare = typed.strip("[]").lower()
    if is_address(bare):
        return bare
    found = locators.read(typed)
    return found.host.strip("[]") if found and found.kind in _WITH_HOSTS else typed.lower()


def neighbours(item: Item, trace: Trace | None) -> list[tuple[str, str]]:
    """The pages of the host, its addresses and its network: (what it is called, the page's address)."""
    if not item.watchable:
        return []
    name = (trace.final_host if trace else "") or item.host
    addresses = trace.addresses[:ADDRESSES] if trace else []
    found = list(dict.fromkeys([name if is_address(name) else registrable(name), *addresses]))
    pages = [(harmless(one), f"{reverse('host')}?{urlencode({'name': one})}") for one in found]
    if trace and trace.asn:
        pages.append((f"AS{trace.asn}", reverse("network", args=[trace.asn])))
    return pages


def _show(request: HttpRequest, by: Staff, *, title: str, numbers: list[int], name: str = "") -> HttpResponse:
    note(by, AuditWord.HOST_LOOKED_UP, "hosts", items=len(numbers))
    page = Paginator(numbers, ITEMS_ON_A_PAGE).get_page(request.GET.get("page"))
    found = Item.objects.in_bulk(list(page))
    items = [found[number] for number in page if number in found]
    traces = tracing.traces_of(items)
    context = {
        "title": title,
        "name": name,
        "page": page,
        "known": [Known(item, traces.get(item.pk)) for item in items],
        "counts": hosts.counts_of(numbers),
        "more": len(numbers) == MOST_ITEMS,
        "seen": [_words(one) for one in hosts.seen_of(numbers[:SEEN_OF])],
    }
    return render(request, "host.html", context)


def _words(seen: hosts.Seen) -> dict[str, Any]:
    fact = country(seen.fact) if seen.what == "place" else seen.fact
    what = gettext("Answers from") if seen.what == "names" else observed(seen.what)
    return {"what": what, "fact": fact, "seen": seen}
