"""The check page: all that will be sent, each answer one press away from being changed."""

import pytest
from django.test import Client
from tests.sites import letters
from tests.sites.browsing import Page, press
from tests.sites.report.reporter import CHECK, SHORTEST, TELL, answer, checked, journey_on, shown, told, walk

from lykta.core.asking import Told
from lykta.core.vocabulary import Asked, Choice, Topic

pytestmark = pytest.mark.django_db(databases=["letterbox"])


def change(client: Client, page: Page, asked: str) -> Page:
    return press(client, TELL, page, f"change-{asked}")


def last_answers() -> dict[str, str]:
    found: dict[str, str] = letters.opened()[-1]["answers"]
    return found


def test_it_shows_what_was_understood_and_follows_nothing(report: Client) -> None:
    page = checked(report, where="https://pictures.example/7?page=2\nand hxxp://files[.]test/x")
    assert "Pictures or films of sexual abuse of children on the internet" in page.text
    assert "<li><bdi>hxxps://pictures[.]example/7?page=2</bdi></li>" in page.source
    assert "<li><bdi>hxxp://files[.]test/x</bdi></li>" in page.source
    assert not [link for link in page.links if "pictures" in link or "files" in link]


def test_what_was_left_out_is_shown_as_such(report: Client) -> None:
    page = checked(report)
    assert page.text.count("Not said") == len(journey_on(page).path) - len(SHORTEST)


def test_many_addresses_are_counted_not_listed(report: Client) -> None:
    page = checked(report, where="\n".join(f"http://host.test/{number}" for number in range(60)))
    assert page.source.count("<li><bdi>") == 50
    assert "And 10 more." in page.text


def test_a_report_without_an_address_is_welcome(report: Client) -> None:
    page = checked(report, topic=Topic.TRADE, where="At the hotel by the harbour, room 12")
    assert page.title == CHECK
    assert "Addresses that we found" not in page.text


def test_choices_are_shown_in_words_and_several_below_each_other(report: Client) -> None:
    page = told(report, Topic.PAYMENT, Choice.NO, "A shop")
    page = answer(report, page, ["card", "voucher"], "check")
    chosen = "\n".join(Choice(said).sentence for said in ("card", "voucher"))
    assert f"<bdi>{chosen}</bdi>" in page.source


def test_fingerprints_stand_with_the_place_of_the_picture(report: Client) -> None:
    *_, last = walk(report, Topic.OWN_PICTURE)
    assert last.answers[Asked.FINGERPRINTS] in last.page.text


@pytest.mark.parametrize("topic", [*Topic])
def test_every_answer_can_be_changed_and_leads_back_to_the_check_page(report: Client, topic: Topic) -> None:
    *_, last = walk(report, topic)
    names = [button.removeprefix("change-") for button in last.page.buttons if button.startswith("change-")]
    assert {*names} >= {page for page in journey_on(last.page).path if isinstance(page, Asked)}
    for name in names:
        page = change(report, last.page, name)
        assert journey_on(page).at == name
        after = press(report, TELL, page, "go")
        after = press(report, TELL, after, "go") if isinstance(journey_on(after).at, Told) else after
        assert (after.status, after.title, after.text) == (200, CHECK, last.page.text)


def test_a_changed_answer_is_stored_at_once_and_shown(report: Client) -> None:
    page = answer(report, change(report, checked(report), "where"), "Somewhere else")
    assert page.title == CHECK
    assert "Somewhere else" in page.text
    assert SHORTEST["where"] not in page.text
    assert last_answers() == SHORTEST | {"where": "Somewhere else"}


def test_an_answer_that_is_needed_cannot_be_emptied(report: Client) -> None:
    where = change(report, checked(report), "where")
    for step in ("go", "skip", "check"):
        page = answer(report, where, "", step)
        assert (page.status, journey_on(page).at) == (422, "where")


def test_what_the_change_opened_is_asked_only_if_it_is_needed(report: Client) -> None:
    login = answer(report, change(report, checked(report), "login"), Choice.YES)
    assert (login.title, "change-login_how" in login.buttons) == (CHECK, True)
    country = answer(report, change(report, checked(report, topic=Topic.OTHER), "topic"), Topic.TRAVEL)
    assert journey_on(country).at == "country"
    assert answer(report, country, "Thailand").title == CHECK
    travel = answer(report, change(report, checked(report), "topic"), Topic.TRAVEL)
    words = answer(report, travel, "Thailand")
    assert journey_on(words).at == "words"
    assert answer(report, words, "A man").title == CHECK


@pytest.mark.parametrize(
    ("topic", "asked", "said", "told_then"),
    [
        (Topic.WEB, "danger", Choice.YES, Told.EMERGENCY),
        (Topic.CONTACT, "demands", Choice.THREATENS, Told.THREATENED),
        (Topic.OWN_PICTURE, "threat", Choice.YES, Told.THREATENED),
    ],
)
def test_help_that_an_answer_calls_for_comes_before_the_check_page(
    report: Client, topic: Topic, asked: str, said: str, told_then: Told
) -> None:
    *_, last = walk(report, topic)
    question = change(report, last.page, asked)
    for step in ("go", "check"):
        help_page = answer(report, question, said, step)
        assert journey_on(help_page).at == told_then
        assert press(report, TELL, help_page, "go").title == CHECK


def test_a_question_that_this_report_does_not_ask_cannot_be_changed(report: Client) -> None:
    check = checked(report)
    for name in ("wallet", "nonsense", "", "where-else"):
        page = change(report, check, name)
        assert (page.status, page.title) == (200, CHECK)


def test_what_no_longer_belongs_to_the_report_is_neither_shown_nor_sent(report: Client) -> None:
    *_, last = walk(report, Topic.WEB)
    page = change(report, last.page, "topic")
    page = answer(report, page, Topic.TRADE)
    assert "About spot" not in page.text
    press(report, TELL, page, "send")
    sent = last_answers()
    assert sent.keys().isdisjoint({"spot", "login", "login_how", "more"})
    assert (sent["topic"], sent["where"], sent["contact"]) == (
        "trade",
        last.answers[Asked.WHERE],
        last.answers[Asked.CONTACT],
    )


def test_back_from_the_check_page_and_on_again_comes_to_it(report: Client) -> None:
    check = checked(report)
    contact = press(report, TELL, check, "back")
    assert (journey_on(contact).at, shown(contact)) == ("contact", {"answer": ""})
    assert answer(report, contact, "me@mail.example").title == CHECK
    assert last_answers()["contact"] == "me@mail.example"
