"""The part of a country file that decisions need: its law over a label set, and how long a host waits."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from lykta.core.labels import Offence
from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import Finding
from lykta.lib.countries import FOLDER


@dataclass(frozen=True, slots=True)
class Law:
    """A country's offences, first match first, and the hold that gives the police time."""

    country: str
    offences: tuple[Offence, ...]
    hold: timedelta


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
        return Law(tables["country"]["code"], offences, timedelta(hours=tables["notice"]["police_hold_hours"]))
    except FileNotFoundError as error:
        raise NotUnderstood(f"There is no country file {path}.") from error
    except KeyError as error:
        raise NotUnderstood(f"The country file {path} lacks {error}.") from error
    except ValueError as error:
        raise NotUnderstood(f"The country file {path} cannot be read: {error}.") from error
