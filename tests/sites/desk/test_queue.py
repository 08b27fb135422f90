"""The queue: most urgent first, with the reason, and nothing that does not wait."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings
from tests.sites.desk.scenes import client_of, page, ready_case, report, told, traced, words, write_again

from lykta.core.lifecycle import StepWord
from lykta.core.urgency import Urgency
from lykta.core.vocabulary import Topic, Verdict
from lykta.lib.clock import now
from lykta.records.cases.actions import ending, judging
from lykta.records.cases.models import Case, Item
from lykta.records.casework.models import SavedView
from lykta.records.people.models import Staff
from lykta.records.steps import actions as steps
from lykta.records.steps.models import Step
from lykta.sites.desk.queue import CASES_ON_A_PAGE

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


def rows(client: Client, show: str = "all") -> list[str]:
    """What a person reads in each row of the queue."""
    html = page(client, f"/?show={show}")
    return [words(part.split("</tr>")[0]) for part in html.split("<tr")[2:]]


def test_an_empty_queue_says_so_kindly(desk: Client) -> None:
    assert "Nothing waits. New reports appear here" in words(page(desk, "/"))


def test_the_most_urgent_case_comes_first_with_its_reason(desk: Client) -> None:
    ready_case("http://a.host.example/")
    urgent = report("Somebody writes to my child", topic=Topic.CONTACT)
    ending.rank(case_number=urgent.case_id, urgency=Urgency(1, "A child may be in danger now."))
    first, second = rows(desk)
    assert urgent.case.number in first
    assert "1 A child may be in danger now. Contact with a child words only" in first
    assert "1 to assess" in second


def test_items_that_are_being_traced_are_said(desk: Client) -> None:
    report("http://a.host.example/ http://b.host.example/")
    [row] = rows(desk)
    assert "2 being traced" in row


def test_a_case_in_hand_says_whose_and_an_old_hand_is_forgotten(desk: Client, anna: Staff, lena: Staff) -> None:
    case, _ = ready_case()
    judging.claim(by=lena, case=case, now=now())
    assert rows(desk)[0].endswith("lena")
    judging.claim(by=lena, case=case, now=now() - timedelta(hours=1))
    assert rows(desk)[0].endswith("–")
    judging.claim(by=anna, case=case, now=now())
    assert rows(desk)[0].endswith("you")


def test_what_i_had_in_hand_an_hour_ago_is_not_mine_any_more(desk: Client, anna: Staff) -> None:
    case, _ = ready_case()
    judging.claim(by=anna, case=case, now=now())
    assert len(rows(desk, "mine")) == 1
    judging.claim(by=anna, case=case, now=now() - timedelta(hours=1))
    assert rows(desk, "mine") == []


def test_the_queue_can_be_narrowed(desk: Client, anna: Staff) -> None:
    mine, _ = ready_case("http://a.host.example/")
    only_words = report("No address at all").case
    waiting = report("http://c.host.example/").case
    judging.claim(by=anna, case=mine, now=now())
    expected = {
        "mine": [mine],
        "assess": [only_words, mine],
        "waiting": [waiting],
        "all": [only_words, mine, waiting],
        "nonsense": [only_words, mine, waiting],
    }
    for show, cases in expected.items():
        found = rows(desk, show)
        assert len(found) == len(cases), show
        assert all(case.number in row for row, case in zip(found, cases, strict=True)), show


def test_the_tabs_count(desk: Client) -> None:
    ready_case("http://a.host.example/")
    report("http://c.host.example/")
    assert "All open 2 In my hands 0 To assess 1 Waiting for others 1 Known items" in words(page(desk, "/"))


@pytest.mark.parametrize("show", ["mine", "assess", "waiting"])
def test_every_narrowing_has_words_for_nothing(desk: Client, show: str) -> None:
    assert 'class="empty"' in page(desk, f"/?show={show}")


def test_a_closed_case_has_left_the_queue(desk: Client, anna: Staff) -> None:
    case, _ = ready_case()
    ending.close(by=anna.actor, case_number=case.pk, now=now())
    assert rows(desk) == []


def test_new_words_of_a_reporter_wait_for_an_analyst_until_somebody_reads_them(desk: Client) -> None:
    came = report("http://c.host.example/")
    assert rows(desk, "assess") == []
    write_again(came, "One more thing.")
    [row] = rows(desk, "assess")
    assert "New words from the reporter" in row
    page(desk, f"/cases/{came.case_id}/")
    assert rows(desk, "assess") == []
    assert "New words from the reporter" not in rows(desk)[0]


def test_a_closed_case_is_back_when_its_reporter_has_written(desk: Client, anna: Staff) -> None:
    came = report("http://c.host.example/")
    ending.close(by=anna.actor, case_number=came.case_id, now=now())
    write_again(came, "It is there again.")
    [row] = rows(desk)
    assert "2 The reporter has written again. New words from the reporter" in row


def test_what_cannot_be_sent_is_said_with_the_way_to_mend_it(desk: Client, anna: Staff) -> None:
    _, item = ready_case()
    assert "cannot be sent" not in page(desk, "/")
    told(item, anna, email="")
    html = page(desk, "/")
    assert "One message cannot be sent." in html
    assert '<a href="/referrals/">Mend them</a>' in html


def test_a_stuck_step_is_said_to_all_and_led_to_by_the_lead(desk: Client, lead: Client) -> None:
    steps.plan(word=StepWord.TRACE, subject=1, now=now())
    steps.give_up(Step.objects.get(), error="no", now=now())
    assert "Your lead has to look at it." in page(desk, "/")
    assert '<a href="/system/">Look at them</a>' in page(lead, "/")


def test_a_long_queue_has_pages(desk: Client) -> None:
    for number in range(CASES_ON_A_PAGE + 1):
        report(f"only words {number}")
    assert len(rows(desk)) == CASES_ON_A_PAGE
    first, second = page(desk, "/"), page(desk, "/?page=2")
    assert "Page 1" in first
    assert '<a href="?show=all&amp;page=2" rel="next" data-key="n">' in first
    assert second.count("data-row") == 1
    assert 'rel="next"' not in second
    assert "Nothing here fits" in page(desk, "/?page=99")


def test_a_queue_of_one_page_says_nothing_of_pages(desk: Client) -> None:
    ready_case()
    assert "Page 1" not in page(desk, "/")
    assert page(desk, "/?page=nonsense").count("data-row") == page(desk, "/?page=0").count("data-row") == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("topic=contact", True),
        ("topic=travel", False),
        ("source=public", True),
        ("source=staff", False),
        ("country=se", True),
        ("country=NL", False),
        ("host=hxxp%3A%2F%2Fpictures%5B.%5Dnordhost%5B.%5Dtest%2F", True),
        ("host=polderhost.test", False),
        ("days=1", False),
        ("incomplete=yes", False),
        ("topic=nonsense&source=nonsense&country=Sweden&days=many", True),
    ],
)
def test_the_queue_shows_what_somebody_wants_to_see(desk: Client, asked: str, *, found: bool) -> None:
    case = traced_case()
    assert (case.number in page(desk, f"/?{asked}")) is found


def traced_case() -> Case:
    came = report(topic=Topic.CONTACT)
    traced(came)
    ending.rank(case_number=came.case_id, urgency=Urgency(1, "A child may be in danger now."), countries=["SE"])
    return came.case


def test_what_fits_nothing_says_so_with_a_way_back(desk: Client) -> None:
    ready_case()
    said = page(desk, "/?topic=travel")
    assert "Nothing here fits what you want to see." in said
    assert 'value="travel" selected' in said


def test_a_view_is_kept_shown_and_forgotten(desk: Client, lead: Client, anna: Staff) -> None:
    traced_case()
    desk.post("/views/keep/", {"name": "Contact", "query": "show=all&topic=contact&page=7&evil=1"})
    view = SavedView.objects.get(staff=anna)
    assert view.query == "show=all&topic=contact"
    assert f'<a href="?{view.query.replace("&", "&amp;")}"><bdi>Contact</bdi></a>' in page(desk, "/")
    assert 'aria-current="true"><bdi>Contact</bdi>' in page(desk, f"/?{view.query}")
    assert "Contact</bdi></a>" not in page(lead, "/")
    assert lead.post(f"/views/{view.pk}/drop/").status_code == 404
    assert desk.post(f"/views/{view.pk}/drop/").status_code == 302
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_refused_in_words(desk: Client) -> None:
    response = desk.post("/views/keep/", {"name": " ", "query": "topic=contact"}, follow=True)
    assert "Please give the view a name." in response.content.decode()
    assert 'value="contact" selected' in response.content.decode()


def test_the_length_of_the_queue_can_be_hidden_from_analysts_but_not_from_the_lead(
    desk: Client, lead: Client, settings: Settings
) -> None:
    ready_case()
    assert "All open 1" in words(page(desk, "/"))
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"queue_length": "hidden"})
    assert "All open In my hands" in words(page(desk, "/"))
    assert "All open 1" in words(page(lead, "/"))


def test_a_case_of_nothing_but_known_items_says_that_no_look_is_needed(desk: Client) -> None:
    _, item = ready_case()
    assert "known: no look needed" not in rows(desk)[0]
    Item.objects.filter(pk=item.pk).update(verdict=Verdict.ILLEGAL)
    assert "known: no look needed" in rows(desk)[0]


def test_the_queue_asks_as_often_for_many_cases_as_for_one(desk: Client) -> None:
    traced(report("http://a0.host.example/"))
    with CaptureQueriesContext(connection) as for_one:
        desk.get("/")
    for number in range(1, 20):
        traced(report(f"http://a{number}.host.example/"))
    with CaptureQueriesContext(connection) as for_many:
        assert len(rows(desk)) == 20
    assert len(for_one) == len(for_many) < 20


def test_an_administrator_is_led_to_the_system(adam: Staff) -> None:
    assert client_of(adam).get("/").headers["Location"] == "/system/"
