"""From the first answer to the receipt: durable as it goes, sent once, thrown away for good, and never a false promise."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sites import letters
from tests.sites.browsing import Page, get, post, press
from tests.sites.report.reporter import (
    CHECK,
    FINGERPRINT,
    MARKS,
    SHORTEST,
    SWEDISH,
    TELL,
    answer,
    ask,
    checked,
    journey_on,
    sent,
    shown,
    told,
)

from lykta.core.vocabulary import Choice, Topic
from lykta.lib import clock, codes, sealing
from lykta.records.letterbox.models import Box
from lykta.sites.report.journey import SECONDS

pytestmark = pytest.mark.django_db(databases=["letterbox"])

CODE = re.compile(r"[0-9A-Z]{4}(?:\s*-\s*[0-9A-Z]{3,4}){6}")
LOST = "This page was open for too long"
THROWN = "Nothing of what you answered is kept."


def code_on(page: Page) -> codes.Code:
    found = CODE.search(page.text)
    assert found is not None
    return codes.read(found.group())


def answers() -> list[dict[str, str]]:
    return [letter["answers"] for letter in letters.opened()]


def forget(client: Client, page: Page, path: str = TELL) -> Page:
    """Throw it away, and mean it."""
    return press(client, path, press(client, path, page, "throw"), "forget")


# The first page


def test_the_start_page_leads_to_the_form_and_to_the_mailbox(report: Client) -> None:
    assert {TELL, "/en/mailbox/"} <= {*get(report, "/en/").links}


@pytest.mark.parametrize("path", ["/en/", TELL])
def test_it_is_said_before_the_first_answer_that_answers_are_received_as_one_goes(report: Client, path: str) -> None:
    said = get(report, path).text
    assert "receive each answer as you go" in said
    assert "throw it away" in said


def test_looking_at_the_first_question_stores_nothing(report: Client) -> None:
    ask(report)
    press(report, SWEDISH, ask(report), "again", answer=Topic.WEB)
    assert (letters.kinds(), Box.objects.using("letterbox").count()) == ([], 0)


def test_all_topics_are_offered_in_the_visitors_own_language(report: Client) -> None:
    english, swedish = ask(report), ask(report, SWEDISH)
    assert english.offered == swedish.offered == [*Topic]
    assert "Something that I saw while travelling" in english.text
    assert "Something that I saw while travelling" not in swedish.text


# As you go


def test_the_first_answer_is_durable_before_the_second_question_is_shown(report: Client) -> None:
    second = told(report, Topic.TRAVEL)
    assert "What you answered so far is with us already." in second.text
    assert letters.kinds() == ["part"]
    assert letters.opened() == [{"answers": {"topic": "travel"}, "files": [], "language": "en"}]
    assert letters.proofs() == [codes.proof(journey_on(second).code).hex()]


def test_a_part_says_all_that_was_said_and_takes_the_place_of_the_one_before(report: Client) -> None:
    page = told(report, Topic.WEB, Choice.NO, "One place")
    assert answers() == [{"topic": "web", "danger": "no", "where": "One place"}]
    answer(report, press(report, TELL, page, "back"), "Another place")
    assert answers() == [{"topic": "web", "danger": "no", "where": "Another place"}]
    assert Box.objects.using("letterbox").count() == 1


def test_words_that_were_taken_back_are_not_kept(report: Client) -> None:
    third = told(report, Topic.OTHER, Choice.NO, "Too much")
    answer(report, press(report, TELL, third, "back"), "Less")
    assert "Too much" not in str(letters.opened())


def test_an_answer_that_no_question_asks_for_any_more_is_not_kept(report: Client) -> None:
    page = told(report, Topic.WEB, Choice.NO, "A place", "", Choice.YES, "The password")
    assert answers()[0]["login_how"] == "The password"
    login = press(report, TELL, press(report, TELL, page, "back"), "back")
    answer(report, login, Choice.NO)
    assert answers() == [{"topic": "web", "danger": "no", "where": "A place", "login": "no"}]
    opened_again = answer(report, login, Choice.YES)
    assert shown(opened_again) == {"answer": "The password"}


def test_the_same_words_are_not_written_twice(report: Client) -> None:
    page = told(report, Topic.OWN_PICTURE, Choice.NO)
    with letters.failing("UPDATE"):
        assert journey_on(answer(report, page, "")).at == "age"


def test_each_report_has_a_code_and_a_mailbox_of_its_own(report: Client) -> None:
    pages = [told(report, Topic.WEB) for _ in range(3)]
    assert len({journey_on(page).code for page in pages}) == 3
    assert Box.objects.using("letterbox").count() == 3


def test_several_choices_are_kept_together_and_can_all_be_taken_back(report: Client) -> None:
    page = told(report, Topic.PAYMENT, Choice.NO, "A shop")
    assert {"card", "voucher", "crypto"} < {*page.offered}
    following = answer(report, page, ["card", "voucher"])
    assert answers()[0]["method"] == "card voucher"
    back = press(report, TELL, following, "back")
    assert shown(back) == {"answer": ["card", "voucher"]}
    answer(report, back, "")
    assert "method" not in answers()[0]


# Sending


def test_a_report_is_sent_and_sealed_under_the_code_that_is_shown(report: Client) -> None:
    receipt = sent(report)
    assert "Thank you. We have received it." in receipt.text
    assert letters.kinds() == ["report"]
    assert letters.proofs() == [codes.proof(code_on(receipt)).hex()]
    assert letters.opened() == [{"answers": SHORTEST, "files": [], "language": "en"}]


def test_the_language_of_a_report_is_that_of_the_page(report: Client) -> None:
    sent(report, path=SWEDISH)
    assert [letter["language"] for letter in letters.opened()] == ["sv"]
    assert Box.objects.using("letterbox").get().language == "sv"


def test_the_receipt_shows_the_code_once_and_opens_the_mailbox(report: Client) -> None:
    receipt = sent(report)
    code = code_on(receipt)
    assert Box.objects.using("letterbox").get().lookup == codes.lookup(code)
    assert receipt.links[-1] == "/en/mailbox/"
    assert len(CODE.findall(receipt.text)) == 1
    assert "How far we have come" in post(report, "/en/mailbox/", code=codes.spell(code), step="open").text


def test_the_receipt_has_no_twin_in_which_the_code_would_be_lost(report: Client) -> None:
    receipt = sent(report)
    assert "Svenska" not in receipt.text
    assert "/sv/" not in receipt.source


def test_the_code_is_never_in_an_address_and_not_on_a_page_before_the_receipt(report: Client) -> None:
    check = checked(report)
    receipt = press(report, TELL, check, "send")
    code = code_on(receipt)
    assert CODE.search(check.text) is None
    assert code not in check.source
    opened = post(report, "/en/mailbox/", code=code, step="open")
    assert not [link for page in (receipt, opened) for link in page.links if code in link or codes.spell(code) in link]


def test_a_double_press_shows_the_same_code_and_leaves_one_letter(report: Client) -> None:
    check = checked(report)
    first, second = (press(report, TELL, check, "send") for _ in range(2))
    assert code_on(first) == code_on(second)
    assert letters.kinds() == ["report"]
    assert answers() == [SHORTEST]


def test_what_was_changed_after_sending_comes_as_one_more_part_of_the_same_report(report: Client) -> None:
    check = checked(report)
    receipt = press(report, TELL, check, "send")
    answer(report, press(report, TELL, check, "change-where"), "Somewhere else")
    assert letters.kinds() == ["report", "part"]
    assert letters.proofs() == [codes.proof(code_on(receipt)).hex()] * 2


@pytest.mark.parametrize("said", [(), (Topic.WEB,), (Topic.TRAVEL, Choice.NO, "Thailand")])
def test_sending_too_early_leads_to_what_is_missing(report: Client, said: tuple[str, ...]) -> None:
    page = press(report, TELL, told(report, *said), "send")
    assert (page.status, journey_on(page).at) == (200, {0: "topic", 1: "where", 3: "words"}[len(said)])
    assert "report" not in letters.kinds()


# What is not received


@pytest.mark.parametrize("error", [OperationalError, DatabaseError, InterfaceError])
@pytest.mark.parametrize("word", ["INSERT", "UPDATE"])
def test_a_first_answer_that_could_not_be_stored_does_not_count_as_received(
    report: Client, word: str, error: type[Exception]
) -> None:
    first = ask(report)
    with letters.failing(word, error):
        failed = answer(report, first, Topic.WEB)
    assert (failed.status, journey_on(failed).at) == (503, "topic")
    assert "We could not receive it" in failed.text
    assert "with us already" not in failed.text
    assert shown(failed) == {"answer": "web"}
    assert Box.objects.using("letterbox").count() == 0
    assert journey_on(press(report, TELL, failed, "go")).at == "danger"
    assert answers() == [{"topic": "web"}]


def test_a_report_that_could_not_be_sent_gets_no_code_and_can_be_sent_again(report: Client) -> None:
    check = checked(report)
    with letters.failing("UPDATE"):
        failed = press(report, TELL, check, "send")
    assert (failed.status, failed.title) == (503, CHECK)
    assert CODE.search(failed.text) is None
    assert letters.kinds() == ["part"]
    assert "Thank you" in press(report, TELL, failed, "send").text
    assert answers() == [SHORTEST]


def test_what_was_not_stored_is_stored_even_if_nothing_more_is_typed(report: Client) -> None:
    """After a fault the page carries the words: that alone does not make them safe."""
    page = told(report, Topic.OTHER, Choice.NO)
    with letters.failing("UPDATE"):
        failed = answer(report, page, MARKS)
        skipped = press(report, SWEDISH, press(report, SWEDISH, failed, "again"), "go")
    assert skipped.status == 503
    press(report, SWEDISH, skipped, "go")
    assert answers() == [{"topic": "other", "danger": "no", "words": MARKS}]


# A state that does not hold


@pytest.mark.parametrize(
    "state", ["", "x", "ä", "e30=", "A" * 400, "====", "\x00", "undefined"], ids=lambda state: state[:9]
)
def test_without_a_good_state_what_was_typed_last_is_given_back(report: Client, state: str) -> None:
    page = post(report, TELL, state=state, answer=MARKS, step="go")
    assert (page.status, page.title) == (422, LOST)
    assert "&quot;marks&quot; &amp; &lt;b&gt;signs&lt;/b&gt;" in page.source
    assert TELL in page.links
    assert letters.kinds() == []


def test_a_page_that_brings_no_state_at_all_is_lost_too(report: Client) -> None:
    page = post(report, TELL, answer=["One", "and another"], fingerprints=FINGERPRINT)
    assert page.title == LOST
    assert f"One and another {FINGERPRINT}" in page.text
    assert "This is what you wrote last." not in post(report, TELL).text


@pytest.mark.parametrize("step", ["go", "skip", "check", "back", "again", "send", "throw", "forget", "number", "x"])
def test_no_button_does_anything_with_a_state_of_another_hotline(report: Client, settings: Settings, step: str) -> None:
    page = told(report, Topic.WEB)
    settings.FORM_KEY = sealing.new_secret_key()
    assert press(report, TELL, page, step).title == LOST
    assert answers() == [{"topic": "web"}]


@pytest.mark.parametrize(("later", "lost"), [(SECONDS - 60, False), (SECONDS + 60, True), (-3600, True)])
def test_a_page_may_lie_open_for_a_day(
    report: Client, monkeypatch: pytest.MonkeyPatch, later: int, *, lost: bool
) -> None:
    page = told(report, Topic.WEB)
    now: datetime = clock.now() + timedelta(seconds=later)
    monkeypatch.setattr(clock, "now", lambda: now)
    assert (answer(report, page, Choice.NO).title == LOST) is lost


# Throwing away


def test_throwing_away_asks_first_and_keeps_everything_until_then(report: Client) -> None:
    page = told(report, Topic.OTHER, Choice.NO)
    throw = press(report, TELL, page, "throw", answer="Half a sen")
    assert "Do you want to throw this away?" in throw.text
    assert letters.kinds() == ["part"]
    swedish = press(report, SWEDISH, throw, "throw")
    assert (swedish.status, swedish.buttons) == (200, throw.buttons)
    assert shown(press(report, TELL, swedish, "again")) == {"answer": "Half a sen"}


def test_what_is_thrown_away_is_deleted_and_the_staff_side_is_told_with_proof(report: Client) -> None:
    page, other = told(report, Topic.WEB, Choice.NO, "A place"), told(report, Topic.TRADE)
    done = forget(report, page)
    assert (done.status, THROWN in done.text) == (200, True)
    assert letters.kinds() == ["part", "delete"]
    assert letters.opened() == [{"answers": {"topic": "trade"}, "files": [], "language": "en"}, {}]
    assert letters.proofs()[-1] == codes.proof(journey_on(page).code).hex()
    assert answer(report, other, Choice.NO).status == 200


def test_a_sent_report_can_be_thrown_away_from_a_page_that_is_still_open(report: Client) -> None:
    check = checked(report)
    receipt = press(report, TELL, check, "send")
    assert THROWN in forget(report, check).text
    assert letters.kinds() == ["delete"]
    assert post(report, "/en/mailbox/", code=code_on(receipt), step="open").status == 422


def test_after_throwing_away_no_page_that_is_still_open_stores_anything(report: Client) -> None:
    check = checked(report)
    question = press(report, TELL, check, "change-where")
    forget(report, check)
    for page in (answer(report, question, "Again"), press(report, TELL, check, "send")):
        assert (page.status, page.title, THROWN in page.text) == (410, "It is thrown away", True)
    assert letters.kinds() == ["delete"]


def test_throwing_away_twice_says_the_same_and_sends_one_letter(report: Client) -> None:
    throw = press(report, TELL, told(report, Topic.WEB), "throw")
    assert [press(report, TELL, throw, "forget").title for _ in range(2)] == ["It is thrown away"] * 2
    assert letters.kinds() == ["delete"]


@pytest.mark.parametrize("word", ["INSERT", "UPDATE", "SELECT", "DELETE"])
def test_what_could_not_be_thrown_away_is_said_and_can_be_tried_again(report: Client, word: str) -> None:
    throw = press(report, TELL, told(report, Topic.WEB), "throw")
    with letters.failing(word):
        failed = press(report, TELL, throw, "forget")
    assert (failed.status, THROWN in failed.text) == (503, False)
    assert letters.kinds() == ["part"]
    assert THROWN in press(report, TELL, failed, "forget").text
    assert letters.kinds() == ["delete"]


def test_the_page_after_it_leads_away_and_keeps_nothing(report: Client) -> None:
    done = forget(report, told(report, Topic.WEB))
    assert done.filled == []
    assert {TELL, "/leave/"} <= {*done.links}
    assert "Svenska" not in done.text
