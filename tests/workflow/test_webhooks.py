"""A partner's system is told each change of status once, signed; what cannot be told is tried again, then shown."""

import json
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from standardwebhooks import WebhookVerificationError
from tests.connectors.receiver import Receiver, receiver
from tests.workflow.conftest import DUTCH, HOTLINE_KEY, SWEDISH, Hotline, outside_of
from tests.workflow.test_partner_letters import SLUG, said, send

from lykta.connectors.console.connector import ConsoleCaller
from lykta.connectors.contract import Final, Transient
from lykta.connectors.webhooks.connector import Webhooks
from lykta.lib import clock, outbound, sealing
from lykta.lib.guard import GuardPolicy
from lykta.records.audit.models import Entry
from lykta.records.cases import webhooks
from lykta.records.cases.models import Case, Report, StatusPost, Webhook
from lykta.records.letterbox import partners
from lykta.records.people.models import Staff
from lykta.records.steps import actions as steps
from lykta.records.steps import queries as step_queries
from lykta.workflow.webhooks import new_secret, ping

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"], transaction=True)
ADDRESS = "https://hooks.social.example/lykta"
NUMBER = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def _partner(hotline: Hotline) -> None:
    partners.add_partner(slug=SLUG, name="Example Social", scopes={"reports"}, now=hotline.time)


def hook(hotline: Hotline, address: str = ADDRESS) -> str:
    """The partner wants to be told; returns its secret."""
    secret, sealed = new_secret(hotline_key=sealing.public_key(HOTLINE_KEY))
    webhooks.set_webhook(slug=SLUG, address=address, sealed=sealed, now=hotline.time)
    return secret


def report(hotline: Hotline, where: str = SWEDISH, number: str = NUMBER) -> None:
    send(hotline, said(where, id=number))
    hotline.work()


def console(hotline: Hotline) -> ConsoleCaller:
    caller = hotline.world.outside.caller
    assert isinstance(caller, ConsoleCaller)
    return caller


def told(hotline: Hotline) -> list[tuple[str, str]]:
    """(report, status) of each call, in order."""
    contents: list[Any] = [json.loads(call.body)["data"] for call in console(hotline).calls]
    return [(data["id"], data["status"]) for data in contents]


@pytest.fixture
def system(hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """The partner's system on loopback, and a worker that calls it for real. Signatures are of the real moment."""
    monkeypatch.undo()
    hotline.time = clock.now()
    policy = GuardPolicy(only=(ip_network("127.10.0.0/16"),), ports=None)
    client = outbound.Client(policy=policy, resolvers=(("127.0.0.1", 9),))
    caller = Webhooks(client=client, https_only=False, timeout=5)
    with receiver() as here, outside_of(hotline, caller=caller):
        yield here
    client.close()


def test_a_partners_system_is_told_what_the_mailbox_shows_and_no_more(hotline: Hotline, anna: Staff) -> None:
    hook(hotline)
    (code,) = send(hotline, said(SWEDISH, id=NUMBER))
    hotline.work()
    hotline.assess(anna, SWEDISH)
    hotline.work()
    shown = [one["status"] for one in hotline.read(code) if one["type"] == "status"]
    assert told(hotline) == [(NUMBER, status) for status in shown] == [(NUMBER, "reading"), (NUMBER, "told")]
    content = json.loads(console(hotline).calls[0].body)
    assert content == {
        "type": "report.status",
        "timestamp": hotline.time.isoformat(),
        "data": {"id": NUMBER, "status": "reading"},
    }


def test_the_call_is_signed_so_that_the_partners_library_takes_it(hotline: Hotline, system: Receiver) -> None:
    secret = hook(hotline, system.address)
    report(hotline)
    assert system.verified(secret)["data"] == {"id": NUMBER, "status": "reading"}
    headers, body = system.taken[0]
    system.taken.append((headers, body.replace(b"reading", b"closed")))
    with pytest.raises(WebhookVerificationError):
        system.verified(secret)


def test_what_was_not_answered_is_sent_again_under_the_same_number(hotline: Hotline, system: Receiver) -> None:
    secret = hook(hotline, system.address)
    system.statuses = [503, None, 404]
    report(hotline)
    for _ in range(4):
        Webhook.objects.update(quiet_until=None)
        StatusPost.objects.exclude(due_at=None).update(due_at=clock.now())
        hotline.work()
    assert len(system.taken) == 4
    assert len(set(system.numbers())) == 1
    assert system.verified(secret)["data"]["status"] == "reading"
    assert StatusPost.objects.get().delivered_at is not None
    assert step_queries.stuck() == []


def test_a_redirect_is_not_followed_and_counts_as_not_taken(hotline: Hotline, system: Receiver) -> None:
    hook(hotline, system.address)
    with receiver("127.10.0.4") as elsewhere:
        system.statuses, system.location = [302], elsewhere.address
        report(hotline)
        assert (len(system.taken), elsewhere.taken) == (1, [])
    assert StatusPost.objects.get().due_at is not None
    assert Webhook.objects.get().problem == "The partner's system answers 302."


def test_a_private_address_is_not_called_and_the_list_says_so(hotline: Hotline, system: Receiver) -> None:
    hook(hotline, system.address.replace("127.10.0.3", "127.0.0.1"))
    report(hotline)
    assert system.taken == []
    assert "127.0.0.1 is not public: loopback" in Webhook.objects.get().standing


def test_gone_ends_the_webhook_and_a_person_is_told(hotline: Hotline) -> None:
    hook(hotline)
    console(hotline).answers[ADDRESS] = 410
    report(hotline)
    report(hotline, DUTCH, "another")
    assert len(console(hotline).calls) == 1
    assert webhooks.webhook_of(SLUG) is None
    (stuck,) = step_queries.stuck()
    assert "The webhook of example-social is off" in stuck.error
    facts = [json.loads(one.facts) for one in Entry.objects.filter(subject=f"partner:{SLUG}")]
    assert facts == [{"what": "webhook off", "why": 410}]
    steps.revive(number=stuck.pk, now=hotline.time)
    hotline.work()
    assert step_queries.stuck() == []
    assert len(console(hotline).calls) == 1


def test_a_system_that_is_away_is_left_alone_and_told_everything_later(hotline: Hotline) -> None:
    hook(hotline)
    console(hotline).answers[ADDRESS] = Transient("It did not answer.", uncertain=True)
    for number in ("one", "two", "three"):
        report(hotline, number=number)
    assert told(hotline) == [("one", "reading")]
    hotline.wait(timedelta(seconds=6))
    hotline.work()
    assert len(console(hotline).calls) == 2
    del console(hotline).answers[ADDRESS]
    hotline.wait(timedelta(hours=1))
    hotline.work()
    assert told(hotline)[2:] == [("one", "reading"), ("two", "reading"), ("three", "reading")]
    assert len({call.number for call in console(hotline).calls}) == 3
    hotline.wait(timedelta(days=1))
    hotline.work()
    assert len(console(hotline).calls) == 5


def test_a_system_that_asks_to_wait_is_waited_for(hotline: Hotline) -> None:
    hook(hotline)
    console(hotline).answers[ADDRESS] = Transient("busy", retry_after=600)
    report(hotline)
    hotline.wait(timedelta(seconds=599))
    hotline.work()
    assert len(console(hotline).calls) == 1
    hotline.wait(timedelta(seconds=1))
    hotline.work()
    assert len(console(hotline).calls) == 2


def test_one_report_that_is_not_taken_holds_up_no_other(hotline: Hotline) -> None:
    hook(hotline)
    console(hotline).answers[ADDRESS] = 404
    report(hotline, number="one")
    del console(hotline).answers[ADDRESS]
    report(hotline, number="two")
    assert told(hotline) == [("one", "reading"), ("two", "reading")]
    hotline.wait(timedelta(seconds=5))
    hotline.work()
    assert told(hotline)[2:] == [("one", "reading")]


@pytest.mark.parametrize("answer", [404, Transient("It did not answer."), Final("It was not called.")])
def test_after_three_days_it_is_given_up_and_a_person_is_told(hotline: Hotline, answer: int | Transient) -> None:
    hook(hotline)
    console(hotline).answers[ADDRESS] = answer
    report(hotline)
    for _ in range(77):
        assert step_queries.stuck() == []
        hotline.wait(timedelta(hours=1))
        hotline.work()
        if StatusPost.objects.get().due_at is None:
            break
    assert 70 <= len(console(hotline).calls) <= 80
    (stuck,) = step_queries.stuck()
    assert stuck.error == "1 changes of status could not be told to example-social for three days."


def test_a_claimed_change_is_sent_by_nobody_else(hotline: Hotline) -> None:
    hook(hotline)
    with outside_of(hotline, caller=ConsoleCaller({ADDRESS: Transient("away")})):
        report(hotline)
    mine = Webhook.objects.get()
    first = webhooks.claim(mine, now=hotline.time)
    assert first is not None
    assert webhooks.claim(mine, now=hotline.time) is None
    later = hotline.time + webhooks.CLAIMED_FOR
    again = webhooks.claim(mine, now=later)
    assert again is not None
    assert again.number == first.number


def test_two_steps_for_one_webhook_are_never_planned_at_once(hotline: Hotline) -> None:
    hook(hotline)
    with outside_of(hotline, caller=ConsoleCaller({ADDRESS: Transient("away")})):
        report(hotline)
    hotline.wait(timedelta(minutes=1))
    before = step_queries.waiting(now=hotline.time)
    for second in range(3):
        webhooks.plan_due(now=hotline.time + timedelta(seconds=second))
    assert step_queries.waiting(now=hotline.time + timedelta(seconds=5)) == before + 1


@pytest.mark.parametrize(("hours", "signatures"), [(23, 2), (25, 1)])
def test_an_old_secret_signs_for_a_day(hotline: Hotline, hours: int, signatures: int) -> None:
    hook(hotline)
    hook(hotline)
    hotline.wait(timedelta(hours=hours))
    report(hotline)
    (call,) = console(hotline).calls
    assert len(set(call.secrets)) == signatures


def test_the_secret_is_readable_nowhere_but_with_the_hotlines_key(hotline: Hotline) -> None:
    secret = hook(hotline)
    stored = bytes(Webhook.objects.get().sealed)
    assert secret.removeprefix("whsec_").encode() not in stored
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal_bytes(stored, private_key=sealing.new_private_key())


def test_nobody_is_told_without_a_webhook_or_of_what_is_not_theirs(hotline: Hotline) -> None:
    report(hotline)
    hook(hotline)
    hotline.receive(DUTCH, partner=SLUG, id="forged")
    send(hotline, said(DUTCH))
    partners.add_partner(slug="example-games", name="Example Games", scopes={"reports"}, now=hotline.time)
    send(hotline, said(DUTCH, partner="example-games", id="theirs"))
    hotline.work()
    assert (console(hotline).calls, StatusPost.objects.count()) == ([], 0)


def test_what_waits_for_a_webhook_that_was_ended_is_not_told(hotline: Hotline) -> None:
    hook(hotline)
    console(hotline).answers[ADDRESS] = Transient("away")
    report(hotline)
    webhooks.switch_off(slug=SLUG, now=hotline.time)
    hook(hotline)
    hotline.wait(timedelta(hours=1))
    hotline.work()
    assert len(console(hotline).calls) == 1


def test_what_was_told_is_forgotten_after_a_week_and_the_number_with_the_case(hotline: Hotline) -> None:
    hook(hotline)
    report(hotline)
    hotline.wait(timedelta(days=8))
    hotline.work()
    assert StatusPost.objects.count() == 0
    case = Case.objects.get()
    Case.objects.filter(pk=case.pk).update(forget_at=hotline.time)
    hotline.work()
    assert (Report.objects.get().partner, Report.objects.get().partner_number) == (SLUG, "")


@pytest.mark.parametrize(
    ("answer", "words"),
    [(204, "answers 204"), (404, "answers 404"), (Final("It was not called."), "It was not called.")],
)
def test_a_ping_says_what_came_of_it(hotline: Hotline, answer: int | Final, words: str) -> None:
    hook(hotline)
    caller = ConsoleCaller({ADDRESS: answer})
    assert words in ping(caller, Webhook.objects.get(), private_key=HOTLINE_KEY)
    content = json.loads(caller.calls[0].body)
    assert (content["type"], content["data"]) == ("lykta.ping", {})
