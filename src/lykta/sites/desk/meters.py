"""How much somebody has looked at today, in words and for a bar; and what time it is where these people work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lykta.core import exposure
from lykta.core.exposure import Day, Limits
from lykta.lib.clock import now
from lykta.sites.desk.verbs import house


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """Minutes looked today, of so many; the length of the bar and where the soft limit lies on it, in per cent."""

    minutes: int
    of: int
    soft: int
    length: float
    soft_at: float
    until_pause: int


def local_now() -> datetime:
    """The present moment by the hotline's own clock, whose days and hours the limits are about."""
    return now().astimezone(house().zone)


def meter(day: Day, *, limits: Limits, now: datetime) -> Meter:
    """A person's day so far."""
    hard = limits.hard + (day.more or timedelta())
    return Meter(
        minutes=int(day.spent.total_seconds() // 60),
        of=int(hard.total_seconds() // 60),
        soft=int(limits.soft.total_seconds() // 60),
        length=round(min(100 * day.spent / hard, 100), 1),
        soft_at=round(100 * limits.soft / hard, 1),
        until_pause=int(exposure.until_pause(day.looked, now=now, limits=limits).total_seconds() // 60),
    )
