"""What goes wrong at log-in: counted under the account by what was wrong, and told to who keeps the machine."""

import pytest
from django.test import Client
from tests.sites.desk.scenes import PASSWORD, client_of, page, words

from lykta.core.vocabulary import FailedProof
from lykta.records.people.models import FailedLogIn, Staff

pytestmark = pytest.mark.django_db(databases=["default", "letterbox"])
WRONG_KEY = '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}'


def counted() -> dict[tuple[str, str], int]:
    return {(one.account, one.proof): one.count for one in FailedLogIn.objects.all()}


def give(client: Client, name: str, password: str) -> None:
    client.post("/log-in/", {"login": name, "password": password})


def test_wrong_passwords_are_counted_and_what_was_typed_is_not_kept(anna: Staff) -> None:
    for name, password in (("anna", "wrong"), ("ANNA", "wrong"), (PASSWORD, "anna")):
        give(Client(), name, password)
    assert counted() == {("staff:anna", FailedProof.PASSWORD): 2, ("", FailedProof.PASSWORD): 1}


def test_who_is_locked_out_is_counted_once_a_second(anna: Staff) -> None:
    for _ in range(13):
        give(Client(), "anna", "wrong")
    found = counted()
    assert found["staff:anna", FailedProof.PASSWORD] == 10
    assert 1 <= found["staff:anna", FailedProof.LOCKED] <= 3


def test_a_wrong_code_after_the_right_password_is_counted_under_the_account(anna: Staff) -> None:
    client = Client()
    give(client, "anna", PASSWORD)
    client.post("/log-in/code/", {"code": "000000"})
    client.post("/log-in/code/", {"credential": WRONG_KEY})
    assert counted() == {("staff:anna", FailedProof.CODE): 1, ("staff:anna", FailedProof.PASSKEY): 1}


def test_a_code_that_is_guessed_too_often_is_not_looked_at(anna: Staff) -> None:
    client = Client()
    give(client, "anna", PASSWORD)
    for _ in range(12):
        client.post("/log-in/code/", {"code": "000000"})
    assert ("staff:anna", FailedProof.LOCKED) in counted()


def test_a_passkey_that_opens_nothing_is_counted_under_no_account(anna: Staff) -> None:
    for answer in (WRONG_KEY, "not json"):
        Client().post("/log-in/key/", {"credential": answer})
    assert counted() == {("", FailedProof.PASSKEY): 2}


def test_the_right_password_of_a_closed_account_is_counted(anna: Staff) -> None:
    Staff.objects.filter(pk=anna.pk).update(is_active=False)
    give(Client(), "anna", PASSWORD)
    assert counted() == {("staff:anna", FailedProof.CLOSED): 1}


def test_a_wrong_proof_in_the_middle_of_work_is_counted_too(lead: Client, lena: Staff, anna: Staff) -> None:
    lead.post(f"/people/{anna.pk}/role/", {"role": "lead", "factor-code": "000000"})
    lead.post("/account/again/code/", {"code": "000000"})
    lead.post(f"/people/{anna.pk}/role/", {"role": "lead", "factor-credential": WRONG_KEY})
    assert counted() == {("staff:lena", FailedProof.CODE): 2, ("staff:lena", FailedProof.PASSKEY): 1}


def test_what_succeeds_is_counted_nowhere(anna: Staff) -> None:
    give(Client(), "anna", PASSWORD)
    assert counted() == {}


def test_an_administrator_reads_in_plain_words_what_failed(adam: Staff, anna: Staff) -> None:
    client = client_of(adam)
    assert "None in the last 90 days." in words(page(client, "/system/"))
    give(Client(), "anna", "wrong")
    give(Client(), PASSWORD, "anna")
    html = page(client, "/system/")
    assert "anna" in words(html)
    assert "Wrong password. 1 ×" in words(html)
    assert "no account: a name that nobody has" in words(html)
    assert PASSWORD not in html
