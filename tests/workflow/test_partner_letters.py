"""What partners' systems send becomes cases like any other, and the partner reads how far they are."""

from datetime import timedelta
from typing import Any

import pytest
from tests.workflow.conftest import DUTCH, HOTLINE_KEY, SWEDISH, Hotline

from lykta.core.vocabulary import Source, Topic
from lykta.lib import codes, sealing
from lykta.lib.codes import Code
from lykta.records.cases import queries as cases
from lykta.records.cases.models import Item, Report
from lykta.records.letterbox import actions as letterbox
from lykta.records.letterbox import partners
from lykta.records.letterbox.models import Letter
from lykta.workflow import partner_letters

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"], transaction=True)
SLUG = "example-social"


@pytest.fixture(autouse=True)
def _partner(hotline: Hotline) -> None:
    partners.add_partner(slug=SLUG, name="Example Social", scopes={"reports"}, now=hotline.time)


def send(hotline: Hotline, *contents: dict[str, Any]) -> list[Code]:
    """A partner's system reports; returns the receipts."""
    mine = [codes.new() for _ in contents]
    until = hotline.time + timedelta(days=365)
    key = sealing.public_key(HOTLINE_KEY)
    post = letterbox.Post(hotline_key=key, language="en", now=hotline.time, expires_at=until)
    letterbox.drop_partner_reports(list(zip(mine, contents, strict=True)), post=post)
    return mine


def said(where: str, **more: Any) -> dict[str, Any]:
    return {"partner": SLUG, "reference": "4711", "language": "sv", "answers": {"where": where}, **more}


def test_each_report_of_a_batch_is_a_case_with_its_items(hotline: Hotline) -> None:
    send(hotline, said(SWEDISH), said(DUTCH))
    hotline.work()
    found = Report.objects.order_by("pk")
    assert [(one.source, one.topic, one.language, one.complete) for one in found] == [
        (Source.PARTNER, Topic.WEB, "sv", True)
    ] * 2
    assert len({one.case_id for one in found}) == 2
    assert set(Item.objects.values_list("address", flat=True)) == {SWEDISH, DUTCH}
    assert not Letter.objects.using("letterbox").exists()


def test_an_analyst_reads_which_partner_sent_it_and_under_which_reference(hotline: Hotline) -> None:
    send(hotline, said(SWEDISH, answers={"where": SWEDISH, "more": "Seen twice."}))
    hotline.work()
    words = cases.words_of(Report.objects.get())[0].content
    assert words == {
        "answers": {"topic": "web", "where": SWEDISH, "more": "Seen twice."},
        "contact": "Example Social (example-social): 4711",
    }


def test_the_receipt_shows_how_far_the_report_is(hotline: Hotline) -> None:
    (code,) = send(hotline, said(SWEDISH))
    assert hotline.read(code) == []
    hotline.work()
    assert [one["type"] for one in hotline.read(code)] == ["status"]


def test_a_letter_that_was_dropped_twice_counts_once(hotline: Hotline) -> None:
    (code,) = send(hotline, said(SWEDISH))
    hotline.work()
    post = letterbox.Post(
        hotline_key=sealing.public_key(HOTLINE_KEY),
        language="en",
        now=hotline.time,
        expires_at=hotline.time + timedelta(days=1),
    )
    letterbox.drop_partner_reports([(code, said(SWEDISH))], post=post)
    hotline.work()
    assert Report.objects.count() == 1


def test_a_revoked_partners_letters_still_count(hotline: Hotline) -> None:
    send(hotline, said(SWEDISH))
    partners.revoke(slug=SLUG, now=hotline.time)
    hotline.work()
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    "content", [said(SWEDISH, partner="example-games"), said(SWEDISH, answers="x"), {"partner": SLUG}, {}]
)
def test_a_letter_of_nobody_waits_for_a_person(hotline: Hotline, content: dict[str, Any]) -> None:
    send(hotline, content)
    hotline.work()
    assert not Report.objects.exists()
    assert Letter.objects.using("letterbox").get().failed_at is not None


def test_a_report_without_a_reference_names_the_partner_alone() -> None:
    report = partner_letters.as_report({"partner": SLUG, "answers": {"words": "x", "topic": "other"}})
    assert report == {
        "answers": {"words": "x", "topic": "other", "contact": "Example Social (example-social)"},
        "language": "",
        "proof": "",
    }
