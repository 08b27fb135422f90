"""For whom which work is: every certification against every need, topics, and shifts of every kind."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lykta.core.fitness import Hours, Preparation, needed, uncovered, unfit
from lykta.core.vocabulary import Certification, LookKind, Topic, Unfit

TEXT, PICTURES, FILMS = Certification
ALL_OF_IT = Preparation(certified_for=FILMS)
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kinds", "wanted"),
    [
        ((), TEXT),
        ((LookKind.PICTURE,), PICTURES),
        ((LookKind.FILM,), FILMS),
        ((LookKind.FILM, LookKind.PICTURE), FILMS),
    ],
)
def test_who_looks_has_to_be_certified_for_the_gravest_kind(kinds: tuple[LookKind, ...], wanted: Certification) -> None:
    assert needed(kinds) is wanted


@pytest.mark.parametrize(
    ("certified", "fit"), [(TEXT, [TEXT]), (PICTURES, [TEXT, PICTURES]), (FILMS, [TEXT, PICTURES, FILMS])]
)
def test_nobody_is_given_what_they_are_not_certified_for(certified: Certification, fit: list[Certification]) -> None:
    person = Preparation(certified_for=certified)
    assert [needs for needs in Certification if unfit(person, topics=[Topic.WEB], needs=needs) is None] == fit
    for needs in set(Certification) - set(fit):
        assert unfit(person, topics=[Topic.WEB], needs=needs) is Unfit.NOT_CERTIFIED


def test_what_somebody_wants_to_be_spared_comes_before_what_they_are_not_prepared_for() -> None:
    both = Preparation(certified_for=TEXT, unprepared_for=frozenset({"trade"}), spared=frozenset({"trade", "web"}))
    assert unfit(both, topics=[Topic.TRADE], needs=FILMS) is Unfit.SPARED
    unprepared = Preparation(certified_for=FILMS, unprepared_for=frozenset({"trade"}))
    assert unfit(unprepared, topics=[Topic.TRADE]) is Unfit.NOT_PREPARED
    assert unfit(unprepared, topics=[Topic.WEB]) is None


def test_one_report_that_somebody_may_read_is_enough() -> None:
    person = Preparation(certified_for=FILMS, unprepared_for=frozenset({"trade"}), spared=frozenset({"web"}))
    assert unfit(person, topics=[Topic.WEB, Topic.TRAVEL]) is None
    assert unfit(person, topics=[Topic.WEB, Topic.TRADE]) is Unfit.NOT_PREPARED
    assert unfit(person, topics=[]) is None


def test_what_nobody_may_be_given_is_known_by_topic_and_need() -> None:
    assert uncovered([ALL_OF_IT]) == []
    words = Preparation(certified_for=TEXT, spared=frozenset({"trade"}))
    assert (Topic.WEB, TEXT) not in uncovered([words])
    assert {(Topic.WEB, PICTURES), (Topic.TRADE, TEXT)} <= set(uncovered([words]))
    assert len(uncovered([])) == len(Topic) * len(Certification)


@given(some.lists(some.sampled_from(Topic)), some.sampled_from(Certification), some.sampled_from(Topic))
def test_a_group_covers_exactly_what_one_of_it_may_be_given(
    spared: list[Topic], certified: Certification, topic: Topic
) -> None:
    group = [Preparation(certified_for=certified), Preparation(certified_for=FILMS, spared=frozenset(spared))]
    for needs in Certification:
        somebody = any(unfit(one, topics=[topic], needs=needs) is None for one in group)
        assert ((topic, needs) in uncovered(group)) is not somebody


@pytest.mark.parametrize(
    ("hours", "moment", "works"),
    [
        (Hours(days="12345"), MONDAY, True),
        (Hours(days="12345"), MONDAY + timedelta(hours=23, minutes=59), True),
        (Hours(days="12345"), MONDAY - timedelta(minutes=1), False),
        (Hours(days=""), MONDAY, False),
        (Hours(days="1", begins=time(8), ends=time(17)), MONDAY + timedelta(hours=8), True),
        (Hours(days="1", begins=time(8), ends=time(17)), MONDAY + timedelta(hours=17), False),
        (Hours(days="1", begins=time(22), ends=time(6)), MONDAY + timedelta(hours=23), True),
        (Hours(days="1", begins=time(22), ends=time(6)), MONDAY + timedelta(days=1, hours=5), True),
        (Hours(days="1", begins=time(22), ends=time(6)), MONDAY + timedelta(hours=5), False),
        (Hours(days="7", begins=time(22), ends=time(6)), MONDAY + timedelta(hours=5), True),
        (Hours(days="1", begins=time(22), ends=time(6)), MONDAY + timedelta(hours=12), False),
    ],
)
def test_a_shift_belongs_to_the_day_on_which_it_began(hours: Hours, moment: datetime, *, works: bool) -> None:
    assert hours.include(moment) is works
