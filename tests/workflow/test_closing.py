"""Closing by hand: only when nothing is left to do, and never without telling the reporters."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from lykta.core import locators
from lykta.core.lifecycle import Event
from lykta.core.refusals import NotNow
from lykta.core.vocabulary import CaseState, Role, Source, Topic
from lykta.lib.clock import now
from lykta.records.audit.models import Entry
from lykta.records.audit.words import AuditWord
from lykta.records.cases.actions import forgetting, intake, joining, moves
from lykta.records.cases.models import Case, Message
from lykta.records.people import actions as people
from lykta.records.people.models import Staff
from lykta.workflow.closing import close_by_hand

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


@pytest.fixture(autouse=True)
def _own_keyring(settings: Settings, tmp_path: Path) -> None:
    settings.KEYRING = tmp_path / "keyring"


@pytest.fixture
def lena(db: None) -> Staff:
    return people.invite(by="test", username="lena", password="a long enough password", role=Role.LEAD)


def a_case(text: str, digest: str = "a") -> Case:
    opened = intake.Opened(
        digest=digest,
        source=Source.PUBLIC,
        topic=Topic.WEB,
        language="sv",
        received_at=now(),
        box_lookup=digest.encode() * 16,
        box_proof=b"p" * 32,
        content={"text": text, "contact": ""},
        locators=locators.find(text).locators,
    )
    return intake.take_in(by="worker", opened=opened, now=now()).case


def test_a_case_of_words_is_closed_and_every_reporter_is_told(lena: Staff) -> None:
    case = a_case("one")
    joining.merge(by=lena, case=a_case("two", "b"), into=case, now=now())
    close_by_hand(by=lena, case=case)
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
    assert case.forget_at is not None
    assert Message.objects.filter(by="status:closed").count() == 2
    assert Entry.objects.get(word=AuditWord.CASE_CLOSED).by == "staff:lena"


def test_a_case_whose_item_waits_is_not_closed(lena: Staff) -> None:
    case = a_case("http://a.host.example/")
    with pytest.raises(NotNow, match="Something is left to do"):
        close_by_hand(by=lena, case=case)
    assert not Message.objects.exists()


def test_a_case_whose_items_have_ended_is_closed(lena: Staff) -> None:
    case = a_case("http://a.host.example/")
    item = case.reports.get().mentions.get().item
    for event in (Event.TRACED, Event.FOUND_LEGAL):
        moves.move(by="worker", item_number=item.pk, event=event, now=now())
    close_by_hand(by=lena, case=case)
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED


def test_a_closed_case_is_not_closed_again(lena: Staff) -> None:
    case = a_case("one")
    close_by_hand(by=lena, case=case)
    case.refresh_from_db()
    with pytest.raises(NotNow, match="closed already"):
        close_by_hand(by=lena, case=case)


def test_a_forgotten_case_is_closed_without_a_word(lena: Staff) -> None:
    case = a_case("one")
    forgetting.forget(by="worker", case_number=case.pk, now=now())
    case.refresh_from_db()
    close_by_hand(by=lena, case=case)
    assert not Message.objects.exists()
