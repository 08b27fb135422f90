"""One's own account: where one is logged in, and what one does not want to be shown."""

import pytest
from django.test import Client
from tests.sites.desk.scenes import client_of, page, ready_case, words

from lykta.core.vocabulary import Topic
from lykta.records.people.models import DeskSession, Staff
from lykta.sites.desk.devices import device
from lykta.sites.desk.factors import SESSION

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])

LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_sessions_are_listed_by_device_and_last_use(desk: Client) -> None:
    said = words(page(desk, "/account/"))
    assert "0 minutes ago this one" in said.partition("Firefox, Linux")[2]
    assert "Log out everywhere but here" not in said


def test_another_browser_is_logged_out_from_here(desk: Client, anna: Staff) -> None:
    other = client_of(anna)
    number = other.session[SESSION]
    assert number in page(desk, "/account/")
    desk.post("/account/sessions/end/", {"session": number})
    assert other.get("/").headers["Location"].startswith("/log-in/")
    assert desk.get("/").status_code == 200


def test_all_other_browsers_are_logged_out_from_here(desk: Client, anna: Staff) -> None:
    others = [client_of(anna), client_of(anna)]
    desk.post("/account/sessions/end/", {"session": "others"})
    assert [other.get("/").status_code for other in others] == [302, 302]
    assert desk.get("/").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(desk: Client, lena: Staff) -> None:
    theirs = client_of(lena)
    desk.post("/account/sessions/end/", {"session": theirs.session[SESSION]})
    assert theirs.get("/").status_code == 200


def test_what_names_no_browser_is_said(desk: Client) -> None:
    answer = desk.post("/account/sessions/end/", {"session": "all of them"}, follow=True)
    assert "which browser you meant" in words(answer.content.decode())


def test_a_topic_is_left_out_of_ones_own_queue_and_of_nobody_elses(desk: Client, lead: Client) -> None:
    case, _ = ready_case()
    assert case.number in page(desk, "/")
    desk.post("/account/spare/", {"topic": [str(Topic.WEB), "nonsense"]})
    assert case.number not in page(desk, "/")
    assert case.number in page(lead, "/")
    assert f'value="{Topic.WEB}" checked' in page(desk, "/account/")


def test_an_administrator_has_no_queue_to_leave_something_out_of(adam: Staff) -> None:
    assert "Never show me" not in page(client_of(adam), "/account/")


@pytest.mark.parametrize(
    ("agent", "plain"),
    [
        (LINUX, "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPad"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_in_plain_words(agent: str, plain: str) -> None:
    assert device(agent) == plain


def test_a_browser_that_says_nothing_is_shown_as_a_browser(desk: Client) -> None:
    DeskSession.objects.update(device="")
    assert "A browser" in words(page(desk, "/account/"))
