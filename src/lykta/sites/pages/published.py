"""The figures that the worker has published: one file, read afresh for each page."""

import json
import logging
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its definition; `value` is None where nothing has been measured yet."""

    name: str
    value: float | None
    unit: str
    definition: str


@dataclass(frozen=True, slots=True)
class CountryCount:
    """Illegal items by the country of the server (ISO 3166-1 alpha-2), "" where it is not known."""

    country: str
    items: int


@dataclass(frozen=True, slots=True)
class Results:
    """All that is published, and the moment it was counted."""

    as_of: datetime
    figures: list[Figure]
    countries: list[CountryCount]

    def plain(self) -> dict[str, Any]:
        """The shape of the file and of the JSON download."""
        return {**asdict(self), "as_of": self.as_of.isoformat()}


def read(folder: Path) -> Results | None:
    """What `figures.json` in this folder says, or None while there is no file that can be read."""
    file = folder / "figures.json"
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return Results(
            as_of=datetime.fromisoformat(found["as_of"]),
            figures=[
                Figure(row["name"], _number(row["value"]), row["unit"], row["definition"]) for row in found["figures"]
            ],
            countries=[CountryCount(row["country"], int(row["items"])) for row in found["countries"]],
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        logger.exception("The published figures in %s cannot be read; the page says that there are none.", file)
        return None


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
