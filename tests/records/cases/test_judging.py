"""An analyst's verbs: what they write down, what follows, what is refused."""

from dataclasses import asdict
from datetime import datetime, timedelta

import pytest
from tests.records.conftest import TakeIn

from lykta.core.labels import Judgement
from lykta.core.lifecycle import Event, StepWord
from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.routing import VERSION, Duty, Facts
from lykta.core.vocabulary import ItemState, RecipientKind, Verdict
from lykta.lib.labels import label_set
from lykta.records.audit.models import Entry
from lykta.records.cases.actions import judging, moves
from lykta.records.cases.models import Assessment, Item
from lykta.records.people.models import Staff
from lykta.records.steps.models import Step

pytestmark = pytest.mark.django_db
POLICE = Duty(kind=RecipientKind.POLICE, country="SE", rule="server", because="The server is in our country.")
JUDGEMENTS = {
    Verdict.ILLEGAL: Judgement(Verdict.ILLEGAL, "§ 1"),
    Verdict.NOT_ILLEGAL: Judgement(Verdict.NOT_ILLEGAL, ""),
    Verdict.NOT_FOUND: Judgement(Verdict.NOT_FOUND, ""),
}


@pytest.fixture
def item(report: TakeIn, now: datetime) -> Item:
    report()
    return moves.move(by="worker", item_number=Item.objects.get().pk, event=Event.TRACED, now=now)


def assess(by: Staff, item: Item, verdict: Verdict, now: datetime, **answers: str) -> Assessment:
    ruling = judging.Ruling(
        label_set=label_set("lykta-1"),
        answers={"finding": "csam", **answers},
        judgement=JUDGEMENTS[verdict],
        facts=Facts(host_country="SE"),
        duties=[{"duty": asdict(POLICE), "to": {}}] if verdict is Verdict.ILLEGAL else [],
    )
    return judging.assess(by=by, item_number=item.pk, ruling=ruling, now=now)


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (Verdict.ILLEGAL, ItemState.REFERRED),
        (Verdict.NOT_ILLEGAL, ItemState.DISMISSED),
        (Verdict.NOT_FOUND, ItemState.UNREACHABLE),
    ],
)
def test_a_verdict_moves_the_item(anna: Staff, item: Item, now: datetime, verdict: Verdict, state: ItemState) -> None:
    assess(anna, item, verdict, now)
    item.refresh_from_db()
    assert (item.state, item.verdict) == (state, verdict)


def test_an_assessment_keeps_all_that_it_rests_on(anna: Staff, item: Item, now: datetime) -> None:
    made = assess(anna, item, Verdict.ILLEGAL, now, age="7-10")
    assert made.by == anna
    assert (made.label_set, made.routing, made.law) == ("lykta-1", VERSION, "§ 1")
    assert made.answers["age"] == "7-10"
    assert made.facts["host_country"] == "SE"
    assert made.duties[0]["duty"]["because"] == POLICE.because


def test_the_record_says_who_decided_by_which_rules(anna: Staff, item: Item, now: datetime) -> None:
    assess(anna, item, Verdict.ILLEGAL, now)
    entry = Entry.objects.get(word="item.assessed")
    assert entry.by == "staff:anna"
    assert '"rules":["server"]' in entry.facts
    assert VERSION in entry.facts


def test_only_an_illegal_item_has_somebody_told(anna: Staff, item: Item, now: datetime) -> None:
    assess(anna, item, Verdict.NOT_ILLEGAL, now)
    assert not Step.objects.filter(word=StepWord.TELL).exists()


def test_an_item_is_assessed_once(anna: Staff, item: Item, now: datetime) -> None:
    assess(anna, item, Verdict.ILLEGAL, now)
    with pytest.raises(NotNow, match="assessed already"):
        assess(anna, item, Verdict.ILLEGAL, now)
    assert Assessment.objects.count() == 1


def test_an_item_that_is_not_traced_waits(anna: Staff, report: TakeIn, now: datetime) -> None:
    report()
    with pytest.raises(NotNow, match="not been traced"):
        assess(anna, Item.objects.get(), Verdict.ILLEGAL, now)
    assert Assessment.objects.count() == 0


def test_a_missing_answer_writes_nothing(anna: Staff, item: Item, now: datetime) -> None:
    with pytest.raises(NotUnderstood):
        assess(anna, item, Verdict.ILLEGAL, now, finding="")
    assert Assessment.objects.count() == 0


def test_a_dismissal_may_be_taken_back(anna: Staff, item: Item, now: datetime) -> None:
    assess(anna, item, Verdict.NOT_ILLEGAL, now)
    judging.reconsider(by=anna, item_number=item.pk, now=now)
    item.refresh_from_db()
    assert (item.state, item.verdict) == (ItemState.READY, "")
    assert Assessment.objects.count() == 1


def test_what_was_told_cannot_be_taken_back(anna: Staff, item: Item, now: datetime) -> None:
    assess(anna, item, Verdict.ILLEGAL, now)
    with pytest.raises(NotNow, match="have been told"):
        judging.reconsider(by=anna, item_number=item.pk, now=now)
    item.refresh_from_db()
    assert item.verdict == Verdict.ILLEGAL


def test_a_case_is_in_one_persons_hand(anna: Staff, lena: Staff, report: TakeIn, now: datetime) -> None:
    case = report().case
    judging.claim(by=anna, case=case, now=now)
    judging.claim(by=anna, case=case, now=now)
    with pytest.raises(NotNow, match="colleague"):
        judging.claim(by=lena, case=case, now=now)


def test_a_claim_runs_out(anna: Staff, lena: Staff, report: TakeIn, now: datetime) -> None:
    case = report().case
    judging.claim(by=anna, case=case, now=now)
    judging.claim(by=lena, case=case, now=now + judging.CLAIM + timedelta(seconds=1))
    case.refresh_from_db()
    assert case.claimed_by == lena
