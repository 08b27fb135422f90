"""Log-ins that failed: counted at once, folded into few entries, and nothing of what was typed is kept."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from lykta.core.vocabulary import FailedProof
from lykta.records.audit.models import Entry
from lykta.records.people import failures
from lykta.records.people.models import FailedLogIn, Staff

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TYPED = "my secret that I typed into the wrong field"


def fail(login: str, proof: FailedProof = FailedProof.PASSWORD, *, times: int = 1, at: datetime = NOON) -> None:
    for _ in range(times):
        failures.note(login=login, proof=proof, now=at)


def entries() -> list[tuple[str, str, dict[str, object]]]:
    found = Entry.objects.filter(word="log_in.failed").order_by("number")
    return [(one.by, one.subject, json.loads(one.facts)) for one in found]


def test_a_flood_becomes_one_entry_for_each_account_and_quarter_of_an_hour(anna: Staff) -> None:
    fail("anna", times=40, at=NOON + MINUTE)
    fail("Anna", FailedProof.CODE, at=NOON + 14 * MINUTE)
    fail("anna", times=2, at=NOON + 15 * MINUTE)
    assert failures.write_down(by="worker", now=NOON + 16 * MINUTE) == 1
    assert entries() == [
        ("worker", "staff:anna", {"since": NOON.isoformat(), "minutes": 15, "password": 40, "code": 1})
    ]
    assert failures.write_down(by="worker", now=NOON + 20 * MINUTE) == 0
    assert failures.write_down(by="worker", now=NOON + 30 * MINUTE) == 1
    assert entries()[1][2] == {"since": (NOON + 15 * MINUTE).isoformat(), "minutes": 15, "password": 2}


def test_names_that_are_no_account_are_counted_together_and_kept_nowhere(anna: Staff) -> None:
    for name in (TYPED, "bo", "", "x" * 500):
        fail(name)
    failures.write_down(by="worker", now=NOON + 15 * MINUTE)
    assert entries() == [("worker", "log-in", {"since": NOON.isoformat(), "minutes": 15, "password": 4})]
    with connection.cursor() as cursor:
        cursor.execute("SELECT account, proof FROM people_failedlogin")
        assert cursor.fetchall() == [("", "password")]
    assert TYPED not in str(entries())


def test_nothing_is_written_before_the_quarter_of_an_hour_is_over(anna: Staff) -> None:
    fail("anna", FailedProof.LOCKED, at=NOON + MINUTE)
    assert failures.write_down(by="worker", now=NOON + 14 * MINUTE) == 0
    [one] = failures.latest()
    assert (one.account, one.since, one.last_at) == ("staff:anna", NOON, NOON + MINUTE)
    assert one.counts == {FailedProof.LOCKED: 1}


def test_what_is_in_the_record_is_shown_for_ninety_days(anna: Staff) -> None:
    fail("anna")
    failures.write_down(by="worker", now=NOON + timedelta(days=90))
    assert len(failures.latest()) == 1
    failures.write_down(by="worker", now=NOON + timedelta(days=91))
    assert not FailedLogIn.objects.exists()
    assert len(entries()) == 1
