"""Who may what: one table of rights by role. What is not in it is forbidden.

`docs/permissions.md` is generated from here (`lykta words --permissions`); `lykta.records.people.access` asks it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from lykta.core.vocabulary import Role, Word


class Right(Word):
    """Something that a role allows."""

    SEE_CASES = "see_cases", "Open cases, read what reporters wrote, assess, answer, type in."
    DECIDE = "decide", "Decide where two colleagues judged the same thing differently."
    SEE_REFERRALS = "see_referrals", "See what was sent to police, partner hotlines and hosts, and mend what failed."
    KEEP_RECIPIENTS = "keep_recipients", "Add and change police units and partner hotlines."
    KEEP_LINKS = "keep_links", "Add and change partners' links, and print their posters."
    PROPOSE = "propose", "Ask a second person to agree to something, and read what became of it."
    LEAD = "lead", "See the figures."
    SEE_WELFARE = "see_welfare", "See how much the group looks at, from five people on."
    SEE_PROGRESS = "see_progress", "See how far the machine's work is."
    RUN = "run", "See failed steps, try them again, verify the record."
    KEEP_PEOPLE = "keep_people", "Invite people, change what they may, end their sessions, remove them."


_WORK = {Right.SEE_CASES, Right.PROPOSE, Right.SEE_REFERRALS, Right.SEE_PROGRESS}
RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.ANALYST: frozenset(_WORK),
        Role.SENIOR_ANALYST: frozenset({*_WORK, Right.DECIDE}),
        Role.LEAD: frozenset(Right),
        Role.WELFARE_OFFICER: frozenset({Right.SEE_WELFARE}),
        Role.LIAISON: frozenset({Right.SEE_REFERRALS, Right.KEEP_RECIPIENTS, Right.PROPOSE}),
        Role.COMMUNICATOR: frozenset({Right.KEEP_LINKS}),
        Role.ADMINISTRATOR: frozenset(
            {Right.KEEP_LINKS, Right.SEE_PROGRESS, Right.RUN, Right.KEEP_PEOPLE, Right.PROPOSE}
        ),
    }
)
ABOUT_CASES = frozenset({Right.SEE_CASES, Right.DECIDE, Right.SEE_REFERRALS, Right.KEEP_RECIPIENTS})
"""What leads to what reporters wrote, or decides who receives it."""


def may(role: Role, right: Right) -> bool:
    """Whether this role allows it."""
    return right in RIGHTS[role]


def may_give(giver: Role, role: Role) -> bool:
    """Whether somebody in the role `giver` may put others into `role`, or help them back in.

    Who sees no case can make nobody who does: an administrator's own invitation would otherwise open every case.
    """
    return may(giver, Right.KEEP_PEOPLE) and RIGHTS[role] & ABOUT_CASES <= RIGHTS[giver]
