"""Every pair of state and event has an answer, and the answers make the river."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core.lifecycle import ENDED, TABLE, Decision, Event, StepWord, decide, may_close
from lykta.core.refusals import NotNow
from lykta.core.vocabulary import ItemState

ALL_PAIRS = list(product(ItemState, Event))


@pytest.mark.parametrize(("state", "event"), ALL_PAIRS)
def test_every_pair_is_decided_or_refused_with_a_reason(state: ItemState, event: Event) -> None:
    entry = TABLE[state, event]
    if isinstance(entry, Decision):
        assert decide(state, event) == entry
    else:
        with pytest.raises(NotNow, match=entry[:12]):
            decide(state, event)
        assert entry.endswith(".")


def test_the_table_holds_no_pair_that_does_not_exist() -> None:
    assert set(TABLE) == set(ALL_PAIRS)


@pytest.mark.parametrize(
    ("events", "last", "steps"),
    [
        ([Event.TRACED], ItemState.READY, ()),
        (
            [Event.TRACED, Event.FOUND_ILLEGAL],
            ItemState.REFERRED,
            (StepWord.TELL, StepWord.TELL_REPORTERS, StepWord.OFFER),
        ),
        ([Event.TRACED, Event.FOUND_ILLEGAL, Event.NOTICE_DUE], ItemState.NOTIFIED, (StepWord.SEND_NOTICE,)),
        ([Event.TRACED, Event.FOUND_ILLEGAL, Event.NOTICE_DUE, Event.WENT_AWAY], ItemState.GONE, (StepWord.SETTLE,)),
        ([Event.TRACED, Event.FOUND_ILLEGAL, Event.WENT_AWAY, Event.CAME_BACK], ItemState.READY, (StepWord.REOPEN,)),
        ([Event.TRACED, Event.FOUND_LEGAL], ItemState.DISMISSED, (StepWord.SETTLE, StepWord.OFFER)),
        ([Event.TRACED, Event.FOUND_LEGAL, Event.RECONSIDERED], ItemState.READY, (StepWord.REOPEN,)),
        ([Event.TRACED, Event.FOUND_LEGAL, Event.LISTED], ItemState.READY, (StepWord.REOPEN,)),
        ([Event.TRACED, Event.FOUND_NOTHING, Event.LISTED], ItemState.READY, (StepWord.REOPEN,)),
        ([Event.TRACED, Event.FOUND_ILLEGAL, Event.LISTED], ItemState.REFERRED, ()),
        ([Event.TRACED, Event.FOUND_NOTHING, Event.REPORTED_AGAIN], ItemState.RECEIVED, (StepWord.TRACE,)),
    ],
)
def test_the_ways_through_the_river(events: list[Event], last: ItemState, steps: tuple[StepWord, ...]) -> None:
    state = ItemState.RECEIVED
    decision = Decision(state)
    for event in events:
        decision = decide(state, event)
        state = decision.state
    assert state is last
    assert decision.steps == steps


@given(st.lists(st.sampled_from(Event), max_size=30))
def test_nobody_is_told_without_an_assessment_as_illegal(events: list[Event]) -> None:
    state, illegal = ItemState.RECEIVED, False
    for event in events:
        try:
            decision = decide(state, event)
        except NotNow:
            continue
        illegal = illegal or event is Event.FOUND_ILLEGAL
        if {StepWord.TELL, StepWord.SEND_NOTICE} & set(decision.steps):
            assert illegal
        state = decision.state


@given(st.lists(st.sampled_from(Event), max_size=30))
def test_what_was_told_is_never_taken_back(events: list[Event]) -> None:
    state = ItemState.RECEIVED
    told = {ItemState.REFERRED, ItemState.NOTIFIED}
    for event in events:
        before = state
        try:
            state = decide(state, event).state
        except NotNow:
            continue
        if before in told:
            assert state in told | {ItemState.GONE}


@pytest.mark.parametrize("state", list(ItemState))
def test_a_case_closes_when_its_item_has_ended(state: ItemState) -> None:
    assert may_close([(state, True, True)]) is (state in ENDED)


@pytest.mark.parametrize(
    ("items", "closes"),
    [
        ([(ItemState.REFERRED, False, True)], True),
        ([(ItemState.REFERRED, False, False)], False),
        ([(ItemState.REFERRED, True, True)], False),
        ([(ItemState.GONE, True, True), (ItemState.READY, True, True)], False),
        ([(ItemState.GONE, True, True), (ItemState.UNREACHABLE, True, True)], True),
    ],
)
def test_a_case_waits_for_all_its_items(items: list[tuple[ItemState, bool, bool]], *, closes: bool) -> None:
    assert may_close(items) is closes
