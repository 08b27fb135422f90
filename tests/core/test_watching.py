"""What one look after another adds up to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykta.core.clocks import MISSES_UNTIL_GONE
from lykta.core.lifecycle import Event
from lykta.core.vocabulary import Outcome
from lykta.core.watching import Watched, after_look, seen

A, B = "a" * 64, "b" * 64


@pytest.mark.parametrize(
    ("outcome", "media_type", "sha256", "expected"),
    [
        (Outcome.PRESENT, "text/html", A, True),
        (Outcome.PRESENT, "text/html", B, True),
        (Outcome.PRESENT, "image/png", A, True),
        (Outcome.PRESENT, "image/png", B, False),
        (Outcome.PRESENT, "video/mp4", B, False),
        (Outcome.PRESENT, "image/png", "", True),
        (Outcome.LOCKED, "text/html", "", True),
        (Outcome.MISSING, "", "", False),
        (Outcome.NO_NAME, "", "", False),
        (Outcome.NO_ANSWER, "", "", False),
        (Outcome.REFUSED, "", "", None),
    ],
)
def test_what_a_look_says(outcome: Outcome, media_type: str, sha256: str, *, expected: bool | None) -> None:
    assert seen(outcome=outcome, media_type=media_type, sha256=sha256, baseline=A) is expected


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_says_something(outcome: Outcome) -> None:
    assert seen(outcome=outcome, media_type="", sha256="", baseline="") in {True, False, None}


def run(looks: list[bool | None]) -> tuple[Watched, list[Event]]:
    watched, events = Watched(), []
    for look in looks:
        watched, event = after_look(watched, look)
        if event:
            events.append(event)
    return watched, events


@pytest.mark.parametrize(
    ("looks", "events"),
    [
        ([True, True], []),
        ([False, False], []),
        ([False, False, True, False, False], []),
        ([False, False, False], [Event.WENT_AWAY]),
        ([False, None, False, None, False], [Event.WENT_AWAY]),
        ([False, False, False, False], [Event.WENT_AWAY]),
        ([False, False, False, True], [Event.WENT_AWAY, Event.CAME_BACK]),
        ([False, False, False, None, True], [Event.WENT_AWAY, Event.CAME_BACK]),
        ([False, False, False, True, False, False, False], [Event.WENT_AWAY, Event.CAME_BACK, Event.WENT_AWAY]),
    ],
)
def test_three_misses_in_a_row_mean_gone(looks: list[bool | None], events: list[Event]) -> None:
    assert run(looks)[1] == events


@given(st.lists(st.sampled_from([True, False, None])))
def test_events_alternate_and_begin_with_going(looks: list[bool | None]) -> None:
    events = run(looks)[1]
    expected = [Event.WENT_AWAY, Event.CAME_BACK] * len(events)
    assert events == expected[: len(events)]


@given(st.lists(st.sampled_from([True, None])))
def test_nothing_goes_without_a_miss(looks: list[bool | None]) -> None:
    watched, events = run(looks)
    assert events == []
    assert watched.misses < MISSES_UNTIL_GONE
