"""Questions in the mailbox: each has its own box, and nothing typed into another one is lost."""

from uuid import uuid4

import pytest
from django.test import Client
from tests.sites import letters
from tests.sites.browsing import Page, post, press

from lykta.core.vocabulary import ReporterStatus
from lykta.lib import codes
from lykta.lib.codes import Code
from lykta.sites.common import floods
from lykta.sites.common.words import TEXT_LIMIT

pytestmark = pytest.mark.django_db(databases=["letterbox"])

MAILBOX = "/en/mailbox/"
ASKED = "We have a question for you: please answer it."
RECEIVED = "We have received your answer."
ANSWERED = "We have your answer."


def opened(client: Client, code: str, path: str = MAILBOX) -> Page:
    return post(client, path, code=code, step="open")


def ask(code: Code, text: str = "On which day?", *, minutes: int = 0) -> str:
    """A question in the mailbox; returns the name of the box for its answer."""
    number = str(uuid4())
    letters.put(code, minutes=minutes, type="question", number=number, text=text)
    return f"reply-{number}"


def say_answered(code: Code, box: str) -> None:
    letters.put(code, minutes=9, type="answered", number=box.removeprefix("reply-"))


def test_an_open_question_comes_first_with_its_own_box(report: Client) -> None:
    code = letters.box()
    letters.put(code, type="message", text="Thank you for writing.")
    box = ask(code, "On <b>which</b> day?")
    page = opened(report, code)
    order = ("We have a question for you", "On <b>which</b> day?", ASKED, "Thank you for writing.", "Write to us")
    assert sorted(page.text.index(words) for words in order) == [page.text.index(words) for words in order]
    assert page.fields[box] == ""
    assert f'<label for="{box}">Your answer</label>' in page.source
    assert f'<button class="button" name="step" value="{box}">' in page.source
    assert {f"{box}-asked", f"{box}-title"} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_without_a_question_the_page_says_nothing_of_one(report: Client) -> None:
    code = letters.box()
    letters.put(code, type="message", text="Thank you.")
    assert "question" not in opened(report, code).text


@pytest.mark.parametrize("status", [*ReporterStatus])
def test_no_status_hides_that_a_question_is_open(report: Client, status: ReporterStatus) -> None:
    code = letters.box()
    ask(code)
    letters.put(code, minutes=1, type="status", status=status)
    page = opened(report, code)
    assert ASKED in page.text
    assert status.sentence in page.text


def test_an_answer_is_sealed_to_the_hotline_with_the_number_of_its_question(report: Client) -> None:
    code = letters.box()
    box = ask(code)
    page = opened(report, code)
    after = press(report, MAILBOX, page, box, **{box: "On Tuesday."})
    assert after.status == 200
    assert f'role="status"><p><strong>{RECEIVED}' in after.source
    assert letters.kinds() == ["more"]
    assert letters.proofs() == [codes.proof(code).hex()]
    content = {"text": "On Tuesday.", "nonce": page.fields["nonce"], "to": box.removeprefix("reply-")}
    assert letters.opened() == [content]


def test_directly_after_sending_the_question_is_answered(report: Client) -> None:
    code = letters.box()
    box = ask(code)
    page = opened(report, code)
    after = press(report, MAILBOX, page, box, **{box: "On Tuesday."})
    assert ANSWERED in after.text
    assert ASKED not in after.text
    assert after.fields[box] == ""
    assert after.fields["nonce"] != page.fields["nonce"]


def test_what_the_hotline_says_was_answered_can_be_added_to(report: Client) -> None:
    code = letters.box()
    box = ask(code)
    say_answered(code, box)
    page = opened(report, code)
    assert ASKED not in page.text
    assert ANSWERED in page.text
    assert "<details><summary>Add something to your answer" in page.source
    press(report, MAILBOX, page, box, **{box: "And in the evening."})
    assert [letter["to"] for letter in letters.opened()] == [box.removeprefix("reply-")]


def test_each_question_has_its_own_state(report: Client) -> None:
    code = letters.box()
    done, waiting = ask(code, "On which day?"), ask(code, "Which colour?", minutes=1)
    say_answered(code, done)
    page = opened(report, code)
    assert page.text.index("Which colour?") < page.text.index(ASKED) < page.text.index("On which day?")
    assert page.text.count(ANSWERED) == 1
    assert page.ids.index(waiting) < page.ids.index(done)


def test_sending_one_answer_keeps_what_stands_in_the_other_boxes(report: Client) -> None:
    code = letters.box()
    day, colour = ask(code, "On which day?"), ask(code, "Which colour?")
    page = opened(report, code)
    after = press(report, MAILBOX, page, day, **{day: "On Tuesday.", colour: "Perhaps r", "text": "By the w"})
    assert (after.fields[day], after.fields[colour], after.fields["text"]) == ("", "Perhaps r", "By the w")
    assert [letter["text"] for letter in letters.opened()] == ["On Tuesday."]
    last = press(report, MAILBOX, after, "write", text="By the way.")
    assert last.fields[colour] == "Perhaps r"
    assert "We have received what you wrote." in last.text


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("text", ["", "  \n ", "x" * (TEXT_LIMIT + 1)])
def test_what_cannot_be_sent_is_said_at_its_own_box_and_kept(
    report: Client,
    text: str,
    answered: bool,  # noqa: FBT001 - a table
) -> None:
    code = letters.box()
    day, colour = ask(code, "On which day?"), ask(code, "Which colour?")
    if answered:
        say_answered(code, day)
    page = press(report, MAILBOX, opened(report, code), day, **{day: text, colour: "Red", "text": "Half a sen"})
    assert page.status == 422
    assert f"#{day}" in page.links
    assert f"{day}-wrong" in page.ids
    assert not {f"#{colour}", "#text"} & set(page.links)
    assert (page.fields[day], page.fields[colour], page.fields["text"]) == (text.strip(), "Red", "Half a sen")
    assert ("<details open>" in page.source) == answered
    assert letters.opened() == []


def test_a_full_disk_does_not_lose_an_answer(report: Client) -> None:
    code = letters.box()
    box = ask(code)
    page = opened(report, code)
    with letters.failing("INSERT"):
        failed = press(report, MAILBOX, page, box, **{box: "On Tuesday."})
    assert failed.status == 503
    assert "We could not receive it" in failed.text
    assert RECEIVED not in failed.text
    assert failed.fields[box] == "On Tuesday."
    assert failed.fields["nonce"] == page.fields["nonce"]
    assert RECEIVED in press(report, MAILBOX, failed, box).text


def test_a_letterbox_that_cannot_be_read_keeps_every_answer(report: Client) -> None:
    code = letters.box()
    box = ask(code)
    with letters.failing("SELECT"):
        failed = post(report, MAILBOX, code=code, step=box, **{box: "On Tuesday."})
    assert failed.status == 503
    assert press(report, MAILBOX, failed, "open").fields[box] == "On Tuesday."


def test_another_language_keeps_what_stands_in_every_box(report: Client) -> None:
    code = letters.box()
    day, colour = ask(code, "On which day?"), ask(code, "Which colour?")
    say_answered(code, day)
    page = opened(report, code)
    typed = {day: "On Tues", colour: "Re", "text": "Half a sen"}
    swedish = press(report, "/sv/mailbox/", page, "open", **typed)
    assert {name: swedish.fields[name] for name in typed} == typed
    assert "<details open>" in swedish.source
    assert page.source.count("<form") == 1


def test_who_looks_at_deleting_and_comes_back_finds_every_box_as_it_was(report: Client) -> None:
    code = letters.box()
    box = ask(code)
    asked = press(report, MAILBOX, opened(report, code), "delete", **{box: "On Tues", "text": "Half a sen"})
    back = press(report, MAILBOX, asked, "open")
    assert (back.fields[box], back.fields["text"]) == ("On Tues", "Half a sen")


def test_a_flood_asks_to_wait_and_carries_the_answer(report: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    code = letters.box()
    box = ask(code)
    page = opened(report, code)
    monkeypatch.setattr(floods, "network", lambda *_where, **_proxy: b"one")
    for _ in range(floods.SENDS.networks.burst):
        press(report, MAILBOX, page, "write", text="Much.")
    wait = press(report, MAILBOX, page, box, **{box: "On Tuesday."})
    assert wait.status == 429
    assert wait.fields[box] == "On Tuesday."
    assert f'name="step" value="{box}"' in wait.source
    assert "to" not in letters.opened()[-1]


@pytest.mark.parametrize("box", ["reply-", "reply-00000000-0000-4000-8000-000000000000", "code", "nonce"])
def test_an_answer_to_what_nobody_asked_goes_nowhere(report: Client, box: str) -> None:
    code = letters.box()
    ask(code)
    page = press(report, MAILBOX, opened(report, code), box, **({} if box == "code" else {box: "On Tuesday."}))
    assert page.status == 200
    assert letters.opened() == []


def test_a_message_is_no_question(report: Client) -> None:
    code, number = letters.box(), str(uuid4())
    letters.put(code, type="message", number=number, text="Thank you.")
    page = press(report, MAILBOX, opened(report, code), f"reply-{number}", **{f"reply-{number}": "Hello"})
    assert f"reply-{number}" not in page.fields
    assert letters.opened() == []
