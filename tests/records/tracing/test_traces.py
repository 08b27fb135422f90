"""Observations are kept for ever; the trace is the newest picture of them."""

from datetime import datetime

import pytest
from tests.records.conftest import TakeIn

from lykta.records.audit.models import Entry
from lykta.records.cases.models import Item
from lykta.records.tracing import actions, queries
from lykta.records.tracing.actions import Observed

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
            summary={"country": country, "asn": 64500},
            now=moment,
        )
    trace = queries.trace_of(item)
    assert trace is not None
    assert (trace.country, trace.at) == ("NL", later)
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
    actions.keep(by="worker", item_number=item.pk, observed=[], summary={"country": "SE", "title": "secret"}, now=now)
    facts = Entry.objects.get(word="item.traced").facts
    assert '"country":"SE"' in facts
    assert "secret" not in facts


def test_an_item_that_was_not_traced_has_no_trace(item: Item) -> None:
    assert queries.trace_of(item) is None
    assert queries.traces_of([item]) == {}
