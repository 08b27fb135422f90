"""From the first page to the receipt, without a script, a cookie or a session."""

import re

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError
from django.test import Client
from tests.sites import letters
from tests.sites.browsing import Page, get, post, press

from lykta.core.vocabulary import Topic
from lykta.lib import codes
from lykta.records.letterbox.models import Box, Letter
from lykta.sites.report.forms import TOPICS

pytestmark = pytest.mark.django_db(databases=["letterbox"])

TELL = "/en/tell/"
CODE = re.compile(r"[0-9A-Z]{4}(?:\s*-\s*[0-9A-Z]{3,4}){6}")
WORDS = "On the board at https://pictures.example/7?page=2\nand hxxp://files[.]test/x, user lamp_77"


def code_on(page: Page) -> codes.Code:
    found = CODE.search(page.text)
    assert found is not None
    return codes.read(found.group())


def checked(client: Client, **typed: str) -> Page:
    return press(client, TELL, get(client, TELL), "check", **{"text": WORDS, **typed})


def test_a_report_is_told_checked_sent_and_sealed(report: Client) -> None:
    page = checked(report, topic="web", contact="me@mail.example")
    receipt = press(report, TELL, page, "send")
    assert "Thank you. We have received it." in receipt.text
    assert letters.proofs() == [codes.proof(code_on(receipt)).hex()]
    assert letters.opened() == [
        {
            "text": WORDS,
            "topic": "web",
            "contact": "me@mail.example",
            "nonce": page.fields["nonce"],
            "language": "en",
        }
    ]


def test_words_are_enough(report: Client) -> None:
    press(report, "/sv/tell/", checked(report), "send")
    assert letters.opened()[0] | {"nonce": ""} == {
        "text": WORDS,
        "topic": "",
        "contact": "",
        "language": "sv",
        "nonce": "",
    }


def test_the_start_page_leads_to_the_form_and_to_the_mailbox(report: Client) -> None:
    assert {"/en/tell/", "/en/mailbox/"} <= {*get(report, "/en/").links}


def test_nothing_is_sent_before_it_was_checked(report: Client) -> None:
    checked(report)
    assert Letter.objects.using("letterbox").count() == 0


def test_the_check_page_shows_what_was_understood(report: Client) -> None:
    page = checked(report, topic="travel")
    assert "<bdi>hxxps://pictures[.]example/7?page=2</bdi>" in page.source
    assert "<bdi>hxxp://files[.]test/x</bdi>" in page.source
    assert "Something that I saw while travelling" in page.text
    assert "you stay anonymous" in page.text
    assert not [link for link in page.links if "pictures" in link or "files" in link]


def test_a_report_without_an_address_is_welcome(report: Client) -> None:
    page = checked(report, text="At the hotel by the harbour, room 12")
    assert page.status == 200
    assert "None. That is fine" in page.text


def test_many_addresses_are_counted_not_listed(report: Client) -> None:
    page = checked(report, text="\n".join(f"http://host.test/{number}" for number in range(60)))
    assert page.source.count("<li><bdi>") == 50
    assert "And 10 more." in page.text


def test_change_brings_everything_back(report: Client) -> None:
    page = press(report, TELL, checked(report, topic="web", contact="me"), "change")
    assert page.status == 200
    assert {name: page.fields[name] for name in ("text", "topic", "contact")} == {
        "text": WORDS,
        "topic": "web",
        "contact": "me",
    }


def test_the_number_of_a_form_stays_through_change_and_check(report: Client) -> None:
    form = get(report, TELL)
    check = press(report, TELL, form, "check", text=WORDS)
    again = press(report, TELL, press(report, TELL, check, "change"), "check")
    assert form.fields["nonce"] == check.fields["nonce"] == again.fields["nonce"]


@pytest.mark.parametrize("step", ["change", "check"])
def test_another_language_keeps_what_was_typed(report: Client, step: str) -> None:
    form = get(report, TELL)
    assert 'formaction="/sv/tell/"' in checked(report).source
    page = press(report, "/sv/tell/", form, step, text=WORDS, topic="web")
    assert 'lang="sv"' in page.source
    assert (page.fields["text"], page.fields["topic"]) == (WORDS, "web")


def test_enter_never_presses_the_language_button(report: Client) -> None:
    """A browser presses the first button of the form (HTML, implicit submission)."""
    for page, step in ((checked(report), "send"), (press(report, TELL, checked(report), "change"), "check")):
        first = re.search(r'<button[^>]*form="answers"[^>]*>', page.source)
        assert first is not None
        assert f'value="{step}"' in first.group()
        assert "formaction" not in first.group()


def test_the_receipt_shows_the_code_once_and_opens_the_mailbox(report: Client) -> None:
    receipt = press(report, TELL, checked(report), "send")
    code = code_on(receipt)
    assert Box.objects.using("letterbox").get().lookup == codes.lookup(code)
    assert receipt.links[-1] == "/en/mailbox/"
    assert len(CODE.findall(receipt.text)) == 1
    assert "How far we have come" in post(report, "/en/mailbox/", code=codes.spell(code), step="open").text


def test_the_receipt_has_no_twin_in_which_the_code_would_be_lost(report: Client) -> None:
    receipt = press(report, TELL, checked(report), "send")
    assert "Svenska" not in receipt.text
    assert "/sv/" not in receipt.source


def test_a_double_press_gives_a_second_receipt_that_works_and_the_same_number(report: Client) -> None:
    page = checked(report)
    first, second = (code_on(press(report, TELL, page, "send")) for _ in range(2))
    assert first != second
    assert len({letter["nonce"] for letter in letters.opened()}) == 1
    for code in (first, second):
        assert post(report, "/en/mailbox/", code=code, step="open").status == 200


@pytest.mark.parametrize("error", [OperationalError, DatabaseError, InterfaceError])
def test_what_could_not_be_stored_gets_no_receipt_and_keeps_the_words(report: Client, error: type[Exception]) -> None:
    page = checked(report, topic="web")
    with letters.failing("INSERT", error):
        failed = press(report, TELL, page, "send")
    assert failed.status == 503
    assert "We could not receive it" in failed.text
    assert CODE.search(failed.text) is None
    assert failed.fields["text"] == WORDS
    assert Box.objects.using("letterbox").count() == 0
    assert "Thank you" in press(report, TELL, failed, "send").text
    assert letters.opened()[0]["nonce"] == page.fields["nonce"]


def test_the_code_is_never_in_an_address(report: Client) -> None:
    receipt = press(report, TELL, checked(report), "send")
    code = code_on(receipt)
    assert not [link for link in receipt.links if code in link or codes.spell(code) in link]
    opened = post(report, "/en/mailbox/", code=code, step="open")
    assert not [link for link in opened.links if code in link]


@pytest.mark.parametrize("topic", [*Topic])
def test_every_topic_can_be_chosen_in_the_visitors_own_language(report: Client, topic: Topic) -> None:
    form = get(report, "/sv/tell/")
    assert f'value="{topic}"' in form.source
    page = press(report, "/sv/tell/", form, "check", text=WORDS, topic=topic)
    assert str(TOPICS[topic]) not in page.text
    assert page.fields["topic"] == topic
