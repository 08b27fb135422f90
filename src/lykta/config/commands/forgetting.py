"""`lykta forget`: what is due, what an old backup brought back, and a report of both."""

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from lykta.config.commands.people import BY
from lykta.core.refusals import NotUnderstood
from lykta.lib.clock import now

REPORTED = timedelta(days=365)
COMING = timedelta(days=30)


def do(words: argparse.Namespace) -> Iterator[str]:
    """Do what the words say; yields lines for whoever typed them. Raises NotUnderstood for a file that is no list."""
    if words.report:
        found = report(now())
        yield json.dumps(found, indent=2) if words.json else "\n".join(_lines(found))
        return
    back, due = forget(words.list)
    if words.json:
        yield json.dumps({"destroyed_again": back, "forgotten": due})
    else:
        yield f"{back} keys had come back from a backup and were destroyed again; {due} parts were due and forgotten."


def forget(path: Path | None) -> tuple[int, int]:
    """Destroy again what the hotline's list and the one in `path` name, then forget what is due.

    Returns how many keys had come back, and how many parts were due.
    """
    from lykta.records.cases import keyring
    from lykta.records.cases.actions import forgetting

    own = keyring.forgotten_list()
    listed = [*(_read(own) if own.exists() else []), *(_read(path) if path else [])]
    back = forgetting.forget_again(by=BY, listed=listed, now=now())
    return back, forgetting.forget_due(by=BY, now=now())


def report(moment: datetime) -> dict[str, Any]:
    """What was forgotten in the last year, what will be within 30 days, and what is held. Numbers and days only."""
    from lykta.records.cases import queries
    from lykta.records.cases.models import Case, Hold

    def line(case: Case) -> dict[str, str]:
        names = ("opened_at", "closed_at", "contact_forget_at", "contact_forgotten_at", "forget_at", "forgotten_at")
        days = {name: getattr(case, name) for name in names}
        return {"case": case.number, **{name: f"{day:%Y-%m-%d}" for name, day in days.items() if day}}

    def kept(one: Hold) -> dict[str, str]:
        return {"case": one.case.number, "reason": one.reason, "until": f"{one.until:%Y-%m-%d}"}

    return {
        "at": moment.isoformat(timespec="seconds"),
        "forgotten": [line(case) for case in queries.forgotten(since=moment - REPORTED)],
        "coming": [line(case) for case in queries.forgotten_soon(before=moment + COMING)],
        "held": [kept(one) for one in queries.held(now=moment)],
    }


def _lines(found: dict[str, Any]) -> Iterator[str]:
    titles = {"forgotten": "Forgotten in the last year", "coming": "Due within 30 days", "held": "Held"}
    for part, title in titles.items():
        yield f"{title}: {len(found[part])}"
        for one in found[part]:
            said = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in one.items() if name != "case")
            yield f"  {one['case']}  {said}"


def _read(path: Path) -> Sequence[Any]:
    from lykta.records.cases.keyring import Destroyed

    try:
        return [Destroyed.read(line) for line in path.read_text(encoding="ascii").splitlines() if line]
    except ValueError as error:
        raise NotUnderstood(f"{path} is no list of destroyed keys: {error}. Nothing was changed.") from error
