"""When something is due: looks, holds, reminders. Time comes in as an argument; nothing here asks what time it is."""

from datetime import datetime, timedelta

MISSES_UNTIL_GONE = 3
"""Looks in a row that must find nothing. SCARt uses the same number: one miss may be a hiccup, or a trick."""

ABANDONED_AFTER = timedelta(hours=2)
"""A report that nobody has gone on writing for so long is taken in as it is: incomplete."""

TELL_PARTNER_FOR = timedelta(days=3)
"""For so long a partner's system is called again to be told one change of status."""

APPROVAL_LASTS = timedelta(hours=24)
"""From asking a second person to using what they said: what is older is asked for again."""

WHILE_THERE = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=12), timedelta(hours=24))
AFTER_A_MISS = timedelta(hours=2)
WHEN_GONE = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30), timedelta(days=90))
"""Removed material comes back: keep looking, with growing pauses, for about four months."""


def next_look(*, now: datetime, looks: int, misses: int, gone: bool, every: timedelta | None) -> datetime | None:
    """When to look again, or None when the watch has ended.

    `looks` counts the looks made in this phase (there, or gone), `misses` those in a row that found nothing.
    `every` replaces the pauses (practice, tests), not the number of looks at a gone item.
    """
    if gone:
        if looks >= len(WHEN_GONE):
            return None
        return now + (every or WHEN_GONE[looks])
    if every:
        return now + every
    if misses:
        return now + AFTER_A_MISS
    return now + WHILE_THERE[min(looks, len(WHILE_THERE) - 1)]


def hold_until(*, told_at: datetime, hold: timedelta) -> datetime:
    """Until when the host waits for the police's answer."""
    return told_at + hold


def retry_at(*, now: datetime, attempts: int, asked_for: float | None) -> datetime:
    """When a step that failed is tried again: 5 s, 20 s, 80 s … at most 1 h, or what the other side asked for."""
    pause = min(5 * 4 ** min(max(attempts - 1, 0), 6), 3600)
    return now + timedelta(seconds=max(pause, min(asked_for or 0, 86_400)))


def session_is_over(*, began: datetime, used: datetime, now: datetime, longest: timedelta, idle: timedelta) -> bool:
    """Whether somebody has to log in again: after so long in all, or without a page (ASVS 5.0, 7.3.1, 7.3.2)."""
    return now - began >= longest or now - used >= idle
