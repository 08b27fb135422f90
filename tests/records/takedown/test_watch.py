"""Looking again: on time, once for each time, until it is gone and for a while after."""

from datetime import datetime, timedelta

import pytest
from tests.records.conftest import TakeIn

from lykta.core.lifecycle import Event, StepWord
from lykta.core.vocabulary import Outcome
from lykta.records.cases.models import Item
from lykta.records.steps.models import Step
from lykta.records.takedown import actions, queries
from lykta.records.takedown.models import Sighting, Watch

pytestmark = pytest.mark.django_db
EVERY = timedelta(minutes=1)


@pytest.fixture
def item(report: TakeIn, now: datetime) -> Item:
    report()
    made = Item.objects.get()
    actions.watch(item_number=made.pk, baseline="a" * 64, now=now, every=EVERY)
    return made


def look(item: Item, outcome: Outcome, now: datetime, sha256: str = "") -> Event | None:
    return actions.note_look(
        item_number=item.pk,
        outcome=outcome,
        status=None,
        media_type="image/png",
        sha256=sha256,
        reason="",
        now=now,
        every=EVERY,
    )


def planned() -> int:
    return Step.objects.filter(word=StepWord.LOOK).count()


def test_a_look_is_planned_when_it_is_due_and_once(item: Item, now: datetime) -> None:
    assert actions.plan_due(now=now) == 0
    assert actions.plan_due(now=now + EVERY) == 1
    assert actions.plan_due(now=now + EVERY) == 0
    assert planned() == 1


def test_the_next_look_is_due_after_the_last_was_noted(item: Item, now: datetime) -> None:
    actions.plan_due(now=now + EVERY)
    assert look(item, Outcome.PRESENT, now + EVERY) is None
    actions.plan_due(now=now + 2 * EVERY)
    assert planned() == 2


def test_three_misses_are_gone_since_the_first_of_them(item: Item, now: datetime) -> None:
    events = [look(item, Outcome.MISSING, now + step * EVERY) for step in (1, 2, 3)]
    assert events == [None, None, Event.WENT_AWAY]
    watch = Watch.objects.get()
    assert watch.gone
    assert watch.gone_at == now + EVERY


def test_a_sighting_between_begins_anew(item: Item, now: datetime) -> None:
    for step, outcome in enumerate([Outcome.MISSING, Outcome.PRESENT, Outcome.MISSING, Outcome.MISSING], 1):
        assert look(item, outcome, now + step * EVERY) is None
    assert look(item, Outcome.MISSING, now + 5 * EVERY) is Event.WENT_AWAY
    assert Watch.objects.get().gone_at == now + 3 * EVERY


def test_other_bytes_at_the_address_are_a_miss(item: Item, now: datetime) -> None:
    look(item, Outcome.PRESENT, now, sha256="b" * 64)
    assert Watch.objects.get().misses == 1
    look(item, Outcome.PRESENT, now, sha256="a" * 64)
    assert Watch.objects.get().misses == 0


def test_what_comes_back_is_seen(item: Item, now: datetime) -> None:
    for step in (1, 2, 3):
        look(item, Outcome.MISSING, now + step * EVERY)
    assert look(item, Outcome.PRESENT, now + 4 * EVERY) is Event.CAME_BACK
    assert not Watch.objects.get().gone


def test_every_look_is_kept(item: Item, now: datetime) -> None:
    for step in range(1, 6):
        look(item, Outcome.NO_ANSWER, now + step * EVERY)
    assert Sighting.objects.count() == 5
    assert next(one.at for one in queries.sightings_of(item)) == now + 5 * EVERY


def test_a_watch_ends_after_the_last_look_at_a_gone_item(item: Item, now: datetime) -> None:
    moment = now
    for _ in range(20):
        moment += EVERY
        look(item, Outcome.MISSING, moment)
    assert Watch.objects.get().due_at is None


def test_watching_again_begins_anew(item: Item, now: datetime) -> None:
    for step in (1, 2, 3):
        look(item, Outcome.MISSING, now + step * EVERY)
    actions.watch(item_number=item.pk, baseline="c" * 64, now=now, every=EVERY)
    watch = queries.watches_of([item])[item.pk]
    assert (watch.gone, watch.misses, watch.gone_at, watch.baseline) == (False, 0, None, "c" * 64)
