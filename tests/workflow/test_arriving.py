"""Signed mail becomes letters, once each, and is put aside only when its letter is durable."""

import logging
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.workflow.conftest import SWEDISH, Hotline, outside_of

from lykta.connectors.console.connector import ConsoleInbox
from lykta.connectors.contract import Arrived, Final, Transient
from lykta.core.vocabulary import LetterKind, Source
from lykta.records.audit.models import Entry
from lykta.records.audit.words import AuditWord
from lykta.records.cases import queries as cases
from lykta.records.cases.models import Case, Item, Report
from lykta.records.letterbox.models import Box, Letter
from lykta.workflow.arriving import take_in_mail
from lykta.workflow.lanes import Lane

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"], transaction=True)
MAIL = Arrived(
    sender="polder",
    source=Source.HOTLINE,
    digest="ab" * 32,
    message_id="<1@polder-hotline.test>",
    text=f"Please look at {SWEDISH}",
    left_out=2,
    handle="7:1",
)


def visit(hotline: Hotline, inbox: ConsoleInbox) -> int:
    """One visit to the mailbox, without opening the letters."""
    with outside_of(hotline, inbox=inbox):
        return take_in_mail(hotline.worker.world)


def test_a_mail_becomes_a_case_of_whom_it_came_from(hotline: Hotline) -> None:
    inbox = ConsoleInbox([MAIL])
    with outside_of(hotline, inbox=inbox):
        hotline.work()
    report = Report.objects.get()
    assert (report.source, report.language) == (Source.HOTLINE, "en")
    assert Item.objects.get().address == SWEDISH
    [words] = [one.content for one in cases.words_of(report) if one.incoming]
    assert words is not None
    assert words["answers"] == {"topic": "web", "words": MAIL.text, "more": "2 attachments were not kept."}
    assert words["contact"] == "polder <1@polder-hotline.test>"
    assert [entry.by for entry in Entry.objects.filter(word=AuditWord.REPORT_BROUGHT)] == ["mail:polder"]
    assert inbox.waiting == []


def test_it_is_a_sealed_letter_before_the_mail_is_put_aside(hotline: Hotline) -> None:
    seen: list[str] = []

    class Watching(ConsoleInbox):
        def taken_in(self, arrived: tuple[Arrived, ...]) -> None:
            seen.extend(letter.kind for letter in Letter.objects.using("letterbox").all())

    assert visit(hotline, Watching([MAIL])) == 1
    assert seen == [LetterKind.STAFF]


def test_a_mail_that_could_not_be_put_aside_is_the_same_report(hotline: Hotline) -> None:
    for _ in range(2):
        assert visit(hotline, ConsoleInbox([MAIL])) == 1
    hotline.work()
    visit(hotline, ConsoleInbox([replace(MAIL, message_id="<2@elsewhere.example>", handle="7:2")]))
    hotline.work()
    assert Report.objects.count() == 1
    assert len([one for one in cases.words_of(Report.objects.get()) if one.incoming]) == 1


def test_other_words_are_another_report(hotline: Hotline) -> None:
    visit(hotline, ConsoleInbox([MAIL, replace(MAIL, digest="cd" * 32, text="Something else.", left_out=0)]))
    hotline.work()
    assert Case.objects.count() == 2


def test_a_mail_that_comes_again_after_its_mailbox_has_expired_is_left_alone(
    hotline: Hotline, caplog: pytest.LogCaptureFixture
) -> None:
    visit(hotline, ConsoleInbox([MAIL]))
    Letter.objects.using("letterbox").all().delete()
    Box.objects.using("letterbox").update(expires_at=hotline.time)
    with caplog.at_level(logging.INFO):
        assert visit(hotline, ConsoleInbox([MAIL])) == 1
    assert "a mail came again" in caplog.text
    assert not Letter.objects.using("letterbox").exists()


@pytest.mark.parametrize("fault", [Transient("The intake server was lost: TimeoutError."), Final("It refuses.")])
def test_a_mailbox_that_does_not_open_is_said_and_tried_again(
    hotline: Hotline, fault: Transient | Final, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = ConsoleInbox([MAIL], fault=fault)
    assert visit(hotline, inbox) == 0
    assert f"mail was not taken in: {fault}" in caplog.text
    inbox.fault = None
    assert visit(hotline, inbox) == 1


def test_without_a_mailbox_nothing_happens(hotline: Hotline) -> None:
    assert take_in_mail(hotline.worker.world) == 0


def test_a_slow_mail_server_keeps_no_letter_waiting(hotline: Hotline, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(ConsoleInbox):
        def collect(self) -> tuple[Arrived, ...]:
            raise ValueError(SWEDISH)

    lane = Lane("mail", threads=1, words=(), lease=timedelta(seconds=90))
    with outside_of(hotline, inbox=Broken()), closing(lane):
        hotline.worker._turn([lane])
        hotline.worker._turn([lane])
    assert caplog.text.count("mail was not taken in: ValueError in ") == 1
    assert SWEDISH not in caplog.text
