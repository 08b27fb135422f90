import argparse
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import validate_totp_code

from lykta.config import practising
from lykta.config.commands.people import add_staff, do, practice_code
from lykta.core.refusals import NotNow
from lykta.core.vocabulary import Role
from lykta.lib.clock import now
from lykta.records.audit.models import Entry
from lykta.records.people import actions
from lykta.records.people.models import Staff


@pytest.mark.django_db
def test_an_account_is_made_with_the_password_that_is_returned() -> None:
    password = add_staff("anna", Role.ANALYST)
    anna = Staff.objects.get(username="anna")
    assert anna.check_password(password)
    assert anna.role == Role.ANALYST
    entry = Entry.objects.get()
    assert (entry.by, entry.word, entry.subject) == ("command", "staff.invited", "staff:anna")


@pytest.mark.django_db
def test_a_name_is_given_once() -> None:
    password = add_staff("anna", Role.ANALYST)
    with pytest.raises(NotNow, match="anna already"):
        add_staff("anna", Role.LEAD)
    assert Staff.objects.get(username="anna").check_password(password)


def test_a_code_is_the_one_that_an_authenticator_would_show(lykta_home: Path) -> None:
    practising.write_settings()
    secret = practising.demo_accounts()[0]["totp_secret"]
    assert validate_totp_code(secret, practice_code("anna"))


def test_there_is_no_code_for_somebody_else(lykta_home: Path) -> None:
    practising.write_settings()
    practising.demo_accounts()
    with pytest.raises(NotNow, match="no practice account named bo"):
        practice_code("bo")


def test_there_are_no_codes_in_production(lykta_home: Path) -> None:
    practising.demo_accounts()
    with pytest.raises(NotNow, match="practice accounts only"):
        practice_code("anna")


def told(*words: str) -> list[str]:
    return list(do(argparse.Namespace(what=words[0], name=words[1], role=words[2] if len(words) > 2 else "")))


@pytest.mark.django_db
def test_somebody_is_invited_by_a_link() -> None:
    link, _ = told("invite", "nils", "lead")
    token = link.removeprefix("http://127.0.0.1:8002/join/").rstrip("/")
    assert actions.invited(token, now=now()).username == "nils"
    assert list(Entry.objects.values_list("by", flat=True)) == ["command", "command"]


@pytest.mark.django_db
def test_who_is_locked_out_starts_anew_by_a_link() -> None:
    add_staff("anna", Role.ANALYST)
    link, _ = told("anew", "anna")
    assert link.startswith("http://127.0.0.1:8002/join/")
    assert not Staff.objects.get(username="anna").has_usable_password()


@pytest.mark.django_db(databases=["default", "letterbox"])
def test_who_leaves_is_out_and_cannot_leave_twice() -> None:
    password = add_staff("anna", Role.ANALYST)
    assert told("remove", "anna") == ["anna is out. Cases that were handed back: 0."]
    anna = Staff.objects.get(username="anna")
    assert not anna.is_active
    assert not anna.check_password(password)
    with pytest.raises(NotNow, match="Nobody of the name anna"):
        told("remove", "anna")


@pytest.mark.django_db
def test_an_account_that_is_added_prints_its_password() -> None:
    said, _ = told("add", "anna", "analyst")
    assert Staff.objects.get(username="anna").check_password(said.removeprefix("anna: "))
