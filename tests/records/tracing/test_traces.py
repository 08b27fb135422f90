"""Observations are kept for ever; the trace is the newest picture of them."""

from dataclasses import replace
from datetime import datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connections, router
from tests.records.conftest import TakeIn

from lykta.core.whereabouts import Whereabouts
from lykta.records.audit.models import Entry
from lykta.records.cases.models import Case, Item
from lykta.records.tracing import actions, hosts, queries
from lykta.records.tracing.actions import Observed
from lykta.records.tracing.models import Trace

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(report: TakeIn) -> Item:
    report()
    return Item.objects.get()


def seen(now: datetime, country: str) -> list[Observed]:
    return [Observed(what="place", source="ranges", at=now, facts={"country": country})]


def test_the_newest_picture_replaces_the_older_observations_stay(item: Item, now: datetime, later: datetime) -> None:
    for moment, country in ((now, "SE"), (later, "NL")):
        actions.keep(
            by="worker",
            item_number=item.pk,
            observed=seen(moment, country),
            summary={"host_country": country, "asn": 64500},
            now=moment,
        )
    trace = queries.trace_of(item)
    assert trace is not None
    assert (trace.host_country, trace.at) == ("NL", later)
    assert [one.facts["country"] for one in queries.observations_of(item)] == ["NL", "SE"]


def test_what_was_not_found_is_kept_too(item: Item, now: datetime) -> None:
    problem = Observed(what="network", source="RDAP", at=now, facts={}, problem="time-out")
    actions.keep(by="worker", item_number=item.pk, observed=[problem], summary={"missing": ["RDAP: time-out"]}, now=now)
    assert queries.observations_of(item)[0].problem == "time-out"
    assert queries.traces_of([item])[item.pk].missing == ["RDAP: time-out"]


def test_long_words_from_outside_are_cut(item: Item, now: datetime) -> None:
    problem = Observed(what="network", source="s" * 999, at=now, facts={}, problem="p" * 999)
    actions.keep(by="worker", item_number=item.pk, observed=[problem], summary={}, now=now)
    kept = queries.observations_of(item)[0]
    assert (len(kept.source), len(kept.problem)) == (200, 300)


def test_the_record_says_where_but_not_what(item: Item, now: datetime) -> None:
    actions.keep(
        by="worker", item_number=item.pk, observed=[], summary={"host_country": "SE", "title": "secret"}, now=now
    )
    facts = Entry.objects.get(word="item.traced").facts
    assert '"country":"SE"' in facts
    assert "secret" not in facts


def test_an_item_that_was_not_traced_has_no_trace(item: Item) -> None:
    assert queries.trace_of(item) is None
    assert queries.traces_of([item]) == {}


SWEDISH = Whereabouts(host="AS64500", host_name="Nordhost AS64500", addresses=("192.0.2.1",), country="SE")


def found(item: Item, where: Whereabouts, moment: datetime) -> list[str]:
    changes = actions.keep(by="worker", item_number=item.pk, observed=[], summary={}, now=moment, found=where)
    return [str(one.what) for one in changes]


def test_a_change_is_kept_once_with_what_was_before(item: Item, now: datetime, later: datetime) -> None:
    assert found(item, SWEDISH, now) == []
    assert found(item, replace(SWEDISH, country="NL"), later) == ["country"]
    assert found(item, replace(SWEDISH, country="NL"), later) == []
    (change,) = queries.changes_of_all([item])[item.pk]
    assert (change.what, change.before, change.after, change.at) == ("country", "SE", "NL", later)
    assert Entry.objects.get(word="item.elsewhere").facts == '{"what":["country"]}'


def test_a_trace_that_learnt_nothing_hides_no_change(item: Item, now: datetime, later: datetime) -> None:
    found(item, SWEDISH, now)
    found(item, Whereabouts(), now)
    assert found(item, replace(SWEDISH, host="AS64501", host_name="Polderhost"), later) == ["host"]


def test_a_change_is_raised_once_and_only_if_it_came_later(item: Item, now: datetime, later: datetime) -> None:
    found(item, SWEDISH, now)
    found(item, replace(SWEDISH, country="NL"), later)
    assert actions.raise_changes(item_number=item.pk, since=later) == []
    assert [one.after for one in actions.raise_changes(item_number=item.pk, since=now)] == ["NL"]
    assert actions.raise_changes(item_number=item.pk, since=now) == []


def test_a_hosts_items_are_found_by_where_they_end(report: TakeIn, now: datetime) -> None:
    report("http://a.host.example/ http://b.host.example/")
    for number in Item.objects.values_list("pk", flat=True):
        actions.keep(by="worker", item_number=number, observed=[], summary={"final_host": "end.example"}, now=now)
    assert len(hosts.of_host("end.example", limit=9)) == 2
    assert hosts.of_host("end.example", limit=1) == [Item.objects.latest("pk").pk]
    assert hosts.of_host("other.example", limit=9) == []


def test_a_case_knows_in_which_countries_something_in_it_is(report: TakeIn, item: Item, now: datetime) -> None:
    case = Case.objects.get()
    assert queries.countries_of(case) == set()
    actions.keep(by="worker", item_number=item.pk, observed=[], summary={"host_country": "SE"}, now=now)
    assert queries.countries_of(case) == {"SE"}


def test_older_traces_are_judged_anew_where_nothing_stood_in_front(report: TakeIn, now: datetime) -> None:
    report("http://a.host.example/ http://b.host.example/ http://c.host.example/")
    summaries: list[dict[str, object]] = [{"country": "SE"}, {"country": "US", "cdn": True}, {}]
    for number, summary in zip(Item.objects.order_by("pk").values_list("pk", flat=True), summaries, strict=True):
        actions.keep(by="worker", item_number=number, observed=[], summary=summary, now=now)
    migration = import_module("lykta.records.tracing.migrations.0002_places_and_hosts")
    migration.judge_anew(apps, connections[router.db_for_write(Item) or ""].schema_editor())
    judged = Trace.objects.order_by("pk").values_list("host_country", "host_confidence")
    assert list(judged) == [("SE", "likely"), ("", "unknown"), ("", "unknown")]


def test_what_waits_already_learns_who_may_look_at_it(report: TakeIn, now: datetime) -> None:
    kinds = ("video/mp4", "image/png", "text/html", "image/png")
    found = [report(f"http://h{number}.test/", seed=str(number)).case for number in range(len(kinds))]
    for item, kind in zip(Item.objects.order_by("pk"), kinds, strict=True):
        media = [{"address": item.address, "media_type": kind}]
        actions.keep(by="worker", item_number=item.pk, observed=[], summary={"fingerprints": media}, now=now)
        Item.objects.filter(pk=item.pk).update(state="ready")
    Item.objects.filter(pk=item.pk).update(verdict="illegal")
    migration = import_module("lykta.records.tracing.migrations.0005_needs")
    migration.fill_in(apps, connections[router.db_for_write(Item) or ""].schema_editor())
    assert list(Item.objects.order_by("pk").values_list("needs", flat=True)) == [
        "films",
        "pictures",
        "text",
        "pictures",
    ]
    assert [Case.objects.get(pk=one.pk).needs for one in found] == ["films", "pictures", "text", "text"]
