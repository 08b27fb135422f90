"""Reads by host: a name with all below it, an address with all that answers from it, a holder with its networks."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.records.conftest import TakeIn

from lykta.core.vocabulary import ItemState
from lykta.records.cases import queries as cases
from lykta.records.cases.models import Item
from lykta.records.tracing import actions, hosts, queries
from lykta.records.tracing.actions import Observed
from lykta.records.tracing.models import Change

pytestmark = pytest.mark.django_db

ADDRESSES = ("http://a.example/1", "http://cdn.a.example/2", "http://not-a.example/3", "http://192.0.2.10/4")


@pytest.fixture
def items(report: TakeIn) -> dict[str, Item]:
    """An item at each of the addresses, none traced yet."""
    return {item.address: item for item in cases.items_of(report(" ".join(ADDRESSES)).case)}


def keep(item: Item, now: datetime, *observed: Observed, **summary: Any) -> None:
    actions.keep(by="worker", item_number=item.pk, observed=observed, summary=summary, now=now)


def addresses(numbers: list[int]) -> set[str]:
    return set(Item.objects.filter(pk__in=numbers).values_list("address", flat=True))


def test_a_name_stands_for_all_names_below_it_and_no_other(items: dict[str, Item]) -> None:
    assert addresses(hosts.of_host("a.example", limit=9)) == {"http://a.example/1", "http://cdn.a.example/2"}
    assert addresses(hosts.of_host("cdn.a.example", limit=9)) == {"http://cdn.a.example/2"}
    assert addresses(hosts.of_host("example.test", limit=9)) == set()


def test_an_item_is_also_where_it_leads_to(items: dict[str, Item], now: datetime) -> None:
    keep(items[ADDRESSES[2]], now, final_host="www.a.example")
    assert ADDRESSES[2] in addresses(hosts.of_host("a.example", limit=9))
    assert ADDRESSES[2] in addresses(hosts.of_host("not-a.example", limit=9))


def test_an_address_is_found_whole_and_not_as_a_part_of_another(items: dict[str, Item], now: datetime) -> None:
    keep(items[ADDRESSES[0]], now, addresses=["192.0.2.10", "2001:db8::8"])
    keep(items[ADDRESSES[1]], now, addresses=["192.0.2.100"])
    assert addresses(hosts.of_host("192.0.2.10", limit=9)) == {ADDRESSES[0], ADDRESSES[3]}
    assert addresses(hosts.of_host("2001:db8::8", limit=9)) == {ADDRESSES[0]}
    assert addresses(hosts.of_host("192.0.2.1", limit=9)) == set()


def test_a_holder_has_the_items_that_its_number_announces(items: dict[str, Item], now: datetime) -> None:
    keep(items[ADDRESSES[0]], now, asn=64500, holder="Old name")
    keep(items[ADDRESSES[1]], now + timedelta(days=1), asn=64500, holder="New name")
    keep(items[ADDRESSES[2]], now, asn=64501, holder="Somebody else")
    assert addresses(hosts.of_holder(64500, limit=9)) == {ADDRESSES[0], ADDRESSES[1]}
    assert hosts.holder_of(64500) == "New name"
    assert hosts.holder_of(64511) == ""


def test_items_are_counted_by_state(items: dict[str, Item]) -> None:
    Item.objects.filter(address=ADDRESSES[1]).update(state=ItemState.GONE)
    found = hosts.counts_of(hosts.of_host("a.example", limit=9))
    assert sorted(found) == [(ItemState.GONE, 1), (ItemState.RECEIVED, 1)]


def test_the_hosts_with_most_items_come_first(items: dict[str, Item], report: TakeIn) -> None:
    report("http://not-a.example/5", seed="another")
    assert hosts.hosts_with_most(2) == [("not-a.example", 2), ("192.0.2.10", 1)]


def test_what_was_said_is_put_together_with_its_first_and_last_time(items: dict[str, Item], now: datetime) -> None:
    def names(days: int, *found: str) -> Observed:
        at = now + timedelta(days=days)
        return Observed(what="names", source="s", at=at, facts={"addresses": list(found)})

    looked = Observed(what="look", source="s", at=now, facts={"outcome": "present"})
    silent = Observed(what="network", source="s", at=now, facts={}, problem="no answer")
    keep(items[ADDRESSES[0]], now, names(0, "192.0.2.10"), looked, silent)
    keep(items[ADDRESSES[1]], now, names(3, "192.0.2.10", "192.0.2.11"))
    keep(items[ADDRESSES[2]], now, names(4, "192.0.2.99"))
    found = hosts.seen_of(hosts.of_host("a.example", limit=9))
    assert [(one.fact, one.first_at, one.last_at, one.times) for one in found] == [
        ("192.0.2.11", now + timedelta(days=3), now + timedelta(days=3), 1),
        ("192.0.2.10", now, now + timedelta(days=3), 2),
    ]


def test_changes_of_several_items_come_newest_first(items: dict[str, Item], now: datetime) -> None:
    first, second = items[ADDRESSES[0]], items[ADDRESSES[1]]
    for days, item in ((0, first), (2, first), (1, second)):
        Change.objects.create(item=item, at=now + timedelta(days=days), what="host", before="a", after=str(days))
    found = queries.changes_of_all(items.values())
    assert {number: [one.after for one in changes] for number, changes in found.items()} == {
        first.pk: ["2", "0"],
        second.pk: ["1"],
    }
