"""The part of a country file that decisions need: its law, what was agreed with others, and when what is forgotten."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from lykta.core.labels import Offence
from lykta.core.offering import LEAST_QUORUM
from lykta.core.refusals import NotUnderstood
from lykta.core.retention import Retention
from lykta.core.vocabulary import Finding
from lykta.lib.countries import FOLDER, choice


@dataclass(frozen=True, slots=True)
class Law:
    """A country's offences, first match first, the hold that gives the police time, and the rules of forgetting.

    `decides_known`: what lists know as illegal may be confirmed without a look; only where the file says so and
    somebody has read that at its source.
    `quorum`: how many different people must agree before something goes on the list that is offered to others.
    `people_search`: staff may search for persons; no unless the file says yes (GDPR Article 10: data about offences).
    """

    country: str
    offences: tuple[Offence, ...]
    hold: timedelta
    retention: Retention
    decides_known: bool
    quorum: int = LEAST_QUORUM
    people_search: bool = False


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
        known = tables.get("matching", {})
        decides_known = known.get("decide_without_look") is True and known["verified"] is True
        retention = _retention(tables["retention"])
        search = tables.get("people_search", {}).get("allowed") is True
        return Law(tables["country"]["code"], offences, hold, retention, decides_known, _quorum(tables, path), search)
    except FileNotFoundError as error:
        raise NotUnderstood(f"There is no country file {path}. {choice(path.parent)}") from error
    except KeyError as error:
        raise NotUnderstood(f"The country file {path} lacks {error}.") from error
    except ValueError as error:
        raise NotUnderstood(f"The country file {path} cannot be read: {error}.") from error


def _quorum(tables: dict[str, Any], path: Path) -> int:
    """The least that is safe, where the file does not say."""
    quorum = tables.get("offering", {}).get("quorum", LEAST_QUORUM)
    if not isinstance(quorum, int) or quorum < LEAST_QUORUM:
        raise NotUnderstood(f"The country file {path} needs an [offering] quorum of at least {LEAST_QUORUM}.")
    return quorum


def _retention(table: dict[str, Any]) -> Retention:
    """Each number lies in a table of its own, with where it was read."""
    return Retention(
        rule=table["rule"],
        unfounded=timedelta(days=table["unfounded"]["days"]),
        contact=timedelta(days=table["contact"]["days"]),
        words=timedelta(days=table["words"]["days"]),
    )
