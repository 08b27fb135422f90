"""A report that was left in the middle counts as well, and grows when its writer comes back."""

from datetime import timedelta

import pytest
from tests.workflow.conftest import NOT_THERE, SWEDISH, Hotline

from lykta.core.clocks import ABANDONED_AFTER
from lykta.lib import codes
from lykta.records.cases import queries as cases
from lykta.records.cases.models import Case, Item, Message, Report
from lykta.records.letterbox.models import Letter

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"], transaction=True)


def left(hotline: Hotline, text: str, *, danger: str = "", contact: str = "") -> codes.Code:
    """Somebody begins a report, and stops; the time passes after which it counts as abandoned."""
    code = hotline.receive(text, sent=False, danger=danger, contact=contact)
    hotline.wait(ABANDONED_AFTER + timedelta(seconds=1))
    return code


def test_while_somebody_may_still_be_writing_nobody_reads(hotline: Hotline) -> None:
    hotline.receive(SWEDISH, sent=False)
    hotline.wait(ABANDONED_AFTER - timedelta(seconds=1))
    hotline.work()
    assert Report.objects.count() == 0
    assert Letter.objects.using("letterbox").count() == 1


def test_what_was_said_before_somebody_stopped_becomes_an_incomplete_report(hotline: Hotline) -> None:
    left(hotline, SWEDISH)
    hotline.work()
    report = Report.objects.get()
    assert not report.complete
    assert Item.objects.get().address == SWEDISH
    assert Letter.objects.using("letterbox").count() == 0


def test_choices_without_a_word_are_no_report(hotline: Hotline) -> None:
    left(hotline, "", danger="no", contact="somebody@mail.example")
    hotline.work()
    assert Report.objects.count() == 0
    assert Letter.objects.using("letterbox").count() == 0


def test_who_comes_back_and_sends_it_adds_to_the_same_report(hotline: Hotline) -> None:
    code = left(hotline, SWEDISH)
    hotline.work()
    hotline.receive(f"{SWEDISH}\n{NOT_THERE}", code=code, danger="yes")
    hotline.work()
    report = Report.objects.get()
    assert report.complete
    assert report.danger
    assert {item.address for item in cases.items_of(report.case)} == {SWEDISH, NOT_THERE}
    assert [
        words.content["answers"]["where"] for words in cases.words_of(report) if words.incoming and words.content
    ] == [
        SWEDISH,
        f"{SWEDISH}\n{NOT_THERE}",
    ]


def test_a_report_that_is_sent_twice_says_everything_once(hotline: Hotline) -> None:
    code = hotline.receive(SWEDISH)
    hotline.work()
    hotline.receive(SWEDISH, code=code)
    hotline.work()
    assert (Case.objects.count(), Report.objects.count()) == (1, 1)
    assert not Message.objects.filter(incoming=True).exists()


def test_a_part_after_the_report_does_not_make_it_incomplete(hotline: Hotline) -> None:
    code = hotline.receive(SWEDISH)
    hotline.work()
    hotline.receive(NOT_THERE, code=code, sent=False)
    hotline.wait(ABANDONED_AFTER + timedelta(seconds=1))
    hotline.work()
    report = Report.objects.get()
    assert report.complete
    assert Message.objects.filter(incoming=True).count() == 1


def test_a_child_in_danger_comes_before_everything_else(hotline: Hotline) -> None:
    hotline.receive(SWEDISH)
    hotline.receive("At the harbour", topic="travel", danger="yes")
    hotline.work()
    first, _second = Case.objects.order_by("rank")
    assert first.rank == 0
    assert "in danger right now" in first.rank_reason


def test_contact_data_lie_apart_from_the_answers(hotline: Hotline) -> None:
    hotline.receive(SWEDISH, contact="somebody@mail.example")
    hotline.work()
    content = cases.words_of(Report.objects.get())[0].content
    assert content is not None
    assert content["contact"] == "somebody@mail.example"
    assert "contact" not in content["answers"]
