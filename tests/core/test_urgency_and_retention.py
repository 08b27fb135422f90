"""What comes first, and what is forgotten when."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis.strategies import booleans, integers, tuples

from lykta.core.refusals import NotUnderstood
from lykta.core.retention import DEFAULT, HOLD_LONGEST, Retention, check_hold, due
from lykta.core.urgency import urgency, without_items
from lykta.core.vocabulary import ListFinding, Topic

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("topic", "came_back", "reporters", "home_host", "rank", "words"),
    [
        (Topic.CONTACT, False, 1, False, 1, "danger"),
        (Topic.OWN_PICTURE, True, 9, True, 1, "danger"),
        (Topic.WEB, True, 9, True, 2, "again"),
        (Topic.WEB, False, 9, True, 3, "our country"),
        (Topic.WEB, False, 3, False, 4, "Three reporters"),
        (Topic.WEB, False, 1, False, 5, "New, not known"),
    ],
)
def test_the_order_of_the_queue(
    topic: Topic, *, came_back: bool, reporters: int, home_host: bool, rank: int, words: str
) -> None:
    found = urgency(topic=topic, danger=False, came_back=came_back, reporters=reporters, home_host=home_host)
    assert found.rank == rank
    assert words in found.reason


@pytest.mark.parametrize(
    ("known", "rank", "words"),
    [
        (ListFinding.ILLEGAL, 2, "Known: no look needed."),
        (ListFinding.CHECK, 2, "has to be checked"),
        (ListFinding.NEAR, 2, "again"),
        (ListFinding.HARMLESS, 2, "again"),
        (ListFinding.UNKNOWN, 2, "again"),
    ],
)
def test_what_is_known_comes_after_a_child_and_before_all_else(known: ListFinding, rank: int, words: str) -> None:
    given = {"danger": False, "came_back": True, "reporters": 1, "home_host": True, "moved": True, "known": known}
    found = urgency(topic=Topic.WEB, **given)  # type: ignore[arg-type]
    assert found.rank == rank
    assert words in found.reason
    assert urgency(topic=Topic.CONTACT, **given).rank == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("topic", "danger", "came_back", "home"), list(product(Topic, [True, False], [True, False], [True, False]))
)
def test_every_case_has_a_rank_and_a_reason(topic: Topic, *, danger: bool, came_back: bool, home: bool) -> None:
    found = urgency(topic=topic, danger=danger, came_back=came_back, reporters=1, home_host=home)
    assert 0 <= found.rank <= 6
    assert found.reason.endswith(".")
    assert (found.rank == 0) is danger


@pytest.mark.parametrize(
    ("topic", "danger", "rank"), [(Topic.WEB, False, 3), (Topic.TRAVEL, False, 1), (Topic.WEB, True, 0)]
)
def test_words_without_an_address_are_read_after_a_child_in_danger(topic: Topic, *, danger: bool, rank: int) -> None:
    assert without_items(topic=topic, danger=danger).rank == rank


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("illegal", "rules", "contact", "words"),
    [
        (True, DEFAULT, 90 * DAY, 365 * DAY),
        (False, DEFAULT, 30 * DAY, 30 * DAY),
        (True, Retention(words=60 * DAY), 60 * DAY, 60 * DAY),
        (False, Retention(contact=7 * DAY), 7 * DAY, 30 * DAY),
    ],
)
def test_the_contact_goes_first_and_an_unfounded_report_soon(
    *, illegal: bool, rules: Retention, contact: timedelta, words: timedelta
) -> None:
    found = due(closed_at=NOW, anything_illegal=illegal, rules=rules)
    assert (found.contact_at, found.words_at) == (NOW + contact, NOW + words)


@given(days=tuples(integers(0, 4000), integers(0, 4000), integers(0, 4000)), illegal=booleans())
def test_the_contact_is_never_kept_longer_than_the_words(days: tuple[int, int, int], *, illegal: bool) -> None:
    unfounded, contact, words = (timedelta(days=one) for one in days)
    rules = Retention(unfounded=unfounded, contact=contact, words=words)
    found = due(closed_at=NOW, anything_illegal=illegal, rules=rules)
    assert NOW <= found.contact_at <= found.words_at


@pytest.mark.parametrize("until", [NOW, NOW - DAY, NOW + HOLD_LONGEST + DAY])
def test_a_hold_ends_and_within_a_year(until: datetime) -> None:
    with pytest.raises(NotUnderstood, match="within a year"):
        check_hold(until=until, now=NOW)
    check_hold(until=NOW + HOLD_LONGEST, now=NOW)
