"""The river over console twins: from a tip to a counted outcome, with a clock that the test moves."""

import json
from datetime import timedelta

import pytest
from tests.workflow.conftest import BEHIND_CDN, DUTCH, HOLD, NOT_THERE, SWEDISH, Gone, Hotline

from lykta.core.vocabulary import CaseState, ItemState, Outcome, ReferralState, ReporterStatus
from lykta.records.audit import queries as audit
from lykta.records.cases.models import Case, Item
from lykta.records.people.models import Staff
from lykta.records.referrals.models import Referral
from lykta.records.steps import queries as steps
from lykta.records.tracing import queries as tracing

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"], transaction=True)
POLICE, HOST, PARTNER = "police@polis.test", "abuse@nordhost.test", "hotline@polder-hotline.test"


def state_of(address: str) -> str:
    return Item.objects.get(address=address).state


def statuses(hotline: Hotline, code: object) -> list[str]:
    return [one["status"] for one in hotline.read(code) if one["type"] == "status"]  # type: ignore[arg-type]


def watch(hotline: Hotline, looks: int) -> None:
    for _ in range(looks):
        hotline.wait(timedelta(hours=1))
        hotline.work()


def test_a_tip_is_traced_before_anybody_looks(hotline: Hotline) -> None:
    hotline.receive(f"Look at {SWEDISH} and {DUTCH} and {BEHIND_CDN} and {NOT_THERE}")
    hotline.work()
    traces = {item.address: tracing.trace_of(item) for item in Item.objects.all()}
    swedish, cdn, nowhere = traces[SWEDISH], traces[BEHIND_CDN], traces[NOT_THERE]
    assert swedish is not None
    assert cdn is not None
    assert nowhere is not None
    assert (swedish.country, swedish.registrar, swedish.contacts[0]["email"]) == ("SE", "A registrar", HOST)
    assert (cdn.country, cdn.cdn, cdn.names) == ("US", True, ["album.veil.test"])
    assert nowhere.outcome == Outcome.NO_NAME
    assert "The name nowhere.test does not exist." in nowhere.missing
    assert {item.state for item in Item.objects.all()} == {ItemState.READY}


def test_our_own_host_is_asked_after_the_police_have_released_it(hotline: Hotline, anna: Staff) -> None:
    hotline.receive(SWEDISH)
    hotline.work()
    hotline.assess(anna, SWEDISH)
    hotline.work()
    assert len(hotline.sent_to(POLICE)) == 1
    assert hotline.sent_to(HOST) == []
    hotline.reply(hotline.code_sent_to(POLICE), answer="released", note="", reference="K 1-26")
    hotline.work()
    assert len(hotline.sent_to(HOST)) == 1
    assert state_of(SWEDISH) == ItemState.NOTIFIED


def test_our_own_host_is_asked_when_the_hold_has_run_out(hotline: Hotline, anna: Staff) -> None:
    hotline.receive(SWEDISH)
    hotline.work()
    hotline.assess(anna, SWEDISH)
    hotline.work()
    hotline.wait(HOLD - timedelta(minutes=1))
    hotline.work()
    assert hotline.sent_to(HOST) == []
    hotline.wait(timedelta(minutes=1))
    hotline.work()
    assert len(hotline.sent_to(HOST)) == 1


def test_the_host_is_not_asked_as_long_as_the_police_say_wait(hotline: Hotline, anna: Staff) -> None:
    hotline.receive(SWEDISH)
    hotline.work()
    hotline.assess(anna, SWEDISH)
    hotline.work()
    hotline.reply(hotline.code_sent_to(POLICE), answer="wait", note="", reference="")
    hotline.work()
    hotline.wait(HOLD * 10)
    hotline.work()
    assert hotline.sent_to(HOST) == []
    hotline.reply(hotline.code_sent_to(POLICE), answer="released", note="", reference="")
    hotline.work()
    assert len(hotline.sent_to(HOST)) == 1


def test_a_host_abroad_is_its_own_hotlines_business(hotline: Hotline, anna: Staff) -> None:
    hotline.receive(DUTCH)
    hotline.work()
    hotline.assess(anna, DUTCH)
    hotline.work()
    assert len(hotline.sent_to(PARTNER)) == 1
    assert {message.to for message in hotline.post.sent} == {PARTNER}


def test_a_child_in_danger_goes_to_the_police_at_once_and_first(hotline: Hotline, anna: Staff) -> None:
    hotline.receive(DUTCH)
    hotline.work()
    hotline.assess(anna, DUTCH, danger="yes")
    hotline.work()
    assert [message.to for message in hotline.post.sent] == [POLICE, PARTNER]
    assert hotline.post.sent[0].inner_subject.startswith("URGENT")
    assert not hotline.post.sent[0].subject.startswith("URGENT")


def test_a_delivery_network_is_never_written_to(hotline: Hotline, anna: Staff) -> None:
    hotline.receive(BEHIND_CDN)
    hotline.work()
    hotline.assess(anna, BEHIND_CDN)
    hotline.work()
    assert {message.to for message in hotline.post.sent} == {POLICE}
    assert "ask it for the origin" in hotline.sent_to(POLICE)[0]


def test_gone_after_three_misses_then_closed_answered_and_counted(hotline: Hotline, anna: Staff, gone: Gone) -> None:
    code = hotline.receive(SWEDISH)
    hotline.work()
    hotline.assess(anna, SWEDISH)
    hotline.work()
    hotline.reply(hotline.code_sent_to(POLICE), answer="released", note="", reference="")
    hotline.work()
    gone(SWEDISH)
    watch(hotline, 2)
    assert state_of(SWEDISH) == ItemState.NOTIFIED
    watch(hotline, 1)
    assert state_of(SWEDISH) == ItemState.GONE
    assert Case.objects.get().state == CaseState.CLOSED
    assert statuses(hotline, code) == [ReporterStatus.READING, ReporterStatus.TOLD, ReporterStatus.CLOSED]
    answers = [one["text"] for one in hotline.read(code) if one["type"] == "message"]
    assert ["it has been removed" in text for text in answers] == [True]
    figures = json.loads((hotline.world.staffroom.public_folder / "figures.json").read_text())
    assert {one["name"]: one["value"] for one in figures["figures"]}["gone"] == 1
    assert figures["countries"] == [{"country": "SE", "items": 1}]


def test_what_comes_back_is_judged_again(hotline: Hotline, anna: Staff, gone: Gone) -> None:
    hotline.receive(SWEDISH)
    hotline.work()
    there = hotline.looks[SWEDISH]
    hotline.assess(anna, SWEDISH)
    hotline.work()
    gone(SWEDISH)
    watch(hotline, 3)
    assert Case.objects.get().state == CaseState.CLOSED
    hotline.looks[SWEDISH] = there
    watch(hotline, 1)
    case = Case.objects.get()
    assert (case.state, state_of(SWEDISH)) == (CaseState.OPEN, ItemState.READY)
    assert "is there again" in case.rank_reason
    before = len(hotline.sent_to(POLICE))
    hotline.assess(anna, SWEDISH)
    hotline.work()
    assert len(hotline.sent_to(POLICE)) == before + 1


def test_a_notice_that_waited_is_dropped_when_the_material_goes_by_itself(
    hotline: Hotline, anna: Staff, gone: Gone
) -> None:
    hotline.receive(SWEDISH)
    hotline.work()
    hotline.assess(anna, SWEDISH)
    hotline.work()
    gone(SWEDISH)
    watch(hotline, 3)
    hotline.wait(HOLD)
    hotline.work()
    assert hotline.sent_to(HOST) == []
    assert Referral.objects.get(kind="host").state == ReferralState.DROPPED


def test_nothing_illegal_tells_nobody_and_thanks_the_reporter(hotline: Hotline, anna: Staff) -> None:
    code = hotline.receive(SWEDISH)
    hotline.work()
    hotline.assess(anna, SWEDISH, finding="not_child")
    hotline.work()
    assert hotline.post.sent == []
    assert Case.objects.get().state == CaseState.CLOSED
    assert "it was right to tell us" in hotline.read(code)[-2]["text"]


def test_a_user_name_ends_when_the_police_are_told(hotline: Hotline, anna: Staff) -> None:
    code = hotline.receive("He calls himself t.me/somename")
    hotline.work()
    item = Item.objects.get()
    hotline.assess(anna, item.address)
    hotline.work()
    assert len(hotline.sent_to(POLICE)) == 1
    hotline.reply(hotline.code_sent_to(POLICE), answer="received", note="", reference="K 2-26")
    hotline.work()
    assert Case.objects.get().state == CaseState.CLOSED
    assert statuses(hotline, code)[-1] == ReporterStatus.CLOSED


def test_two_who_report_the_same_are_both_answered(hotline: Hotline, anna: Staff) -> None:
    codes = [hotline.receive(SWEDISH), hotline.receive(SWEDISH)]
    hotline.work()
    assert Item.objects.count() == 1
    hotline.assess(anna, SWEDISH, finding="not_child")
    hotline.work()
    assert [case.state for case in Case.objects.all()] == [CaseState.CLOSED] * 2
    assert [statuses(hotline, code)[-1] for code in codes] == [ReporterStatus.CLOSED] * 2


def test_a_report_of_something_known_to_be_gone_is_answered_without_a_person(
    hotline: Hotline, anna: Staff, gone: Gone
) -> None:
    hotline.receive(SWEDISH)
    hotline.work()
    hotline.assess(anna, SWEDISH)
    hotline.work()
    gone(SWEDISH)
    watch(hotline, 3)
    code = hotline.receive(SWEDISH)
    hotline.work()
    assert statuses(hotline, code)[-1] == ReporterStatus.CLOSED


def test_at_the_end_nothing_waits_and_the_record_holds(hotline: Hotline, anna: Staff, gone: Gone) -> None:
    test_gone_after_three_misses_then_closed_answered_and_counted(hotline, anna, gone)
    assert steps.waiting(now=hotline.time) == 0
    assert steps.stuck() == []
    count, fault = audit.verify(hotline.world.staffroom.checkpoints)
    assert count > 10
    assert fault is None
