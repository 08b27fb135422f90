"""Second opinions along the river: what waits for them, what never does, and what follows."""

from dataclasses import replace

import pytest
from tests.workflow.conftest import DUTCH, SWEDISH, Hotline

from lykta.core.refusals import NotAllowed, NotNow
from lykta.core.second_opinion import RULES, Policy
from lykta.core.vocabulary import ItemState, OpinionReason, OpinionState, ReferralState, Role
from lykta.lib.labels import label_set
from lykta.records.cases import opinions as queries
from lykta.records.cases.actions import judging as judging_actions
from lykta.records.cases.actions import opinions as actions
from lykta.records.cases.models import Item, Opinion
from lykta.records.people import actions as people
from lykta.records.people.models import Staff
from lykta.records.referrals.models import Referral
from lykta.records.tracing.models import Trace
from lykta.workflow import judging, opinions

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"], transaction=True)
POLICE, PARTNER = "police@polis.test", "hotline@polder-hotline.test"


@pytest.fixture(autouse=True)
def _rules(hotline: Hotline) -> None:
    work_by(hotline, Policy(rules=RULES))


@pytest.fixture
def bea(hotline: Hotline) -> Staff:
    """Bea is an analyst too."""
    return people.invite(by="test", username="bea", password="a long enough password", role=Role.ANALYST)


def work_by(hotline: Hotline, policy: Policy) -> None:
    """The same hotline with other rules for second opinions, and with the newest labels."""
    house = replace(hotline.world.house, second_opinions=policy, label_set=label_set("lykta-2"))
    hotline.world = replace(hotline.world, house=house)
    hotline.worker.world = hotline.world


def assessed(hotline: Hotline, by: Staff, address: str, **answers: str) -> Item:
    """An item that somebody has reported and `by` has assessed."""
    hotline.receive(address)
    hotline.work()
    hotline.assess(by, address, **answers)
    hotline.work()
    return Item.objects.get(address=address)


def give(hotline: Hotline, by: Staff, **answers: str) -> Opinion:
    given = {"finding": "csam", **answers}
    done = opinions.give(by=by, opinion=Opinion.objects.get(), given=given, house=hotline.world.house)
    hotline.work()
    return done


def state_of(item: Item) -> str:
    item.refresh_from_db()
    return item.state


def test_a_plain_item_at_home_waits_for_nobody(hotline: Hotline, anna: Staff) -> None:
    item = assessed(hotline, anna, SWEDISH)
    assert state_of(item) == ItemState.REFERRED
    assert not Opinion.objects.exists()


def test_a_partner_abroad_is_told_only_after_a_colleague_agrees(hotline: Hotline, anna: Staff, bea: Staff) -> None:
    item = assessed(hotline, anna, DUTCH)
    assert (state_of(item), item.verdict) == (ItemState.CHECKING, "")
    assert hotline.post.sent == []
    assert give(hotline, bea).state == OpinionState.AGREED
    assert (state_of(item), item.verdict) == (ItemState.REFERRED, "illegal")
    assert len(hotline.sent_to(PARTNER)) == 1


def test_a_danger_never_waits_and_is_told_once(hotline: Hotline, anna: Staff, bea: Staff) -> None:
    item = assessed(hotline, anna, DUTCH, danger="yes")
    assert state_of(item) == ItemState.CHECKING
    assert len(hotline.sent_to(POLICE)) == 1
    assert hotline.sent_to(PARTNER) == []
    give(hotline, bea, danger="yes")
    assert len(hotline.sent_to(POLICE)) == len(hotline.sent_to(PARTNER)) == 1


def test_a_danger_that_only_the_second_sees_is_told_at_once_too(hotline: Hotline, anna: Staff, bea: Staff) -> None:
    assessed(hotline, anna, DUTCH)
    opinion = give(hotline, bea, danger="yes")
    assert opinion.state == OpinionState.DISAGREED
    [letter] = hotline.sent_to(POLICE)
    assert "danger: yes" in letter
    assert hotline.sent_to(PARTNER) == []
    actions.decide(by=bea, number=opinion.pk, first_was_right=True, now=hotline.time)
    hotline.work()
    assert len(hotline.sent_to(PARTNER)) == 1
    assert len(hotline.sent_to(POLICE)) == 1


def test_a_danger_in_what_the_first_found_legal_is_told_in_the_words_of_the_second(
    hotline: Hotline, anna: Staff, bea: Staff
) -> None:
    item = assessed(hotline, anna, SWEDISH, finding="not_illegal", reason_not_illegal="not_sexual", named="child")
    give(hotline, bea, danger="yes", nature="real")
    [letter] = hotline.sent_to(POLICE)
    assert "illegal (§ 1)" in letter
    assert state_of(item) == ItemState.CHECKING
    assert item.newest_assessment == Opinion.objects.get().assessment


def test_a_notice_after_an_early_danger_is_still_held_for_the_police(hotline: Hotline, anna: Staff, bea: Staff) -> None:
    assessed(hotline, anna, SWEDISH, danger="yes", named="adult")
    told = hotline.time
    give(hotline, bea, danger="yes")
    notice = Referral.objects.get(kind="host")
    assert notice.state == ReferralState.HELD
    assert notice.hold_until == told + hotline.world.house.hold


def test_not_illegal_with_a_child_named_does_not_end_before_a_colleague_agrees(
    hotline: Hotline, anna: Staff, bea: Staff
) -> None:
    answers = {"finding": "not_illegal", "reason_not_illegal": "not_sexual", "named": "child"}
    item = assessed(hotline, anna, SWEDISH, **answers)
    assert state_of(item) == ItemState.CHECKING
    give(hotline, bea, **answers)
    assert (state_of(item), item.verdict) == (ItemState.DISMISSED, "not_illegal")


def test_where_two_differ_and_the_first_was_right_those_concerned_are_told(
    hotline: Hotline, anna: Staff, bea: Staff
) -> None:
    item = assessed(hotline, anna, DUTCH)
    opinion = give(hotline, bea, finding="not_child", reason_not_illegal="adult")
    assert opinion.state == OpinionState.DISAGREED
    assert (state_of(item), hotline.post.sent) == (ItemState.CHECKING, [])
    assert not actions.decide(by=bea, number=opinion.pk, first_was_right=True, now=hotline.time)
    hotline.work()
    assert state_of(item) == ItemState.REFERRED
    assert len(hotline.sent_to(PARTNER)) == 1


def test_where_the_second_was_right_a_senior_confirms_it_and_is_not_asked_again(
    hotline: Hotline, anna: Staff, bea: Staff
) -> None:
    answers = {"finding": "not_illegal", "reason_not_illegal": "not_sexual", "named": "child"}
    item = assessed(hotline, anna, SWEDISH, **answers)
    opinion = give(hotline, bea, named="child")
    assert actions.decide(by=bea, number=opinion.pk, first_was_right=False, now=hotline.time)
    assert state_of(item) == ItemState.READY
    house = hotline.world.house
    assert judging.preview(item=item, given={"finding": "csam", "named": "child"}, house=house).reasons == ()
    other = judging.preview(item=item, given=answers, house=house)
    assert other.reasons == (OpinionReason.NOT_ILLEGAL_CHILD,)
    hotline.assess(bea, SWEDISH, named="child")
    hotline.work()
    assert state_of(item) == ItemState.REFERRED
    assert len(hotline.sent_to(POLICE)) == 1


def test_a_sample_holds_nothing_and_a_difference_opens_what_nobody_was_told_of(
    hotline: Hotline, anna: Staff, bea: Staff
) -> None:
    work_by(hotline, Policy(sample=100))
    item = assessed(hotline, anna, SWEDISH, finding="not_child", reason_not_illegal="adult")
    assert state_of(item) == ItemState.DISMISSED
    opinion = give(hotline, bea)
    assert actions.decide(by=bea, number=opinion.pk, first_was_right=False, now=hotline.time)
    assert (state_of(item), item.verdict) == (ItemState.READY, "")


def test_a_sample_that_others_were_told_of_stays_as_it_is_for_people_to_mend(
    hotline: Hotline, anna: Staff, bea: Staff
) -> None:
    work_by(hotline, Policy(sample=100))
    item = assessed(hotline, anna, SWEDISH)
    opinion = give(hotline, bea, finding="not_child", reason_not_illegal="adult")
    assert not actions.decide(by=bea, number=opinion.pk, first_was_right=False, now=hotline.time)
    assert state_of(item) == ItemState.REFERRED
    assert Opinion.objects.get().first_was_right is False


def test_nobody_judges_their_own_and_nobody_judges_twice(hotline: Hotline, anna: Staff, bea: Staff) -> None:
    assessed(hotline, anna, DUTCH)
    with pytest.raises(NotAllowed):
        give(hotline, anna)
    give(hotline, bea)
    with pytest.raises(NotNow, match="agrees"):
        give(hotline, bea)


def test_what_waits_can_neither_be_assessed_again_nor_taken_back(hotline: Hotline, anna: Staff, bea: Staff) -> None:
    item = assessed(hotline, anna, DUTCH)
    with pytest.raises(NotNow, match="A colleague has to judge it first"):
        hotline.assess(bea, DUTCH)
    with pytest.raises(NotNow, match="A colleague has to judge it first"):
        judging_actions.reconsider(by=anna, item_number=item.pk, now=hotline.time)


def test_an_assessment_that_is_taken_back_needs_no_second_opinion(hotline: Hotline, anna: Staff) -> None:
    work_by(hotline, Policy(sample=100))
    item = assessed(hotline, anna, SWEDISH, finding="not_child", reason_not_illegal="adult")
    judging_actions.reconsider(by=anna, item_number=item.pk, now=hotline.time)
    assert Opinion.objects.get().state == OpinionState.WITHDRAWN
    assert not queries.to_give(anna).exists()


def test_where_two_differ_and_it_is_taken_back_a_senior_has_nothing_to_decide(
    hotline: Hotline, anna: Staff, bea: Staff
) -> None:
    work_by(hotline, Policy(sample=100))
    item = assessed(hotline, anna, SWEDISH, finding="not_child", reason_not_illegal="adult")
    opinion = give(hotline, bea)
    judging_actions.reconsider(by=anna, item_number=item.pk, now=hotline.time)
    assert Opinion.objects.get().state == OpinionState.WITHDRAWN
    with pytest.raises(NotNow, match="nothing to judge"):
        actions.decide(by=bea, number=opinion.pk, first_was_right=False, now=hotline.time)


def test_fingerprints_for_a_list_ask_for_a_second_person_and_hold_nothing(
    hotline: Hotline, anna: Staff, bea: Staff
) -> None:
    hotline.receive(SWEDISH)
    hotline.work()
    item = Item.objects.get()
    Trace.objects.filter(item=item).update(fingerprints=[{"sha256": "a" * 64}])
    hotline.assess(anna, SWEDISH)
    assert Opinion.objects.get().reasons == ["hash_list"]
    assert state_of(item) == ItemState.REFERRED


def test_an_older_label_set_is_compared_by_what_it_means(hotline: Hotline, anna: Staff, bea: Staff) -> None:
    house = hotline.world.house
    older = replace(house, label_set=label_set("lykta-1"))
    hotline.world = replace(hotline.world, house=older)
    assessed(hotline, anna, DUTCH, nature="real")
    hotline.world = replace(hotline.world, house=house)
    assert give(hotline, bea, nature="real").state == OpinionState.AGREED
