"""`lykta data refresh`: fetch IANA's list of registries, when the one in use is older than a week."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from lykta.config.environment import Environment, home
from lykta.config.world import client_of
from lykta.connectors.contract import ConnectorError
from lykta.connectors.rdap import bootstrap, refreshing
from lykta.lib.clock import now
from lykta.lib.exits import read_exits
from lykta.lib.outbound import Client

DAYS = 7
"""RFC 9224 8 asks not to fetch the files for every question; they change a few times a month."""

Fetch = Callable[[Client, date], dict[str, Any]]


def refresh(given: Environment, *, fetch: Fetch | None = None) -> str:
    """What came of it, in a sentence. Raises RuntimeError where nothing was fetched; what was in use stays so."""
    path, today = home() / given.rdap_bootstrap, now().date()
    if given.mode == "practice":
        raise RuntimeError(f"{path} belongs to the practice world, which writes it itself.")
    used = _used(path)
    if path.exists() and used is not None and (today - used).days < DAYS:
        return f"{path} is from {used}: new enough."
    client = client_of(given, read_exits(given.exits)["registry"])
    try:
        found = (fetch or _from_iana)(client, today)
    except ConnectorError as error:
        stays = f"{path} of {used}" if path.exists() else f"the copy of {used} that comes with Lykta"
        raise RuntimeError(f"{error} In use stays {stays}.") from error
    finally:
        client.close()
    _write(path, found)
    return f"{path} is from {today}. The worker reads it when it starts."


def _from_iana(client: Client, today: date) -> dict[str, Any]:
    return refreshing.fetch(client, today=today)


def _used(path: Path) -> date | None:
    try:
        return bootstrap.dated(bootstrap.load(path))
    except ValueError:
        return None


def _write(path: Path, found: dict[str, Any]) -> None:
    """Whole or not at all: the worker may start at any moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(found), encoding="utf-8")
    new.replace(path)
