"""The staff: invited, let in once, given roles and terms, removed; all of it in the record."""

from datetime import time, timedelta
from functools import partial

import pytest
from tests.records.people.cast import NOW, invite, words_written

from lykta.core.permissions import RIGHTS, Right
from lykta.core.refusals import NotAllowed, NotNow
from lykta.core.vocabulary import Certification, Role, Topic
from lykta.records.audit.models import Entry
from lykta.records.people import access, actions, queries
from lykta.records.people.actions import LINK_LASTS, Terms
from lykta.records.people.models import Staff

pytestmark = pytest.mark.django_db

DOORS = {
    Right.SEE_CASES: access.may_see_cases,
    Right.DECIDE: access.may_decide,
    Right.SEE_REFERRALS: access.may_see_referrals,
    Right.KEEP_RECIPIENTS: access.may_keep_recipients,
    Right.KEEP_LINKS: access.may_keep_links,
    Right.PROPOSE: access.may_propose,
    Right.LEAD: access.may_lead,
    Right.SEE_WELFARE: access.may_see_welfare,
    Right.SEE_PROGRESS: access.may_see_progress,
    Right.RUN: access.may_run,
    Right.KEEP_PEOPLE: access.may_keep_people,
}


@pytest.mark.parametrize("right", list(Right))
@pytest.mark.parametrize("role", list(Role))
def test_each_door_opens_to_the_roles_of_the_table_and_to_nobody_else(role: Role, right: Right) -> None:
    staff = Staff(username="somebody", role=role)
    if right in RIGHTS[role]:
        DOORS[right](staff)
    else:
        with pytest.raises(NotAllowed):
            DOORS[right](staff)


@pytest.mark.parametrize("right", list(Right))
def test_who_has_left_may_nothing(right: Right) -> None:
    with pytest.raises(NotAllowed):
        DOORS[right](Staff(username="somebody", role=Role.LEAD, is_active=False))


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


def test_a_name_is_given_once_however_it_is_written_and_also_after_its_owner_left() -> None:
    invite(Role.LEAD)
    staff = invite(Role.ANALYST)
    actions.remove(by="operator", staff=staff)
    with pytest.raises(NotNow, match="account of that name"):
        actions.invite(by="operator", username="ANALYST", role=Role.ANALYST)


def test_without_a_password_nobody_can_log_in_with_one() -> None:
    staff = actions.invite(by="operator", username="nils", role=Role.ANALYST)
    assert not staff.has_usable_password()


def test_a_link_lets_its_person_in_once_and_only_its_digest_is_kept() -> None:
    staff = actions.invite(by="operator", username="nils", role=Role.ANALYST)
    token = actions.make_link(by="operator", staff=staff, now=NOW)
    assert actions.invited(token, now=NOW) == staff
    assert actions.join(token=token, password="a sentence that is long", now=NOW) == staff
    staff.refresh_from_db()
    assert staff.check_password("a sentence that is long")
    with pytest.raises(NotNow, match="has been used or is too old"):
        actions.join(token=token, password="another sentence", now=NOW)
    assert words_written() == ["staff.invited", "staff.link_made", "staff.joined"]
    assert token not in str(list(Entry.objects.values()))


def test_a_link_ends_after_three_days_and_with_the_next_one() -> None:
    staff = invite(Role.ANALYST)
    first = actions.make_link(by="operator", staff=staff, now=NOW)
    assert actions.invited(first, now=NOW + LINK_LASTS - timedelta(seconds=1)) == staff
    with pytest.raises(NotNow):
        actions.invited(first, now=NOW + LINK_LASTS)
    second = actions.make_link(by="operator", staff=staff, now=NOW)
    with pytest.raises(NotNow):
        actions.invited(first, now=NOW)
    assert actions.invited(second, now=NOW) == staff


def test_a_link_of_somebody_who_was_removed_opens_nothing() -> None:
    invite(Role.LEAD)
    staff = invite(Role.ANALYST)
    token = actions.make_link(by="operator", staff=staff, now=NOW)
    actions.remove(by="operator", staff=staff)
    with pytest.raises(NotNow):
        actions.invited(token, now=NOW)


def test_a_role_is_given_and_the_record_says_from_what_to_what() -> None:
    staff = invite(Role.ANALYST)
    actions.give_role(by="staff:lena", staff=staff, role=Role.LIAISON)
    staff.refresh_from_db()
    assert staff.role == Role.LIAISON
    assert not staff.sees_cases
    assert Entry.objects.get(word="staff.role_changed").facts == '{"from":"analyst","to":"liaison"}'


def lead(name: str) -> Staff:
    return actions.invite(by="operator", username=name, role=Role.LEAD)


@pytest.mark.parametrize("names", ["lena", "lena lo"])
def test_two_leads_can_neither_step_down_nor_be_removed(names: str) -> None:
    lena, *_ = [lead(name) for name in names.split()]
    for verb in (partial(actions.give_role, role=Role.ANALYST), actions.remove):
        with pytest.raises(NotNow, match="Two leads have to stay"):
            verb(by="operator", staff=lena)
    actions.give_role(by="operator", staff=lena, role=Role.LEAD)
    assert Staff.objects.filter(role=Role.LEAD, is_active=True).count() == len(names.split())


def test_a_third_lead_can_go() -> None:
    lena, lo, luz = (lead(name) for name in ("lena", "lo", "luz"))
    actions.remove(by=lo.actor, staff=lena)
    assert [one.staff for one in queries.colleagues(now=NOW)] == [lo, luz]


def test_terms_are_kept_and_recorded() -> None:
    staff = invite(Role.ANALYST)
    terms = Terms(certified_for=Certification.TEXT, works_on="135", works_from=time(8), works_until=time(12, 30))
    actions.set_terms(by="staff:lena", staff=staff, terms=terms)
    staff.refresh_from_db()
    assert (staff.certified_for, staff.works_on, staff.works_until) == (Certification.TEXT, "135", time(12, 30))
    assert '"certified_for":"text"' in Entry.objects.get(word="staff.terms_changed").facts


def test_what_somebody_does_not_want_to_see_is_kept_and_the_record_does_not_say_what() -> None:
    staff = invite(Role.ANALYST)
    actions.spare(by=staff, topics=[Topic.TRADE, Topic.CONTACT])
    staff.refresh_from_db()
    assert staff.never_show == [Topic.CONTACT, Topic.TRADE]
    assert Entry.objects.get(word="staff.spared").facts == "{}"


def test_colleagues_say_who_is_invited_and_who_is_logged_in() -> None:
    staff = invite(Role.ANALYST)
    actions.make_link(by="operator", staff=staff, now=NOW)
    [found] = queries.colleagues(now=NOW)
    assert (found.staff, found.invited_until, found.sessions) == (staff, NOW + LINK_LASTS, 0)
    [later] = queries.colleagues(now=NOW + LINK_LASTS)
    assert later.invited_until is None


def test_nobody_changes_themselves_and_an_administrator_nobody_who_sees_cases() -> None:
    lead, adam, anna = (invite(role) for role in (Role.LEAD, Role.ADMINISTRATOR, Role.ANALYST))
    access.may_change(lead, anna)
    access.may_put_into(lead, Role.LEAD)
    access.may_put_into(adam, Role.COMMUNICATOR)
    assert access.access_person(adam, anna.pk) == anna
    for by, person in ((lead, lead), (adam, anna), (adam, lead), (anna, adam)):
        with pytest.raises(NotAllowed):
            access.may_change(by, person)
    for role in (Role.LEAD, Role.ANALYST, Role.LIAISON):
        with pytest.raises(NotAllowed):
            access.may_put_into(adam, role)


def test_who_is_not_there_looks_as_who_is_not_yours() -> None:
    lead, anna = invite(Role.LEAD), invite(Role.ANALYST)
    with pytest.raises(NotAllowed) as missing:
        access.access_person(lead, 987654)
    with pytest.raises(NotAllowed) as forbidden:
        access.access_person(anna, lead.pk)
    assert str(missing.value) == str(forbidden.value)
