"""Writing to a reporter loses nothing and sends nothing twice; closing asks first."""

from uuid import uuid4

import pytest
from django.test import Client
from tests.sites.desk.scenes import page, ready_case, report, write_again

from lykta.core.vocabulary import CaseState
from lykta.lib.clock import now
from lykta.records.cases import queries as cases
from lykta.records.cases.actions import forgetting, joining
from lykta.records.cases.models import Message, Report
from lykta.records.people.models import Staff
from lykta.sites.desk.answering import LONGEST_ANSWER

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


def send(client: Client, to: Report, text: str, **changes: str) -> str:
    """Send an answer; returns the page that follows."""
    form = {"report": str(to.pk), "text": text, "number": str(uuid4()), **changes}
    return client.post(f"/cases/{to.case_id}/answer/", form, follow=True).content.decode()


def test_an_answer_is_written_for_the_reporter_and_confirmed(desk: Client) -> None:
    came = report()
    assert "Your answer is on its way" in send(desk, came, "Thank you.\r\nWe have told the police.\x00")
    [message] = Message.objects.filter(by="staff:anna")
    assert cases.content_of(message) == {"type": "message", "text": "Thank you.\nWe have told the police."}


def test_the_page_says_what_is_sent_and_to_whom(desk: Client) -> None:
    came = report()
    html = page(desk, f"/cases/{came.case_id}/")
    assert "The reporter reads exactly this, without your name" in html
    assert "They wrote in: sv." in html


def test_a_double_press_sends_once(desk: Client) -> None:
    came, number = report(), str(uuid4())
    for _ in range(2):
        send(desk, came, "Thank you.", number=number)
    assert Message.objects.filter(by="staff:anna").count() == 1


def test_a_form_with_a_damaged_number_still_sends(desk: Client) -> None:
    assert "on its way" in send(desk, report(), "Thank you.", number="damaged")


def test_each_of_several_reporters_can_be_answered(desk: Client, anna: Staff) -> None:
    first, second = report("one"), report("two")
    joining.merge(by=anna, case=second.case, into=first.case, now=now())
    second.refresh_from_db()
    html = page(desk, f"/cases/{first.case_id}/")
    assert f'<option value="{second.pk}">Report 2 (sv)</option>' in html
    send(desk, second, "For you.")
    assert [message.report_id for message in Message.objects.filter(by="staff:anna")] == [second.pk]


def test_nothing_written_sends_nothing(desk: Client) -> None:
    assert "Please write something first." in send(desk, report(), "  \n ")
    assert not Message.objects.filter(by="staff:anna").exists()


def test_what_is_too_long_stays_in_the_box(desk: Client) -> None:
    html = send(desk, report(), "a" * (LONGEST_ANSWER + 1))
    assert "too long for one answer" in html
    assert "a" * (LONGEST_ANSWER + 1) in html
    assert not Message.objects.filter(by="staff:anna").exists()


def test_a_report_of_another_case_is_not_there(desk: Client) -> None:
    one, other = report("one"), report("two")
    form = {"report": str(other.pk), "text": "Thank you.", "number": str(uuid4())}
    assert desk.post(f"/cases/{one.case_id}/answer/", form).status_code == 404
    assert desk.post(f"/cases/{one.case_id}/answer/", {**form, "report": "x"}).status_code == 404
    assert not Message.objects.filter(by="staff:anna").exists()


def test_nobody_can_write_into_a_forgotten_case(desk: Client) -> None:
    came = report()
    forgetting.forget(by="worker", case_number=came.case_id, now=now())
    assert "The key to this case has been destroyed" in send(desk, came, "Thank you.")


def test_closing_asks_first_and_then_tells_the_reporter(desk: Client) -> None:
    case = report("Only words").case
    assert "Close this case" in page(desk, f"/cases/{case.pk}/")
    assert "The reporter’s mailbox will say that we have finished." in page(desk, f"/cases/{case.pk}/close/")
    case.refresh_from_db()
    assert case.state == CaseState.OPEN
    response = desk.post(f"/cases/{case.pk}/close/")
    assert response.headers["Location"] == "/"
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
    assert Message.objects.filter(by="status:closed").count() == 1
    assert f"Case {case.number} is closed." in page(desk, "/")
    assert "It is closed already." in page(desk, f"/cases/{case.pk}/close/")


def test_a_case_with_something_left_to_do_is_not_closed(desk: Client) -> None:
    case, _ = ready_case()
    assert "Close this case" not in page(desk, f"/cases/{case.pk}/")
    said = page(desk, f"/cases/{case.pk}/close/")
    assert "Something is left to do" in said
    assert "hxxp://" in said
    assert "to assess" in said
    assert desk.post(f"/cases/{case.pk}/close/").headers["Location"] == f"/cases/{case.pk}/"
    case.refresh_from_db()
    assert case.state == CaseState.OPEN
    assert "Something is left to do for an item" in page(desk, f"/cases/{case.pk}/")


def test_a_question_is_marked_as_one_and_confirmed(desk: Client) -> None:
    came = report()
    assert "Your question is on its way" in send(desk, came, "On which day?", question="yes")
    [message] = Message.objects.filter(by="staff:anna")
    content = {"type": "question", "number": str(message.number), "text": "On which day?"}
    assert cases.content_of(message) == content
    assert "question, no answer yet" in page(desk, f"/cases/{came.case_id}/")


def test_a_double_press_asks_once(desk: Client) -> None:
    came, number = report(), str(uuid4())
    for _ in range(2):
        send(desk, came, "On which day?", number=number, question="yes")
    assert Message.objects.filter(by="staff:anna").count() == 1


@pytest.mark.parametrize("asks", [{}, {"question": "yes"}])
def test_what_could_not_be_sent_is_still_marked_as_it_was(desk: Client, asks: dict[str, str]) -> None:
    html = send(desk, report(), "a" * (LONGEST_ANSWER + 1), **asks)
    assert ('name="question" value="yes" checked' in html) == bool(asks)


def test_a_case_with_words_that_came_in_between_is_not_closed(desk: Client) -> None:
    came = report("Only words")
    page(desk, f"/cases/{came.case_id}/")
    write_again(came, "One more thing.")
    response = desk.post(f"/cases/{came.case_id}/close/", follow=True)
    assert "The reporter has written again: please read it first." in response.content.decode()
    came.case.refresh_from_db()
    assert came.case.state == CaseState.OPEN
