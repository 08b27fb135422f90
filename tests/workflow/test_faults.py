"""Faults of the outside and of ourselves: tried again, shown to a person, never done twice unmarked."""

from datetime import timedelta
from typing import Any

import pytest
from tests.workflow.conftest import HOLD, HOTLINE_KEY, NOT_THERE, SWEDISH, Hotline, outside_of

from lykta.connectors.console.connector import ConsolePost
from lykta.connectors.contract import Final, Message, Returned, Sent, Transient
from lykta.core.vocabulary import ItemState, RecipientKind, ReferralState
from lykta.lib import clock, codes, sealing
from lykta.records.audit.models import Entry
from lykta.records.cases.actions import moves
from lykta.records.cases.models import Case, Item, Report
from lykta.records.letterbox import actions as letterbox
from lykta.records.letterbox.models import Box, Letter
from lykta.records.people.models import Staff
from lykta.records.referrals import actions as referral_actions
from lykta.records.referrals.models import Referral
from lykta.records.steps import actions as step_actions
from lykta.records.steps import queries as steps
from lykta.records.steps.models import Step
from lykta.workflow import telling
from lykta.workflow.letters import take_in_letters

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"], transaction=True)
POLICE = "police@polis.test"


class Flaky:
    """A post that fails as it is told, then works."""

    def __init__(self, *faults: Exception) -> None:
        self.faults = list(faults)
        self.kept = ConsolePost()

    def send(self, message: Message) -> Sent:
        if self.faults:
            raise self.faults.pop(0)
        return self.kept.send(message)


def assessed(hotline: Hotline, anna: Staff) -> None:
    hotline.receive(SWEDISH)
    hotline.work()
    hotline.assess(anna, SWEDISH)


def test_a_mail_server_that_is_away_for_a_while_costs_nothing(hotline: Hotline, anna: Staff) -> None:
    assessed(hotline, anna)
    post = Flaky(Transient("451 later"), Transient("451 later"))
    with outside_of(hotline, post=post):
        for _ in range(3):
            hotline.work()
            hotline.wait(timedelta(minutes=2))
    (message,) = post.kept.sent
    assert message.repeat is False


def test_a_sending_of_which_nobody_knows_the_end_is_marked_as_a_repeat(hotline: Hotline, anna: Staff) -> None:
    assessed(hotline, anna)
    post = Flaky(Transient("the connection broke after the last byte", uncertain=True))
    with outside_of(hotline, post=post):
        hotline.work()
        hotline.wait(timedelta(minutes=1))
        hotline.work()
    (message,) = post.kept.sent
    assert message.repeat is True
    assert Referral.objects.get(kind="police").repeats == 1


def test_a_worker_that_dies_after_the_deed_does_it_again_marked(
    hotline: Hotline, anna: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessed(hotline, anna)

    def die(*_args: Any, **_kwargs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(telling, "_sent", die)
        with pytest.raises(KeyboardInterrupt):
            hotline.work()
    assert len(hotline.sent_to(POLICE)) == 1
    hotline.wait(step_actions.LEASE + timedelta(seconds=1))
    hotline.work()
    first, second = [message for message in hotline.post.sent if message.to == POLICE]
    assert (first.repeat, second.repeat) == (False, True)
    assert first.message_id == second.message_id


def test_a_worker_that_dies_in_the_middle_of_a_trace_traces_again(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    hotline.receive(SWEDISH)
    take_in_letters(HOTLINE_KEY)

    def die(*_args: Any, **_kwargs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(moves, "move", die)
        with pytest.raises(KeyboardInterrupt):
            hotline.work()
    assert Item.objects.get().state == ItemState.RECEIVED
    hotline.wait(step_actions.LEASE + timedelta(seconds=1))
    hotline.work()
    assert Item.objects.get().state == ItemState.READY


def test_an_address_that_does_not_exist_is_shown_to_a_person_once(hotline: Hotline, anna: Staff) -> None:
    assessed(hotline, anna)
    with outside_of(hotline, post=ConsolePost({POLICE: Final("550 no such mailbox")})):
        hotline.work()
        hotline.wait(timedelta(days=1))
        hotline.work()
    referral = Referral.objects.get(kind="police")
    assert (referral.state, referral.problem) == (ReferralState.FAILED, "550 no such mailbox")
    assert steps.stuck() == []


def test_a_mail_server_that_stays_away_is_shown_to_a_person(hotline: Hotline, anna: Staff) -> None:
    assessed(hotline, anna)
    with outside_of(hotline, post=ConsolePost({POLICE: Transient("451 later")})):
        for _ in range(step_actions.ATTEMPTS + 1):
            hotline.work()
            hotline.wait(timedelta(hours=1))
    assert Referral.objects.get(kind="police").state == ReferralState.FAILED
    assert [step.error for step in steps.stuck()] == ["451 later"]


def test_a_trace_is_kept_though_half_of_the_outside_is_silent(hotline: Hotline) -> None:
    class Silent:
        def network(self, address: str) -> None:
            raise Transient(f"no answer about {address}")

        domain = autnum = network

    with outside_of(hotline, registry=Silent()):
        hotline.receive(SWEDISH)
        hotline.work()
    item = Item.objects.get()
    assert item.state == ItemState.READY
    assert Step.objects.filter(word="trace", occasion="again", done_at=None).count() == 1


def test_an_unforeseen_error_is_tried_again_and_quotes_nobody(
    hotline: Hotline, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def look(self, address: str) -> None:
            raise RuntimeError(f"cannot cope with {address}")

    with outside_of(hotline, looker=Broken()):
        hotline.receive(SWEDISH)
        hotline.work()
    step = Step.objects.get(word="trace")
    assert step.done_at is None
    assert "RuntimeError in" in step.error
    assert "nordhost" not in step.error
    assert "nordhost" not in caplog.text


def drop(content: dict[str, Any], *, hotline_key: bytes) -> None:
    post = letterbox.Post(
        hotline_key=hotline_key, language="en", now=clock.now(), expires_at=clock.now() + timedelta(days=1)
    )
    letterbox.drop_report(content=content, code=codes.new(), post=post)


def test_a_letter_for_another_hotline_is_set_aside_and_others_go_on(hotline: Hotline) -> None:
    drop({"answers": {"where": "x"}}, hotline_key=sealing.public_key(sealing.new_private_key()))
    hotline.receive(SWEDISH)
    hotline.work()
    assert Letter.objects.using("letterbox").exclude(failed_at=None).count() == 1
    assert Report.objects.count() == 1
    assert Entry.objects.filter(word="letter.set_aside").count() == 1


def test_an_answer_from_a_box_that_nobody_knows_is_set_aside(hotline: Hotline) -> None:
    code = codes.new()
    letterbox.open_box(code=code, kind="police", language="en", now=clock.now(), days=1)  # type: ignore[arg-type]
    hotline.reply(code, answer="released", note="", reference="")
    hotline.work()
    assert Letter.objects.using("letterbox").exclude(failed_at=None).count() == 1


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"answers": None, "language": None},
        {"answers": {"topic": "nonsense", "where": 7, "unasked": "x"}},
        {"answers": {"where": "\x00\x01\u202e http://\x00 ", "topic": "web", "contact": "a\r\nBcc: b"}},
        {"answers": {"where": "@" * 5000, "topic": 7}, "language": "x" * 50},
    ],
)
def test_strange_letters_become_cases_all_the_same(hotline: Hotline, content: dict[str, Any]) -> None:
    drop(content, hotline_key=sealing.public_key(HOTLINE_KEY))
    hotline.work()
    assert Case.objects.count() == 1


def test_the_reporter_writes_more_and_the_words_reach_the_case(hotline: Hotline) -> None:
    code = hotline.receive(NOT_THERE)
    hotline.work()
    hotline.reply(code, text=f"It moved to {SWEDISH}", nonce="n")
    hotline.work()
    assert Report.objects.get().messages.filter(incoming=True).count() == 1
    assert set(Item.objects.values_list("address", flat=True)) == {NOT_THERE, SWEDISH}


def test_more_words_wait_for_a_report_that_is_not_taken_in_yet(hotline: Hotline) -> None:
    code = hotline.receive(SWEDISH)
    hotline.reply(code, text="And more", nonce="n")
    hotline.work()
    assert Report.objects.get().messages.filter(incoming=True).count() == 1
    assert Letter.objects.using("letterbox").count() == 0


def test_a_letter_taken_in_but_not_discarded_counts_once(hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> None:
    hotline.receive(SWEDISH)
    with monkeypatch.context() as patched:
        patched.setattr(letterbox, "discard", lambda letter: None)
        take_in_letters(HOTLINE_KEY)
    hotline.work()
    assert (Report.objects.count(), Case.objects.count()) == (1, 1)
    assert Letter.objects.using("letterbox").count() == 0


def test_a_mailbox_that_has_expired_is_no_failure(hotline: Hotline) -> None:
    hotline.receive(SWEDISH)
    take_in_letters(HOTLINE_KEY)
    hotline.wait(timedelta(days=400))
    letterbox.empty_expired(now=clock.now())
    hotline.work()
    assert steps.stuck() == []


def test_a_mail_that_comes_back_is_put_on_the_desk_and_the_host_waits(hotline: Hotline, anna: Staff) -> None:
    assessed(hotline, anna)
    hotline.work()
    sent = hotline.post.sent[0].message_id
    hotline.returns.waiting.append(Returned(message_id=sent, reason="550 5.1.1 has moved", handle="1"))
    hotline.work()
    police = Referral.objects.get(kind="police")
    assert (police.state, police.problem) == (ReferralState.FAILED, "It came back: 550 5.1.1 has moved")
    hotline.wait(timedelta(days=30))
    hotline.work()
    assert hotline.sent_to("abuse@nordhost.test") == []
    referral_actions.set_recipient(
        by="lena", kind=RecipientKind.POLICE, country="SE", name="New", email="new@polis.test", key="new key"
    )
    referral_actions.readdress(by="staff:anna", number=police.pk, email="new@polis.test", now=hotline.time)
    hotline.work()
    assert [message.repeat for message in hotline.post.sent if message.to == "new@polis.test"] == [False]
    hotline.wait(HOLD)
    hotline.work()
    assert len(hotline.sent_to("abuse@nordhost.test")) == 1


@pytest.mark.parametrize("number", ["<L-2026-999999@hotline.test>", "<something@else.test>", ""])
def test_what_came_back_from_nobody_is_passed_over(hotline: Hotline, anna: Staff, number: str) -> None:
    assessed(hotline, anna)
    hotline.work()
    hotline.returns.waiting.append(Returned(message_id=number, reason="550", handle="1"))
    hotline.work()
    assert hotline.returns.waiting == []
    assert Referral.objects.get(kind="police").state == ReferralState.SENT


def test_who_writes_to_the_letterbox_cannot_speak_for_the_police(hotline: Hotline, anna: Staff) -> None:
    """Whoever takes a public face over knows every box, but no code that was never typed there."""
    assessed(hotline, anna)
    hotline.work()
    code = hotline.code_sent_to(POLICE)
    box = Box.objects.using("letterbox").get(lookup=codes.lookup(code))
    forged = sealing.seal(
        {"answer": "released", "proof": codes.proof(codes.new()).hex()}, to=sealing.public_key(HOTLINE_KEY)
    )
    Letter.objects.using("letterbox").create(box=box, kind="reply", sealed=forged, received_at=clock.now())
    hotline.work()
    assert hotline.sent_to("abuse@nordhost.test") == []
    assert Letter.objects.using("letterbox").exclude(failed_at=None).count() == 1


def test_who_writes_to_the_letterbox_cannot_speak_for_a_reporter(hotline: Hotline) -> None:
    code = hotline.receive(SWEDISH)
    hotline.work()
    box = Box.objects.using("letterbox").get(lookup=codes.lookup(code))
    forged = sealing.seal({"text": "I made it up"}, to=sealing.public_key(HOTLINE_KEY))
    Letter.objects.using("letterbox").create(box=box, kind="more", sealed=forged, received_at=clock.now())
    hotline.work()
    assert Report.objects.get().messages.filter(incoming=True).count() == 0


def test_the_message_goes_where_the_analyst_saw_it_go(hotline: Hotline, anna: Staff) -> None:
    assessed(hotline, anna)
    referral_actions.set_recipient(
        by="lena", kind=RecipientKind.POLICE, country="SE", name="New", email="new@polis.test", key="new key"
    )
    hotline.work()
    assert hotline.sent_to("new@polis.test") == []
    assert len(hotline.sent_to(POLICE)) == 1
