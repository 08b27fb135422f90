"""Five days at the desk, by keyboard alone: a child in danger, a journey, two who differ, a farewell, forgetting."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from tests.journeys.team import Hands, case_of, team, until
from tests.support.installation import Installation, receipt_code

from lykta.core.asking import Answers
from lykta.core.vocabulary import Asked, Choice, Topic

pytestmark = pytest.mark.journey
SECRET = "A lamp that nobody else has seen."
WORDS_ONLY: Answers = {Asked.TOPIC: Topic.OTHER, Asked.WORDS: SECRET}
THANKS = "Thank you. The police of that country know of the hotel now."


@pytest.fixture(scope="module")
def people(browser: Browser, running: Installation) -> Iterator[dict[str, Hands]]:
    with team(browser, running) as hands:
        yield hands


def seen_at(running: Installation, place: str) -> str:
    return f"I saw this: http://pictures.example:{running.port('practice_web')}/gallery?{place}"


def opened(by: Hands, case: int) -> None:
    """The case, from the list of its kind, once the machine has traced what it names."""
    waiting = "SELECT count(*) FROM cases_item i JOIN cases_mention m ON m.item_id = i.id JOIN cases_report r"
    traced = f"{waiting} ON m.report_id = r.id WHERE r.case_id = ? AND i.state = 'received'"
    until(lambda: by.running.sql("casebook", traced, case) == [(0,)])
    link = by.page.locator(f"a[href='/cases/{case}/']")
    # Other tests have filled the queue, and what waits least stands last.
    for number in range(1, 21):
        by.go(f"/?page={number}")
        if link.count():
            break
    link.focus()
    by.press("Enter")
    by.leads_to("Case")


def closed(by: Hands) -> None:
    by.use("Close this case")
    by.leads_to("Close case")
    by.press("Enter")
    by.leads_to("Queue")


def test_a_child_in_danger_comes_first_and_the_police_are_told_at_once(
    people: dict[str, Hands], running: Installation
) -> None:
    anna = people["anna"]
    told = {Asked.TOPIC: Topic.CONTACT, Asked.DANGER: Choice.YES, Asked.WHERE: seen_at(running, "in-danger")}
    case, _ = case_of(running, told)
    opened(anna, case)
    anna.reads("a child in danger now", "The reporter says that a child is in danger right now.")
    anna.press("e")
    anna.leads_to("Assess item")
    anna.press("1", "x", "Enter")
    anna.leads_to("Who will be told")
    anna.reads("Police")
    anna.press("Enter")
    anna.reads("Confirmed as illegal. Those concerned are being told.")
    sent = "SELECT count(*) FROM referrals_referral WHERE kind = 'police' AND state = 'sent' AND urgent"
    until(lambda: running.sql("casebook", sent)[0][0] >= 1)


def test_a_traveller_is_answered_and_the_case_of_words_is_closed(
    people: dict[str, Hands], running: Installation
) -> None:
    anna = people["anna"]
    told = {Asked.TOPIC: Topic.TRAVEL, Asked.COUNTRY: "Thailand", Asked.PLACE: "a beach", Asked.WORDS: "Two children."}
    case, receipt = case_of(running, told)
    opened(anna, case)
    anna.reads("a beach", "A child may be in danger now.", "this case is only words")
    anna.press("a")
    anna.page.keyboard.type(THANKS)
    anna.use("Send")
    anna.reads("Your answer is on its way")
    closed(anna)
    mailbox = {"code": receipt_code(receipt), "step": "open"}
    until(lambda: THANKS in running.ask("POST", "report", "/en/mailbox/", mailbox)[1])


def test_two_who_differ_are_settled_by_a_senior_who_sees_both(people: dict[str, Hands], running: Installation) -> None:
    anna, lena, vera = (people[name] for name in ("anna", "lena", "vera"))
    case, _ = case_of(running, {**WORDS_ONLY, Asked.WORDS: seen_at(running, "two-who-differ")})
    opened(anna, case)
    anna.press("e")
    anna.leads_to("Assess item")
    anna.press("5", "b", "n", "Enter")
    anna.leads_to("Who will be told")
    anna.press("Enter")
    anna.reads("A colleague judges it too")
    [(number,)] = running.sql("casebook", "SELECT max(id) FROM cases_opinion")
    lena.go(f"/opinions/{number}/")
    lena.leads_to("Second opinion")
    lena.press("1", "Enter")
    lena.reads("You and your colleague differ: a senior decides.")
    lena.go(f"/opinions/{number}/decide/")
    lena.leads_to("There is nothing here for you")
    vera.go("/opinions/")
    vera.page.locator(f"a[href='/opinions/{number}/decide/']").focus()
    vera.press("Enter")
    vera.leads_to("Two answers about item")
    vera.reads("anna", "lena", "differs")
    vera.press("2")
    vera.leads_to("Assess item")
    vera.press("Enter")
    vera.leads_to("Who will be told")
    vera.press("Enter")
    vera.reads("Confirmed as illegal.")


def test_who_is_removed_is_out_with_the_next_key(people: dict[str, Hands], running: Installation) -> None:
    lena, sam = people["lena"], people["sam"]
    case, _ = case_of(running, WORDS_ONLY)
    opened(sam, case)
    sam.reads(SECRET, "In your hands until")
    [(number,)] = running.sql("casebook", "SELECT id FROM people_staff WHERE username = 'sam'")
    lena.go(f"/people/{number}/")
    lena.use("Remove")
    lena.leads_to("Remove sam?")
    lena.use("Remove now")
    lena.reads("sam is out. Cases that were handed back: 1.")
    sam.press("d")
    expect(sam.page.get_by_label("Username")).to_be_visible()
    sam.page.go_back()
    expect(sam.page.locator("body")).not_to_contain_text(SECRET)
    [(holder,)] = running.sql("casebook", "SELECT claimed_by_id FROM cases_case WHERE id = ?", case)
    assert holder is None


def test_what_two_agree_to_forget_is_gone_from_the_page_and_from_the_disk(
    people: dict[str, Hands], running: Installation
) -> None:
    anna, lena = people["anna"], people["lena"]
    case, _ = case_of(running, WORDS_ONLY)
    opened(anna, case)
    anna.reads(SECRET)
    closed(anna)
    lena.go(f"/cases/{case}/")
    lena.press("k")
    lena.leads_to("Keeping case")
    lena.write("forget-why", "The reporter asks for it by letter.")
    lena.press("Enter")
    lena.reads("A second person has to look at it first.")
    [(number,)] = running.sql("casebook", "SELECT max(id) FROM approvals_approval")
    anna.go("/approvals/")
    anna.page.locator(f"form[action='/approvals/{number}/decide/'] button[value=approve]").focus()
    anna.press("Enter")
    anna.reads("You have agreed.")
    lena.page.reload()
    lena.use("Forget this case for good")
    lena.reads("The case is forgotten: nobody can read it any more.")
    lena.press("Escape")
    lena.leads_to("Case")
    lena.reads("Forgotten: the key to these words has been destroyed.")
    expect(lena.page.locator("main")).not_to_contain_text(SECRET)
    anna.go(f"/cases/{case}/")
    anna.reads("Forgotten: the key to these words has been destroyed.")
    [(uuid,)] = running.sql("casebook", "SELECT uuid FROM cases_case WHERE id = ?", case)
    assert not [path for path in running.home.rglob(f"*{uuid}*") if "keyring" in path.parts]
