"""Four eyes at the desk: asked, read, decided by another after a step-up, and worth something once."""

import pytest
from django.test import Client
from tests.sites.desk.scenes import page, prove, ready_case, words

from lykta.core.vocabulary import ApprovalKind, ApprovalState
from lykta.lib.clock import now
from lykta.records.approvals import actions
from lykta.records.approvals.actions import Deed
from lykta.records.approvals.models import Approval
from lykta.records.people.models import Staff

NO = {"verdict": "refuse", "because": "The police still need it."}
pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


@pytest.fixture
def asked(lena: Staff) -> Approval:
    case, _ = ready_case()
    deed = Deed(ApprovalKind.DELETION, f"case:{case.pk}", {"case": case.number})
    return actions.ask(by=lena, deed=deed, reason="The reporter wrote a letter.", now=now())


def test_nothing_to_decide_is_said(desk: Client) -> None:
    said = words(page(desk, "/approvals/"))
    assert "Nothing waits for your decision." in said
    assert "You have asked for nothing." in said


def test_who_decides_reads_what_why_who_and_until_when(asked: Approval, desk: Client) -> None:
    said = words(page(desk, "/approvals/"))
    assert "A case is forgotten before its day." in said
    assert asked.details["case"] in said
    assert "The reporter wrote a letter." in said
    assert "lena asked" in said


def test_who_asked_sees_it_as_their_own_and_cannot_decide(asked: Approval, lead: Client) -> None:
    html = page(lead, "/approvals/")
    assert "/approvals/1/decide/" not in html
    assert "A second person has to look at it." in words(html)
    assert prove(lead).post(f"/approvals/{asked.pk}/decide/", {"verdict": "approve"}).status_code == 404
    asked.refresh_from_db()
    assert asked.state == ApprovalState.ASKED


def test_agreeing_asks_for_a_fresh_factor_first(asked: Approval, desk: Client) -> None:
    response = desk.post(f"/approvals/{asked.pk}/decide/", {"verdict": "approve"})
    assert response.status_code == 403
    asked.refresh_from_db()
    assert asked.state == ApprovalState.ASKED
    prove(desk).post(f"/approvals/{asked.pk}/decide/", {"verdict": "approve"})
    asked.refresh_from_db()
    assert asked.state == ApprovalState.APPROVED
    assert "You have agreed." in words(page(desk, "/approvals/"))


def test_disagreeing_needs_no_password_and_who_asked_reads_why(asked: Approval, desk: Client, lead: Client) -> None:
    desk.post(f"/approvals/{asked.pk}/decide/", NO)
    said = words(page(lead, "/approvals/"))
    assert "A second person disagreed. anna" in said
    assert "The police still need it." in said


def test_who_disagrees_says_why(asked: Approval, desk: Client) -> None:
    refused = desk.post(f"/approvals/{asked.pk}/decide/", {"verdict": "refuse", "because": " "}, follow=True)
    assert "Please say why you disagree" in words(refused.content.decode())
    asked.refresh_from_db()
    assert asked.state == ApprovalState.ASKED


def test_what_was_decided_meanwhile_is_said(asked: Approval, desk: Client) -> None:
    for _ in range(2):
        desk.post(f"/approvals/{asked.pk}/decide/", NO)
    assert "This has been decided already, or it is too late." in words(page(desk, "/approvals/"))
