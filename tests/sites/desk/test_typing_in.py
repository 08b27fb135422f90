"""A report by telephone: typed in, sealed, and a code to give to the caller."""

import re

import pytest
from django.test import Client
from tests.sites.desk.scenes import client_of, hidden, page, words
from tests.sites.letters import kinds, opened

from lykta.lib import clock, codes
from lykta.records.letterbox import actions as letterbox
from lykta.records.letterbox import queries as letterbox_queries
from lykta.records.people.models import Staff
from lykta.sites.common.words import TEXT_LIMIT

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])

CALL = {
    "topic": "travel",
    "danger": "no",
    "where": "Hotel Example, Exampleville\r\nhttp://pictures.nordhost.test/album/1",
    "words": "She rang from the lobby.",
    "contact": "kim@mail.example",
    "language": "sv",
}


def send(client: Client, *, status: int = 200, **changes: str) -> str:
    """Fill the form in and press the button."""
    form = hidden(page(client, "/type-in/"))
    response = client.post("/type-in/", {**form, **CALL, **changes})
    assert response.status_code == status
    return str(response.content.decode())


def code_on(html: str) -> codes.Code:
    found = re.search(r'<code class="secret" dir="ltr">([^<]+)</code>', html)
    assert found
    return codes.read(found[1])


def test_the_form_is_on_the_menu(desk: Client) -> None:
    assert '<a href="/type-in/"' in page(desk, "/")


def test_a_call_becomes_a_sealed_letter_that_says_who_typed_it(desk: Client) -> None:
    send(desk)
    [letter] = opened()
    assert kinds() == ["staff"]
    assert letter["answers"] == {
        "topic": "travel",
        "danger": "no",
        "where": "Hotel Example, Exampleville\nhttp://pictures.nordhost.test/album/1",
        "words": "She rang from the lobby.",
        "contact": "kim@mail.example",
    }
    assert (letter["language"], letter["source"], letter["by"]) == ("sv", "staff", "staff:anna")


def test_the_code_is_shown_with_where_to_type_it_and_opens_the_mailbox(desk: Client) -> None:
    html = send(desk)
    box = letterbox_queries.box_for(code_on(html), now=clock.now())
    assert box is not None
    assert box.language == "sv"
    assert "They type it in at http://127.0.0.1:8001" in words(html)


def test_each_form_has_a_code_of_its_own(desk: Client) -> None:
    assert code_on(send(desk)) != code_on(send(desk))


def test_a_button_pressed_twice_is_one_letter_with_one_code(desk: Client) -> None:
    form = {**hidden(page(desk, "/type-in/")), **CALL}
    first, second = (desk.post("/type-in/", form).content.decode() for _ in range(2))
    assert code_on(first) == code_on(second)
    assert kinds() == ["staff"]


def test_a_form_with_a_damaged_code_gets_a_new_one(desk: Client) -> None:
    assert code_on(send(desk, code="7K3M"))
    assert kinds() == ["staff"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"topic": ""}, "Please choose what it is about."),
        ({"topic": "weather"}, "Please choose what it is about."),
        ({"danger": "perhaps"}, "Please choose whether a child is in danger now."),
        ({"where": " ", "words": "\x00"}, "Please write where it is, or what was said."),
        ({"words": "w" * TEXT_LIMIT}, "That is too long for one report"),
        ({"contact": "c" * 301}, "Please shorten the contact."),
        ({"language": "tlh"}, "Please choose a language."),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(desk: Client, change: dict[str, str], said: str) -> None:
    html = send(desk, status=422, **change)
    assert said in words(html)
    assert kinds() == []
    shown = {
        "topic": 'value="travel" checked',
        "danger": 'value="no" checked',
        "where": "Hotel Example, Exampleville\nhttp://pictures.nordhost.test/album/1</textarea>",
        "words": "She rang from the lobby.</textarea>",
        "contact": 'value="kim@mail.example"',
        "language": 'lang="sv" selected',
    }
    assert [name for name, part in shown.items() if part not in html] == list(change)


def test_a_report_that_its_caller_has_deleted_is_not_sent_again(desk: Client) -> None:
    form = {**hidden(page(desk, "/type-in/")), **CALL}
    code = code_on(desk.post("/type-in/", form).content.decode())
    now = clock.now()
    box = letterbox_queries.box_for(code, now=now)
    assert box is not None
    letterbox.close_box(box=box, code=code, hotline_key=b"k" * 32, now=now)
    answer = desk.post("/type-in/", form)
    assert answer.status_code == 422
    assert "has deleted this report" in answer.content.decode()
    assert kinds() == ["delete"]


def test_words_of_a_caller_are_no_markup(desk: Client) -> None:
    html = send(desk, status=422, words="</textarea><b>bold</b>", topic="")
    assert "<b>bold</b>" not in html


def test_who_sees_no_cases_types_none_in(adam: Staff) -> None:
    client = client_of(adam)
    assert client.get("/type-in/").status_code == 404
    assert client.post("/type-in/", CALL).status_code == 404
    assert kinds() == []


def test_no_page_of_it_is_kept_by_the_browser(desk: Client) -> None:
    answer = desk.post("/type-in/", {**hidden(page(desk, "/type-in/")), **CALL})
    assert "no-store" in answer.headers["Cache-Control"]
