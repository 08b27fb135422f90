"""One's own figures for oneself, the group's only from five people on, dates of counselling for a welfare officer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.records.conftest import TakeIn
from tests.records.exposure.test_looking import MINUTE, NOON, show

from lykta.core.exposure import Wanted
from lykta.core.refusals import NotAllowed
from lykta.core.vocabulary import LookKind, Purpose, Role
from lykta.core.welfare import Share
from lykta.records.cases import queries as cases
from lykta.records.cases.models import Item
from lykta.records.exposure import actions, queries
from lykta.records.exposure.access import may_see_dates
from lykta.records.people import actions as people
from lykta.records.people.access import may_see_welfare
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db
AGAIN = Wanted(
    kind=LookKind.FILM,
    purpose=Purpose.SECOND_OPINION,
    known=True,
    certified=frozenset(LookKind),
    called_for=True,
)


@pytest.fixture
def item(report: TakeIn) -> Item:
    return cases.items_of(report().case)[0]


def five(item: Item) -> list[Staff]:
    """Five analysts, each of whom has looked twice at one item, for a minute each."""
    group = [
        people.invite(by="test", username=f"analyst{number}", password="a long enough one", role=Role.ANALYST)
        for number in range(5)
    ]
    for person in group:
        for at, severity in ((NOON, 1), (NOON + 5 * MINUTE, 3)):
            look = show(person, item, now=at)
            actions.end(by=person, look=look, severity=severity, now=at + MINUTE)
    return group


def test_ones_own_figures_are_exact(item: Item) -> None:
    first, *_ = five(item)
    actions.note_elsewhere(by=first, day=NOON.date(), minutes=20, system="", now=NOON)
    show(first, item, now=NOON + 20 * MINUTE, wanted=AGAIN)
    actions.leave(by=first, item=item, now=NOON)
    midnight = NOON.replace(hour=0)
    assert queries.own_share(first, since=midnight) == Share(seconds=120, elsewhere=20, new=1, known=1, passed=1)
    assert queries.severities(first, since=midnight) == [(1, 1), (3, 1)]
    assert queries.own_share(first, since=midnight + timedelta(days=1)) == Share()


def test_the_group_is_shown_from_five_people_on(item: Item) -> None:
    group = five(item)
    now = NOON + timedelta(days=40)
    march = next(one for one in queries.months(now=now) if one.first == date(2026, 3, 1))
    assert march.together
    assert (march.together.people, march.together.minutes, march.together.new) == (5, 10, 5)
    assert [one.together for one in queries.months(now=now) if one.first != date(2026, 3, 1)] == [None] * 11
    for person in group[:4]:
        show(person, item, now=now)
    assert queries.months(now=now + MINUTE)[0].together is None
    actions.note_counselling(by=group[4], day=now.date(), now=now)
    together = queries.months(now=now + MINUTE)[0].together
    assert together
    assert (together.people, together.counselling) == (5, 1)


def test_months_are_whole_and_do_not_overlap() -> None:
    found = queries.months(now=datetime(2026, 3, 31, 23, tzinfo=UTC))
    assert [one.first for one in found][:4] == [date(2026, 3, 1), date(2026, 2, 1), date(2026, 1, 1), date(2025, 12, 1)]
    assert len(found) == 12


def test_dates_of_counselling_are_the_persons_and_counted_by_month(anna: Staff, lena: Staff) -> None:
    for day in (date(2026, 2, 3), date(2026, 2, 20), date(2026, 2, 20), date(2026, 1, 5)):
        actions.note_counselling(by=anna, day=day, now=NOON)
    actions.note_counselling(by=lena, day=date(2024, 1, 1), now=NOON)
    assert queries.counselling_of(anna) == [date(2026, 2, 20), date(2026, 2, 3), date(2026, 1, 5)]
    assert queries.counselling_months(now=NOON) == [("anna", date(2026, 2, 1), 2), ("anna", date(2026, 1, 1), 1)]


@pytest.mark.parametrize("role", Role)
def test_leads_and_welfare_officers_see_the_group_and_only_the_latter_see_dates(role: Role) -> None:
    person = Staff(username="somebody", role=role)
    if role in {Role.LEAD, Role.WELFARE_OFFICER}:
        may_see_welfare(person)
    else:
        with pytest.raises(NotAllowed):
            may_see_welfare(person)
    assert may_see_dates(person) == (role is Role.WELFARE_OFFICER)
    assert not may_see_dates(Staff(username="gone", role=role, is_active=False))


def test_a_welfare_officer_sees_no_case() -> None:
    assert not Staff(username="vera", role=Role.WELFARE_OFFICER).sees_cases
