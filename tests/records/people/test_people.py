"""The staff: invited with a role, seen in the record, kept from what is not theirs."""

import pytest

from lykta.core.refusals import NotAllowed
from lykta.core.vocabulary import Role
from lykta.records.audit.models import Entry
from lykta.records.people import access, actions
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db


def invite(role: Role) -> Staff:
    return actions.invite(by="operator", username=str(role), password="a long enough password", role=role)


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_cases(role: Role) -> None:
    staff = invite(role)
    if role in {Role.ADMINISTRATOR, Role.COMMUNICATOR}:
        with pytest.raises(NotAllowed):
            access.may_see_cases(staff)
    else:
        access.may_see_cases(staff)


@pytest.mark.parametrize("role", list(Role))
def test_who_leads(role: Role) -> None:
    staff = invite(role)
    if role is Role.LEAD:
        access.may_lead(staff)
    else:
        with pytest.raises(NotAllowed):
            access.may_lead(staff)


@pytest.mark.parametrize("role", list(Role))
def test_who_keeps_the_installation_running(role: Role) -> None:
    staff = invite(role)
    if role in {Role.ANALYST, Role.COMMUNICATOR}:
        with pytest.raises(NotAllowed):
            access.may_run(staff)
    else:
        access.may_run(staff)


@pytest.mark.parametrize("role", list(Role))
def test_who_keeps_partners_links(role: Role) -> None:
    staff = invite(role)
    if role is Role.ANALYST:
        with pytest.raises(NotAllowed):
            access.may_keep_links(staff)
    else:
        access.may_keep_links(staff)


@pytest.mark.parametrize("right", [access.may_see_cases, access.may_lead, access.may_run, access.may_keep_links])
def test_who_has_left_may_nothing(right: object) -> None:
    staff = invite(Role.LEAD)
    staff.is_active = False
    assert callable(right)
    with pytest.raises(NotAllowed):
        right(staff)


def test_a_password_is_never_kept_as_it_is() -> None:
    staff = invite(Role.ANALYST)
    assert "long enough" not in staff.password
    assert staff.check_password("a long enough password")


def test_an_invitation_is_in_the_record_without_the_password() -> None:
    invite(Role.ANALYST)
    entry = Entry.objects.get(word="staff.invited")
    assert entry.by == "operator"
    assert entry.facts == '{"role":"analyst"}'


def test_the_record_knows_people_by_name() -> None:
    assert invite(Role.ANALYST).actor == "staff:analyst"
