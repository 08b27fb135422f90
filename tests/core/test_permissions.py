"""Who may what: every role has its row, and nobody gives away what they have not."""

import pytest

from lykta.core.permissions import ABOUT_CASES, RIGHTS, Right, may, may_give
from lykta.core.vocabulary import Role

SEES_NO_CASE = {Role.ADMINISTRATOR, Role.COMMUNICATOR, Role.WELFARE_OFFICER, Role.LIAISON}


def test_every_role_has_a_row() -> None:
    assert set(RIGHTS) == set(Role)


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_cases(role: Role) -> None:
    assert may(role, Right.SEE_CASES) is (role not in SEES_NO_CASE)


def test_a_liaison_sees_referrals_and_recipients_and_what_they_proposed_and_nothing_else() -> None:
    assert RIGHTS[Role.LIAISON] == {Right.SEE_REFERRALS, Right.KEEP_RECIPIENTS, Right.PROPOSE}


def test_every_right_is_somebodys() -> None:
    assert set().union(*RIGHTS.values()) == set(Right)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("giver", list(Role))
def test_nobody_makes_somebody_see_more_of_cases_than_they_do(giver: Role, role: Role) -> None:
    if may_give(giver, role):
        assert may(giver, Right.KEEP_PEOPLE)
        assert RIGHTS[role] & ABOUT_CASES <= RIGHTS[giver]
    else:
        assert not may(giver, Right.KEEP_PEOPLE) or RIGHTS[role] & ABOUT_CASES


def test_a_lead_gives_every_role_and_an_administrator_those_that_see_no_case() -> None:
    assert all(may_give(Role.LEAD, role) for role in Role)
    given = {role for role in Role if may_give(Role.ADMINISTRATOR, role)}
    assert given == {Role.ADMINISTRATOR, Role.COMMUNICATOR, Role.WELFARE_OFFICER}
