"""The page of a host and of a network's holder: all items there, and what was ever said of it."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from tests.sites.desk.scenes import WHOLE, client_of, page, ready_case, report, traced, words

from lykta.lib.clock import now
from lykta.records.cases.models import Item
from lykta.records.people.models import Staff
from lykta.records.tracing import actions as tracing
from lykta.records.tracing.actions import Observed
from lykta.sites.desk.hosts import ITEMS_ON_A_PAGE, read_host

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


def host(client: Client, name: str) -> str:
    return words(page(client, f"/hosts/?name={quote(name)}"))


def observe(item: Item, what: str, days_ago: int, **facts: object) -> None:
    """Something that a trace learnt some days ago."""
    at = now() - timedelta(days=days_ago)
    seen = Observed(what=what, source="a source", at=at, facts=facts)
    summary = {name: value for name, value in WHOLE.items() if name != "at"}
    tracing.keep(by="worker", item_number=item.pk, observed=[seen], summary=summary, now=at)


def test_a_host_lists_its_items_with_their_states_and_no_live_address(desk: Client) -> None:
    traced(report("http://pictures.nordhost.test/1 http://old.pictures.nordhost.test/2 http://other.example/3"))
    report("http://pictures.nordhost.test/not-traced-yet", seed="later")
    said = host(desk, "pictures.nordhost.test")
    assert "Items there, newest first 3" in said
    assert "hxxp://pictures[.]nordhost[.]test/1 to assess" in said
    assert "hxxp://old[.]pictures[.]nordhost[.]test/2" in said
    assert "hxxp://pictures[.]nordhost[.]test/not-traced-yet being traced" in said
    assert "other" not in said.partition("Host name or IP address")[0]
    assert "nordhost.test" not in said.replace('value="pictures.nordhost.test"', "")


def test_an_item_that_leads_to_a_host_is_one_of_its_items(desk: Client) -> None:
    traced(report("http://short.example/1"), final_host="pictures.nordhost.test")
    assert "hxxp://short[.]example/1" in host(desk, "pictures.nordhost.test")


def test_an_ip_address_lists_what_answers_from_it(desk: Client) -> None:
    traced(report("http://pictures.nordhost.test/1"), addresses=["192.0.2.10", "2001:db8::8"])
    traced(report("http://elsewhere.example/2"), addresses=["192.0.2.100"])
    for address in ("192.0.2.10", "2001:db8::8", "[2001:DB8::8]"):
        said = host(desk, address)
        assert "Items there, newest first 1" in said, address
        assert "hxxp://pictures[.]nordhost[.]test/1" in said


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pictures.nordhost.test", "pictures.nordhost.test"),
        ("pictures[.]nordhost[.]test", "pictures.nordhost.test"),
        ("hxxp://Pictures[.]nordhost[.]test/album/1", "pictures.nordhost.test"),
        ("192.0.2.10", "192.0.2.10"),
        ("2001:db8::8", "2001:db8::8"),
        ("Telegram", "telegram"),
        ("", ""),
    ],
)
def test_a_host_may_be_typed_as_it_was_read(typed: str, meant: str) -> None:
    assert read_host(typed) == meant


def test_what_was_said_of_a_host_has_a_first_and_a_last_day(desk: Client) -> None:
    _, item = ready_case()
    observe(item, "names", 9, addresses=["192.0.2.10"])
    observe(item, "names", 5, addresses=["192.0.2.10"])
    observe(item, "names", 1, addresses=["192.0.2.77"])
    observe(item, "place", 1, country="NL", source="ranges")
    observe(item, "network", 1, holder="Nordhost AB")
    observe(item, "domain", 1, registrar="A registrar")
    said = host(desk, "nordhost.test").partition("What was said of it")[2]
    first, second, third = ((now() - timedelta(days=days)).strftime("%-d %b %Y") for days in (9, 5, 1))
    assert said.index("192.0.2.77") < said.index("192.0.2.10")
    assert re.search(rf"Answers from 192\.0\.2\.10 {first}, [0-9:]+ {second}, [0-9:]+ 2 ", said)
    assert f"Answers from 192.0.2.77 {third}" in said
    assert "Place of an address Netherlands (NL)" in said
    assert "Network Nordhost AB" in said
    assert "Domain A registrar" in said


def test_many_items_are_shown_in_pages(desk: Client) -> None:
    report(" ".join(f"http://pictures.nordhost.test/{number}" for number in range(ITEMS_ON_A_PAGE + 1)))
    html = page(desk, "/hosts/?name=nordhost.test")
    assert 'href="?name=nordhost.test&amp;page=2"' in html
    assert "Page 2 of 2" in words(page(desk, "/hosts/?name=nordhost.test&page=2"))


def test_a_holder_lists_the_items_in_its_network(desk: Client) -> None:
    traced(report("http://pictures.nordhost.test/1"))
    traced(report("http://elsewhere.example/2"), asn=64501)
    said = words(page(desk, "/networks/64500/"))
    assert "Nordhost AB AS64500" in said
    assert "hxxp://pictures[.]nordhost[.]test/1" in said
    assert "elsewhere" not in said


def test_nothing_known_of_a_host_is_said(desk: Client) -> None:
    said = host(desk, "unknown.example")
    assert "unknown[.]example" in said
    assert "No item was reported there." in said
    assert "What was said of it" not in said


def test_without_a_name_the_hosts_with_most_items_are_offered(desk: Client) -> None:
    assert "No item has been reported yet." in words(page(desk, "/hosts/"))
    report("http://a.example/1 http://a.example/2 http://b.example/3")
    html = page(desk, "/hosts/")
    assert '<a href="?name=a.example">a[.]example</a>' in html
    assert "a[.]example 2 b[.]example 1" in words(html)


def test_the_page_of_an_item_leads_to_its_host_its_address_and_its_network(desk: Client) -> None:
    _, item = ready_case()
    html = page(desk, f"/items/{item.pk}/")
    for address, name in (
        ("/hosts/?name=nordhost.test", "nordhost[.]test"),
        ("/hosts/?name=192.0.2.10", "192.0.2.10"),
        ("/networks/64500/", "AS64500"),
    ):
        assert f'<a href="{address}">{name}</a>' in html


def test_what_has_no_server_has_no_such_links(desk: Client) -> None:
    [item] = traced(report("telegram:@somebody_example"))
    assert "All items of:" not in page(desk, f"/items/{item.pk}/")


def test_hosts_are_for_those_who_see_cases(adam: Staff) -> None:
    client = client_of(adam)
    for address in ("/hosts/", "/hosts/?name=nordhost.test", "/networks/64500/"):
        assert client.get(address).status_code == 404
