"""Somebody leaves or starts anew: keys end, and what was in their hands is free for others, or none of it happens."""

from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from pytest_django.fixtures import Settings

from lykta.core.refusals import NotNow
from lykta.core.vocabulary import Role, Source, Topic
from lykta.lib.clock import now
from lykta.records.approvals import actions as decide
from lykta.records.approvals import queries as approvals
from lykta.records.audit.models import Entry
from lykta.records.cases.actions import intake, judging
from lykta.records.cases.models import Case
from lykta.records.people import actions as people
from lykta.records.people.models import Staff
from lykta.workflow import staffing

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])


def member(name: str, role: Role) -> Staff:
    staff = people.invite(by="test", username=name, password="a long enough password", role=role)
    Authenticator.objects.create(user=staff, type=Authenticator.Type.WEBAUTHN, data={})
    return staff


def claimed(by: Staff) -> Case:
    opened = intake.Opened(
        digest="a",
        source=Source.PUBLIC,
        topic=Topic.WEB,
        language="sv",
        received_at=now(),
        box_lookup=b"a" * 16,
        box_proof=b"p" * 32,
        content={"text": "words", "contact": ""},
        locators=(),
    )
    case = intake.take_in(by="worker", opened=opened, now=now()).case
    judging.claim(by=by, case=case, now=now())
    return case


@pytest.fixture(autouse=True)
def _own_keyring(settings: Settings, tmp_path: Path) -> None:
    settings.KEYRING = tmp_path / "keyring"


def test_who_is_removed_leaves_no_key_and_a_colleague_goes_on(db: None) -> None:
    anna, lena = member("anna", Role.ANALYST), member("lena", Role.LEAD)
    case = claimed(anna)
    with pytest.raises(NotNow):
        judging.claim(by=lena, case=case, now=now())
    assert staffing.remove(by=lena.actor, staff=anna) == 1
    judging.claim(by=lena, case=case, now=now())
    assert list(Authenticator.objects.values_list("user__username", flat=True)) == ["lena"]
    assert Entry.objects.get(word="case.handed_back").subject == f"case:{case.pk}"


def test_who_cannot_be_removed_keeps_everything(db: None) -> None:
    lena = member("lena", Role.LEAD)
    case = claimed(lena)
    with pytest.raises(NotNow, match="Two leads have to stay"):
        staffing.remove(by="command", staff=lena)
    assert Authenticator.objects.filter(user=lena).exists()
    assert Case.objects.get(pk=case.pk).claimed_by == lena


def test_a_lead_leaves_only_when_another_lead_agrees_and_neither_asker_nor_subject_counts(db: None) -> None:
    adam = member("adam", Role.ADMINISTRATOR)
    lena, lo, luz = (member(name, Role.LEAD) for name in ("lena", "lo", "luz"))
    with pytest.raises(NotNow, match="Nobody has approved exactly this"):
        staffing.part_with(by=adam, staff=lena, now=now())
    staffing.ask_to_leave(by=adam, staff=lena, role=None, reason="She has moved away.", now=now())
    [asked] = approvals.asked_by(adam, now=now())
    assert [approvals.to_decide(one, now=now()) for one in (lena, adam, lo)] == [[], [], [asked]]
    decide.approve(by=lo, number=asked.pk, now=now())
    with pytest.raises(NotNow, match="Nobody has approved exactly this"):
        staffing.give_role(by=adam, staff=lena, role=Role.ANALYST, now=now())
    staffing.part_with(by=adam, staff=lena, now=now())
    assert not Staff.objects.get(username="lena").is_active
    with pytest.raises(NotNow, match="Two leads have to stay"):
        staffing.ask_to_leave(by=lo, staff=luz, role=None, reason="She has moved away.", now=now())


def test_who_leads_no_more_needs_no_agreement_and_a_lead_gives_others_any_role(db: None) -> None:
    anna, lena = member("anna", Role.ANALYST), member("lena", Role.LEAD)
    staffing.give_role(by=lena, staff=anna, role=Role.LEAD, now=now())
    anna.refresh_from_db()
    staffing.give_role(by=lena, staff=anna, role=Role.LEAD, now=now())
    assert Entry.objects.filter(word="staff.role_changed").count() == 2
    bo = member("bo", Role.ANALYST)
    assert staffing.part_with(by=lena, staff=bo, now=now()) == 0


def test_who_starts_anew_keeps_the_cases_and_loses_every_key(db: None) -> None:
    anna = member("anna", Role.ANALYST)
    case = claimed(anna)
    token = staffing.start_anew(by="staff:lena", staff=anna, now=now())
    assert people.invited(token, now=now()) == anna
    assert not Authenticator.objects.exists()
    assert Case.objects.get(pk=case.pk).claimed_by == anna
