"""The part of a country file that decisions need: its law, how long a host waits, and when what is forgotten."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from lykta.core.labels import Offence
from lykta.core.refusals import NotUnderstood
from lykta.core.retention import Retention
from lykta.core.vocabulary import Finding
from lykta.lib.countries import FOLDER


@dataclass(frozen=True, slots=True)
class Law:
    """A country's offences, first match first, the hold that gives the police time, and the rules of forgetting."""

    country: str
    offences: tuple[Offence, ...]
    hold: timedelta
    retention: Retention


@cache
def law(name: str, folder: Path = FOLDER) -> Law:
    """The law of the country file of that name. Raises NotUnderstood, naming what is missing."""
    path = folder / f"{name}.toml"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        offences = tuple(
            Offence(
                law=one["law"],
                findings=frozenset(Finding(word) for word in one["findings"]),
                natures=frozenset(one["natures"]),
                because=one["because"],
            )
            for one in tables["law"]["offences"]
        )
        hold = timedelta(hours=tables["notice"]["police_hold_hours"])
        return Law(tables["country"]["code"], offences, hold, _retention(tables["retention"]))
    except FileNotFoundError as error:
        raise NotUnderstood(f"There is no country file {path}.") from error
    except KeyError as error:
        raise NotUnderstood(f"The country file {path} lacks {error}.") from error
    except ValueError as error:
        raise NotUnderstood(f"The country file {path} cannot be read: {error}.") from error


def _retention(table: dict[str, Any]) -> Retention:
    """Each number lies in a table of its own, with where it was read."""
    return Retention(
        rule=table["rule"],
        unfounded=timedelta(days=table["unfounded"]["days"]),
        contact=timedelta(days=table["contact"]["days"]),
        words=timedelta(days=table["words"]["days"]),
    )
