"""What must be forgotten, and when. Forgetting destroys keys, so that backups forget too.

A report has two parts that are forgotten each for itself: how to reach the one who wrote it, and what was written. A
country file says for how long each is kept after a case was closed, with the source of each number; a hotline's own
lawyer decides in the end. Time comes in as an argument.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lykta.core.refusals import NotUnderstood

HOLD_LONGEST = timedelta(days=365)
"""A hold that is needed for longer is looked at again by two people, once a year at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """A country's rules. `rule` names them, with their version, where a decision is written down.

    Defaults: contact details at most 90 days after closing and an unfounded report 30 days, as published by
    Hotline.ie; what was written 12 months, the longest that the European Union's interim regulation (2021/1232) let
    providers of messages keep what they found.
    """

    rule: str = "retention-1"
    unfounded: timedelta = timedelta(days=30)
    contact: timedelta = timedelta(days=90)
    words: timedelta = timedelta(days=365)


DEFAULT = Retention()


@dataclass(frozen=True, slots=True)
class Due:
    """When the contact, and when all that was written, is forgotten."""

    contact_at: datetime
    words_at: datetime


def due(*, closed_at: datetime, anything_illegal: bool, rules: Retention = DEFAULT) -> Due:
    """When the parts of a closed case are forgotten: the contact never after the words."""
    words = rules.words if anything_illegal else rules.unfounded
    return Due(closed_at + min(rules.contact, words), closed_at + words)


def check_hold(*, until: datetime, now: datetime) -> None:
    """Raises NotUnderstood for a legal hold that has ended already or is longer than a year."""
    if not now < until <= now + HOLD_LONGEST:
        raise NotUnderstood("Please give a day after today, and within a year.")
