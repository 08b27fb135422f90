"""Somebody leaves or starts anew: keys end, and what was in their hands is free for others, or none of it happens."""

from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from pytest_django.fixtures import Settings

from lykta.core.refusals import NotNow
from lykta.core.vocabulary import Role, Source, Topic
from lykta.lib.clock import now
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
        nonce="n",
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
    with pytest.raises(NotNow, match="the only lead"):
        staffing.remove(by="command", staff=lena)
    assert Authenticator.objects.filter(user=lena).exists()
    assert Case.objects.get(pk=case.pk).claimed_by == lena


def test_who_starts_anew_keeps_the_cases_and_loses_every_key(db: None) -> None:
    anna = member("anna", Role.ANALYST)
    case = claimed(anna)
    token = staffing.start_anew(by="staff:lena", staff=anna, now=now())
    assert people.invited(token, now=now()) == anna
    assert not Authenticator.objects.exists()
    assert Case.objects.get(pk=case.pk).claimed_by == anna
