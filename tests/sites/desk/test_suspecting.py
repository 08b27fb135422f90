"""Data about suspected persons at the desk: shown only on request with a reason, and destroyed at will."""

import pytest
from django.test import Client
from tests.sites.desk.scenes import page, ready_case, words

from lykta.records.audit.models import Entry
from lykta.records.audit.words import AuditWord
from lykta.records.cases.models import Case
from lykta.records.casework.models import Suspicion

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
SAID = "A man who calls himself Uncle."
FIELDS = {"text": SAID, "purpose": "refer", "basis": "claim", "passed_on": "yes"}


@pytest.fixture
def case() -> Case:
    return ready_case()[0]


def post(client: Client, address: str, **fields: str) -> str:
    return words(client.post(address, fields, follow=True).content.decode())


def test_it_is_kept_apart_and_shown_to_who_says_what_for(desk: Client, case: Case) -> None:
    assert "It is kept apart." in post(desk, f"/cases/{case.pk}/suspect/", **FIELDS)
    shown = words(page(desk, f"/cases/{case.pk}/"))
    assert SAID not in shown
    assert "It is destroyed when a message about this case has gone to the police." in shown
    number = Suspicion.objects.get().pk
    assert SAID in post(desk, f"/suspicions/{number}/", purpose="protect")
    assert Entry.objects.filter(word=AuditWord.SUSPICION_SEEN).count() == 1


def test_without_a_reason_it_stays_closed(desk: Client, case: Case) -> None:
    post(desk, f"/cases/{case.pk}/suspect/", **FIELDS)
    said = post(desk, f"/suspicions/{Suspicion.objects.get().pk}/", purpose="curiosity")
    assert "Please say what it is for." in said
    assert SAID not in said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"basis": ""}, "Please say on what legal basis it is kept."),
        ({"purpose": "x"}, "Please say what it is for."),
        ({"text": " "}, "Please write something first."),
    ],
)
def test_what_is_refused_loses_nothing(desk: Client, case: Case, changed: dict[str, str], said: str) -> None:
    shown = post(desk, f"/cases/{case.pk}/suspect/", **{**FIELDS, **changed})
    assert said in shown
    assert (SAID in shown) is (changed.get("text") is None)
    assert not Suspicion.objects.exists()


def test_it_is_destroyed_by_a_button_and_cannot_be_opened_again(desk: Client, case: Case) -> None:
    post(desk, f"/cases/{case.pk}/suspect/", **FIELDS)
    number = Suspicion.objects.get().pk
    assert "Destroyed" in post(desk, f"/suspicions/{number}/destroy/")
    assert SAID not in post(desk, f"/suspicions/{number}/", purpose="protect")
