"""Where somebody is logged in: begun, used, over, ended; nothing of an address."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.records.people.cast import NOW, invite, words_written

from lykta.core.vocabulary import Role
from lykta.records.people import actions, queries, sessions
from lykta.records.people.models import DeskSession, Staff

pytestmark = pytest.mark.django_db

LONGEST, IDLE = timedelta(hours=8), timedelta(hours=1)


@pytest.fixture
def anna(db: None) -> Staff:
    return invite(Role.ANALYST)


def begin(staff: Staff) -> str:
    return str(sessions.begin(by=staff, factor=7, device="Firefox, Linux", now=NOW))


def used(number: object, staff: Staff, **later: float) -> DeskSession | None:
    return sessions.use(number, staff=staff, now=NOW + timedelta(**later), longest=LONGEST, idle=IDLE)


def test_a_session_is_begun_used_and_noted(anna: Staff) -> None:
    number = begin(anna)
    found = used(number, anna, minutes=30)
    assert found
    assert found.factor == 7
    [kept] = queries.sessions_of(anna)
    assert (kept.device, kept.began_at, kept.used_at) == ("Firefox, Linux", NOW, NOW + timedelta(minutes=30))
    assert words_written()[-1] == "staff.logged_in"


def test_a_session_ends_after_an_hour_without_a_page_and_after_a_day_of_work(anna: Staff) -> None:
    idle, busy = begin(anna), begin(anna)
    for minutes in range(40, 480, 40):
        assert used(busy, anna, minutes=minutes)
    assert used(idle, anna, minutes=60) is None
    assert used(busy, anna, minutes=480) is None
    assert queries.sessions_of(anna) == []


def test_reading_page_after_page_does_not_write(anna: Staff) -> None:
    number = begin(anna)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        used(number, anna, seconds=30)
    assert [one["sql"] for one in asked if not one["sql"].startswith("SELECT")] == []


def test_what_is_over_is_swept_away_and_the_rest_stays(anna: Staff) -> None:
    _, used_now = begin(anna), begin(anna)
    used(used_now, anna, minutes=50)
    sessions.sweep(now=NOW + timedelta(minutes=70), longest=LONGEST, idle=IDLE)
    assert [str(one.number) for one in queries.sessions_of(anna)] == [used_now]
    sessions.sweep(now=NOW + LONGEST, longest=LONGEST, idle=LONGEST)
    assert queries.sessions_of(anna) == []


@pytest.mark.parametrize("number", [None, 7, "00000000-0000-0000-0000-000000000000"])
def test_what_is_no_session_opens_nothing(anna: Staff, number: object) -> None:
    begin(anna)
    assert used(number, anna) is None


def test_nobody_uses_the_session_of_somebody_else(anna: Staff) -> None:
    assert used(begin(anna), invite(Role.LEAD)) is None


def test_one_session_ends_and_others_go_on(anna: Staff) -> None:
    gone, kept = begin(anna), begin(anna)
    sessions.end(by=anna.actor, staff=anna, number=DeskSession.objects.get(pk=gone).number)
    assert used(gone, anna) is None
    assert used(kept, anna)


def test_all_sessions_but_this_one_end(anna: Staff) -> None:
    here, *others = begin(anna), begin(anna), begin(anna)
    assert sessions.end_all(by=anna.actor, staff=anna, but=here) == len(others)
    assert used(here, anna)
    assert sessions.end_all(by="staff:lena", staff=anna) == 1
    assert sessions.end_all(by="staff:lena", staff=anna) == 0
    assert words_written().count("staff.sessions_ended") == 2


def test_whoever_is_removed_or_shut_out_has_no_session_left(anna: Staff) -> None:
    invite(Role.LEAD)
    number = begin(anna)
    actions.shut_out(by="operator", staff=anna)
    assert used(number, anna) is None
    number = begin(anna)
    actions.remove(by="operator", staff=anna)
    assert used(number, anna) is None
    assert not anna.has_usable_password()


def test_only_plain_words_and_times_are_kept_of_a_browser() -> None:
    fields = {field.name for field in DeskSession._meta.get_fields()}
    assert fields == {"number", "staff", "factor", "device", "began_at", "used_at"}


def test_the_last_day_is_noted_without_the_hour(anna: Staff) -> None:
    actions.note_active(staff=anna, day=NOW.date())
    anna.refresh_from_db()
    assert anna.last_active_on == NOW.date()
    with CaptureQueriesContext(connection) as asked:
        actions.note_active(staff=anna, day=NOW.date())
    assert len(asked) == 0
