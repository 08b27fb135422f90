"""What goes wrong is said in plain words, with what to do next, whatever else is missing."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from tests.sites.desk.scenes import words

from lykta.sites.desk import problems
from lykta.sites.desk.headers import DESK_HEADERS, desk_headers

PAGES: list[tuple[int, str, Callable[[HttpRequest], HttpResponse]]] = [
    (400, "Nothing was changed.", lambda request: problems.bad_request(request, ValueError())),
    (403, "load the page again", problems.csrf_failure),
    (404, "The address may be misspelt", lambda request: problems.not_found(request, LookupError())),
    (405, "Follow the links", lambda request: problems.wrong_method(request, "POST")),
    (429, "Wait a minute", problems.too_many),
    (500, "before you repeat it", problems.fault),
]


@pytest.mark.parametrize(("status", "said", "show"), PAGES)
def test_each_problem_has_a_page_that_needs_no_session_and_no_database(
    status: int, said: str, show: Callable[[HttpRequest], HttpResponse]
) -> None:
    response = show(RequestFactory().get("/"))
    assert response.status_code == status
    text = words(response.content.decode())
    assert said in text
    assert "To the start page" in text


@pytest.mark.parametrize(("status", "said", "show"), PAGES)
def test_each_problem_carries_all_headers(status: int, said: str, show: Callable[[HttpRequest], HttpResponse]) -> None:
    """The headers lie outside of everything else, so that no refusal of another middleware comes by without them."""
    assert settings.MIDDLEWARE[0] == "lykta.sites.desk.headers.desk_headers"
    answered = desk_headers(show)(RequestFactory().get("/"))
    assert (answered.status_code, said in words(answered.content.decode())) == (status, True)
    assert {header: answered[header] for header in DESK_HEADERS} == DESK_HEADERS


@pytest.mark.django_db(databases=["default", "letterbox"])
def test_too_much_text_is_said_to_be_too_much(lead: Client) -> None:
    response = lead.post("/recipients/keep/", {"key": "a" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    assert response.status_code == 400
    assert "try again with less text" in words(response.content.decode())


@pytest.mark.django_db(databases=["default", "letterbox"])
def test_a_fault_of_ours_is_a_readable_page(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> int:
        raise RuntimeError("a fault")

    monkeypatch.setattr("lykta.records.steps.queries.count_stuck", broken)
    desk.raise_request_exception = False
    response = desk.get("/")
    assert response.status_code == 500
    assert {header: response[header] for header in DESK_HEADERS} == DESK_HEADERS
    assert "Something went wrong on our side" in words(response.content.decode())
