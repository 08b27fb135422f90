"""The days of the record: a file for each, and somebody else's time stamp on it."""

import logging
from pathlib import Path

from lykta.connectors.contract import ConnectorError
from lykta.lib.clock import now
from lykta.records.audit import days
from lykta.workflow.house import World

log = logging.getLogger(__name__)


def note_day(world: World) -> None:
    """Once a day, the file that stands for all entries since the one before."""
    days.note_day(folder_of(world), today=now().date())


def stamp_days(world: World) -> None:
    """Have every day stamped that is not yet; what fails is tried at the next call."""
    stamper = world.outside.stamper
    if stamper is None:
        return
    for day in days.unstamped(folder_of(world)):
        try:
            stamp = stamper.stamp(day.read_bytes())
        except ConnectorError as error:
            log.warning("%s has no time stamp yet: %s", day.name, error)
            return
        _write(days.stamp_of(day), stamp)


def folder_of(world: World) -> Path:
    """Where the files of the days lie, beside the checkpoints."""
    return world.staffroom.checkpoints.parent / "days"


def _write(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.rename(path)
