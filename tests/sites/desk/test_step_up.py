"""Before something sensitive a second factor is asked for again; what was typed waits and is not lost."""

import time

import pytest
from django.test import Client
from tests.sites.desk.scenes import client_of, code_now, hidden, page, prove, words

from lykta.records.audit.models import Entry
from lykta.records.audit.words import AuditWord
from lykta.records.people.models import Staff
from lykta.sites.desk.factors import FRESH_SECONDS

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])

FORM = {"name": "nils", "role": "analyst", "certified_for": "text"}


def waiting(html: str) -> dict[str, str]:
    """What was filled in, as the page that asks carries it."""
    return {name: value for name, value in hidden(html).items() if name != "csrfmiddlewaretoken"}


def proofs() -> int:
    return Entry.objects.filter(word=AuditWord.STAFF_PROVED).count()


def test_a_form_waits_and_goes_on_with_the_proof(lead: Client) -> None:
    asked = lead.post("/people/invite/", FORM)
    html = asked.content.decode()
    assert asked.status_code == 403
    assert "Is it you?" in html
    assert waiting(html) == FORM
    assert not Staff.objects.filter(username="nils").exists()
    done = lead.post("/people/invite/", {**waiting(html), "factor-code": code_now()})
    assert done.status_code == 200
    assert "/join/" in done.content.decode()
    assert Staff.objects.get(username="nils").role == "analyst"
    assert proofs() == 1


@pytest.mark.parametrize("address", ["/people/invite/", "/account/again/code/"])
def test_the_proof_changes_the_cookie_and_the_old_one_opens_nothing(lead: Client, address: str) -> None:
    before = lead.cookies["desk"].value
    lead.post(address, {**FORM, "factor-code": code_now(), "code": code_now()})
    assert proofs() == 1
    assert lead.cookies["desk"].value != before
    assert lead.get("/").status_code == 200
    thief = Client()
    thief.cookies["desk"] = before
    assert thief.get("/").status_code == 302


def test_a_wrong_code_asks_again_and_keeps_what_was_typed(lead: Client) -> None:
    wrong = "000000" if code_now() != "000000" else "111111"
    asked = lead.post("/people/invite/", {**FORM, "factor-code": wrong})
    assert asked.status_code == 403
    assert "That was not right" in asked.content.decode()
    assert waiting(asked.content.decode()) == FORM
    assert proofs() == 0


def test_the_proof_counts_for_five_minutes_and_no_longer(lead: Client) -> None:
    prove(lead)
    assert lead.post("/people/invite/", {**FORM, "role": ""}).status_code == 422
    session = lead.session
    session["proved_at"] = time.time() - FRESH_SECONDS
    session.save()
    assert lead.post("/people/invite/", {**FORM, "role": ""}).status_code == 403


def test_the_proof_counts_in_its_own_browser_only(lead: Client, lena: Staff) -> None:
    prove(lead)
    assert client_of(lena).post("/people/invite/", FORM).status_code == 403


def test_a_page_that_asks_comes_after_the_proof(lead: Client, anna: Staff) -> None:
    asked = lead.get(f"/people/{anna.pk}/remove/", follow=True)
    there = asked.redirect_chain[-1][0]
    assert there.startswith("/account/again/code/?next=")
    answer = lead.post(there, {"code": code_now()})
    assert answer.headers["Location"] == f"/people/{anna.pk}/remove/"
    assert "Remove anna?" in words(page(lead, f"/people/{anna.pk}/remove/"))
    assert proofs() == 1


def test_whoever_may_not_is_not_even_asked(desk: Client) -> None:
    assert desk.post("/people/invite/", FORM).status_code == 404


@pytest.mark.parametrize("answer", ["", "nonsense", "[]", "{}", '{"id": 1}', '{"id":"AA","response":{"userHandle":1}}'])
def test_no_answer_of_a_browser_that_nobody_made_proves_anything(lead: Client, answer: str) -> None:
    asked = lead.post("/people/invite/", {**FORM, "factor-credential": answer})
    assert asked.status_code == 403
    assert proofs() == 0
