"""Working together: a case given back or on, notes and tasks on its page, and one's own day."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.sites.desk.scenes import page, ready_case, words

from lykta.lib.clock import now
from lykta.records.cases.actions import judging
from lykta.records.cases.models import Case
from lykta.records.casework import actions
from lykta.records.casework.models import Note, Task
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


@pytest.fixture
def case() -> Case:
    return ready_case()[0]


def post(client: Client, address: str, **fields: str) -> str:
    return words(client.post(address, fields, follow=True).content.decode())


def test_a_case_is_given_back_from_its_page(desk: Client, case: Case) -> None:
    assert "Give it back to the queue" in page(desk, f"/cases/{case.pk}/")
    assert f"Case {case.number} is back in the queue." in post(desk, f"/cases/{case.pk}/give-back/")
    case.refresh_from_db()
    assert case.claimed_by is None


def test_what_is_not_in_ones_hands_cannot_be_given_back(desk: Client, case: Case, lena: Staff) -> None:
    judging.claim(by=lena, case=case, now=now())
    assert "You do not have this case in hand." in post(desk, f"/cases/{case.pk}/give-back/")
    assert "Give it back to the queue" not in page(desk, f"/cases/{case.pk}/")


def test_a_case_is_handed_over_with_a_note(desk: Client, lead: Client, case: Case) -> None:
    said = post(desk, f"/cases/{case.pk}/hand-over/", to="lena", text="Please ring the police about it.")
    assert "The case is now in the hands of lena." in said
    day = words(page(lead, "/my-day/"))
    assert f"anna handed over, {now():%-d %b %Y}" in day
    assert "Please ring the police about it." in day
    assert case.number in day


@pytest.mark.parametrize(
    ("to", "text", "said"),
    [
        ("lena", "", "Please write something first."),
        ("adam", "A note", "Please choose a colleague who works with cases."),
        ("", "A note", "Please choose a colleague who works with cases."),
    ],
)
@pytest.mark.usefixtures("adam", "lena")
def test_a_hand_over_that_is_refused_loses_nothing(desk: Client, case: Case, to: str, text: str, said: str) -> None:
    shown = post(desk, f"/cases/{case.pk}/hand-over/", to=to, text=text)
    assert said in shown
    assert text in shown
    case.refresh_from_db()
    assert case.claimed_by is None or case.claimed_by.username == "anna"
    assert not Note.objects.exists()


def test_a_note_is_read_on_the_page_of_the_case_with_its_addresses_disarmed(desk: Client, case: Case) -> None:
    post(desk, f"/cases/{case.pk}/note/", text="Compare http://other.example/1")
    assert "Compare hxxp://other[.]example/1" in words(page(desk, f"/cases/{case.pk}/"))


def test_an_empty_note_is_refused_in_words(desk: Client, case: Case) -> None:
    assert "Please write something first." in post(desk, f"/cases/{case.pk}/note/", text=" ")


def test_a_task_is_made_shown_and_done(desk: Client, lead: Client, case: Case) -> None:
    said = post(desk, f"/cases/{case.pk}/task/", to="lena", text="Ask the host", due="2999-12-31")
    assert "The task is noted for lena." in said
    assert "lena, until 31 Dec 2999, 23:59" in said
    task = Task.objects.get()
    assert "Ask the host" in words(page(lead, "/my-day/"))
    assert "The task is done." in post(lead, f"/tasks/{task.pk}/done/", my_day="yes")
    assert "No tasks wait for you." in words(page(lead, "/my-day/"))


def test_a_task_with_a_day_that_nobody_can_read_keeps_its_words(desk: Client, anna: Staff, case: Case) -> None:
    said = post(desk, f"/cases/{case.pk}/task/", to="anna", text="Ask the host", due="soon")
    assert "Please give the day as 2026-12-31." in said
    assert "Ask the host" in said
    assert not Task.objects.exists()


def test_a_late_task_stands_above_the_queue_and_is_marked(desk: Client, anna: Staff, case: Case) -> None:
    assert "late" not in words(page(desk, "/"))
    due = now() - timedelta(days=1)
    actions.make_task(by=anna, case=case, assignee=anna, text="Ask the host", due_at=due, now=now())
    assert "One task of yours is late" in words(page(desk, "/"))
    assert "late anna, until" in words(page(desk, "/my-day/"))
    assert "late anna, until" in words(page(desk, f"/cases/{case.pk}/"))


def test_an_empty_day_says_so(desk: Client) -> None:
    said = words(page(desk, "/my-day/"))
    assert "No tasks wait for you." in said
    assert "You have no case in hand." in said
