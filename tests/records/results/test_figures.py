"""Facts for the figures are gathered from all records, each at its first time."""

from datetime import datetime, timedelta

import pytest
from tests.records.conftest import NOW, TakeIn

from lykta.core.counting import ItemFacts
from lykta.core.labels import Judgement
from lykta.core.lifecycle import Event
from lykta.core.routing import Duty, Facts
from lykta.core.vocabulary import Confidence, Outcome, RecipientKind, Verdict
from lykta.lib.labels import label_set
from lykta.records.cases.actions import judging, moves
from lykta.records.cases.models import Assessment, Item
from lykta.records.people.models import Staff
from lykta.records.referrals import actions as referrals
from lykta.records.referrals.actions import Addressee
from lykta.records.results import queries
from lykta.records.takedown import actions as takedown
from lykta.records.tracing import actions as tracing

pytestmark = pytest.mark.django_db

SWEDISH = {"country": "SE", "host_country": "SE", "host_confidence": Confidence.LIKELY}
UNKNOWN = {"country": "US", "host_country": "US", "host_confidence": Confidence.UNSURE, "cdn": True}


def hours(count: int) -> datetime:
    return NOW + timedelta(hours=count)


def assess(by: Staff, item: Item) -> Assessment:
    moves.move(by="worker", item_number=item.pk, event=Event.TRACED, now=NOW)
    ruling = judging.Ruling(
        label_set=label_set("lykta-1"),
        answers={"finding": "csam"},
        judgement=Judgement(Verdict.ILLEGAL, "§ 1"),
        facts=Facts(host_country="SE"),
    )
    return judging.assess(by=by, item_number=item.pk, ruling=ruling, now=NOW)


def tell(assessment: Assessment, kind: RecipientKind, at: datetime) -> None:
    duty = Duty(kind=kind, country="SE", rule="r", because="Because.")
    to = Addressee("Somebody", "somebody@polis.test")
    made = referrals.plan(by="worker", assessment=assessment, duty=duty, to=to, now=NOW)
    referrals.note_sent(by="worker", number=made.pk, response="250", now=at)


def test_one_item_all_the_way(anna: Staff, report: TakeIn) -> None:
    report()
    item = Item.objects.get()
    tracing.keep(by="worker", item_number=item.pk, observed=[], summary=SWEDISH, now=NOW)
    assessment = assess(anna, item)
    tell(assessment, RecipientKind.POLICE, hours(1))
    tell(assessment, RecipientKind.HOST, hours(3))
    takedown.watch(item_number=item.pk, baseline="", now=NOW, every=None)
    for at in (4, 5, 6):
        takedown.note_look(
            item_number=item.pk, outcome=Outcome.MISSING, status=404, media_type="", sha256="", reason="",
            now=hours(at), every=None,
        )  # fmt: skip
    assert queries.item_facts() == [
        ItemFacts(
            first_reported_at=NOW,
            verdict=Verdict.ILLEGAL,
            host_country="SE",
            police_told_at=hours(1),
            host_told_at=hours(3),
            gone_at=hours(4),
        )
    ]
    figures, countries = queries.all_figures()
    assert {one.name: one.value for one in figures} == {
        "reports": 1, "items": 1, "illegal": 1, "gone": 1, "to_police": 60, "to_host": 180, "to_removal": 240,
    }  # fmt: skip
    assert [(one.country, one.items) for one in countries] == [("SE", 1)]


def test_a_delivery_networks_country_is_not_the_hosts(anna: Staff, report: TakeIn) -> None:
    report()
    item = Item.objects.get()
    tracing.keep(by="worker", item_number=item.pk, observed=[], summary=UNKNOWN, now=NOW)
    assess(anna, item)
    assert [(one.country, one.items) for one in queries.all_figures()[1]] == [("", 1)]


def test_the_first_message_counts_not_a_later_one(anna: Staff, report: TakeIn) -> None:
    report()
    assessment = assess(anna, Item.objects.get())
    tell(assessment, RecipientKind.POLICE, hours(2))
    duty = Duty(kind=RecipientKind.POLICE, country="NL", rule="r", because="Because.")
    later = referrals.plan(
        by="worker", assessment=assessment, duty=duty, to=Addressee("Else", "else@polis.test"), now=NOW
    )
    referrals.note_sent(by="worker", number=later.pk, response="250", now=hours(9))
    assert queries.item_facts()[0].police_told_at == hours(2)


def test_an_item_reported_twice_is_one_item_and_two_reports(report: TakeIn) -> None:
    report(seed="one")
    report(seed="two")
    values = {one.name: one.value for one in queries.all_figures()[0]}
    assert (values["reports"], values["items"]) == (2, 1)
