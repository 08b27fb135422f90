"""The page that says how far tracing is, for who waits for a long list."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.sites.desk.scenes import client_of, page, words

from lykta.core.lifecycle import StepWord
from lykta.lib.clock import now
from lykta.records.people.models import Staff
from lykta.records.steps import actions as steps
from lykta.records.steps.models import Step
from lykta.sites.desk.progress import EVERY_SECONDS, about
from lykta.sites.desk.queue import MANY

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


def plan(count: int) -> list[Step]:
    for subject in range(count):
        steps.plan(word=StepWord.TRACE, subject=subject, now=now() - timedelta(minutes=1))
    return list(Step.objects.order_by("pk"))


def read(client: Client) -> str:
    return words(page(client, "/tracing/"))


def test_nothing_to_do_is_said(desk: Client) -> None:
    said = read(desk)
    assert "Nothing waits to be traced." in said
    assert "Waiting 0" in said
    assert "0 % done" in said


def test_what_waits_is_under_way_and_done_is_counted(desk: Client) -> None:
    planned = plan(10)
    steps.claim(limit=3, now=now())
    for step in planned[:2]:
        steps.finish(step, now=now())
    said = read(desk)
    assert "Waiting 7" in said
    assert "Under way 1" in said
    assert "Done 2" in said
    assert "20 % done" in said
    assert "It takes about" in said
    assert "items a minute" in said


def test_items_that_wait_while_nothing_moves_are_a_warning(desk: Client) -> None:
    plan(3)
    assert "Nothing has been traced in the last five minutes, and items wait" in read(desk)


def test_what_did_not_answer_is_asked_later_and_is_not_waiting(desk: Client) -> None:
    steps.plan(word=StepWord.TRACE, subject=1, now=now(), due_at=now() + timedelta(minutes=10))
    said = read(desk)
    assert "Later 1" in said
    assert "Waiting 0" in said


def test_reasons_of_failures_are_counted_and_defanged(desk: Client) -> None:
    for step in plan(3):
        steps.give_up(step, error="It broke at http://pictures.nordhost.test/1", now=now())
    said = read(desk)
    assert "Failed 3" in said
    assert "3 It broke at hxxp://pictures[.]nordhost[.]test/1" in said


def test_an_administrator_reads_counts_but_no_reasons(adam: Staff) -> None:
    for step in plan(3):
        steps.give_up(step, error="It broke at http://pictures.nordhost.test/1", now=now())
    said = read(client_of(adam))
    assert "Failed 3" in said
    assert "nordhost" not in said


def test_a_communicator_has_no_use_for_it(kim: Staff) -> None:
    assert client_of(kim).get("/tracing/").status_code == 404


def test_the_page_loads_itself_again_only_where_somebody_asked_for_it(desk: Client) -> None:
    assert "Refresh" not in desk.get("/tracing/").headers
    response = desk.get("/tracing/?load=again")
    assert response.headers["Refresh"] == str(EVERY_SECONDS)
    assert f"This page loads itself again every {EVERY_SECONDS} seconds." in words(response.content.decode())


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(seconds=5), "about 1 minute"),
        (timedelta(minutes=17), "about 17 minutes"),
        (timedelta(minutes=119), "about 119 minutes"),
        (timedelta(hours=5.4), "about 5 hours"),
    ],
)
def test_the_time_that_is_left_is_said_in_one_unit(left: timedelta, said: str) -> None:
    assert about(left) == said


def test_the_queue_leads_there_when_many_items_wait(desk: Client) -> None:
    plan(MANY)
    assert "/tracing/" not in page(desk, "/")
    steps.plan(word=StepWord.TRACE, subject=MANY, now=now() - timedelta(minutes=1))
    assert f"{MANY + 1} items wait to be traced." in words(page(desk, "/"))


def test_the_page_of_the_machine_leads_there(lead: Client) -> None:
    assert 'href="/tracing/"' in page(lead, "/system/")
