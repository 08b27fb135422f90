"""`lykta offer list|withdraw` and `lykta list export`: our own list of hashes, which others fetch."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from lykta.config.commands.people import BY
from lykta.core.refusals import NotNow
from lykta.core.vocabulary import OfferState
from lykta.lib.clock import now
from lykta.records.offering import actions, queries
from lykta.workflow import exporting


def do(given: argparse.Namespace) -> Iterator[str]:
    """What the words after `lykta offer` say: the lines to print. Raises Refusal and OSError."""
    if given.what == "withdraw":
        withdraw(given.entry, given.reason)
        yield f"{given.entry}: off the list; whoever fetched it is told."
    else:
        yield from listed(as_json=given.json)


def export(form: str, file: Path, *, as_json: bool) -> str:
    """Write the list as it is now; returns the line to print. Raises NotNow where there is such a file already."""
    if file.exists():
        raise NotNow(f"There is {file} already: choose another name.")
    written, count = exporting.export(by=BY, form=form)
    file.write_text(written, encoding="utf-8")
    if as_json:
        return json.dumps({"file": str(file), "format": form, "entries": count})
    return f"{file}: {count} entries. A file cannot be called back; partners should fetch the list where they can."


def withdraw(entry: int, reason: str) -> None:
    """Take an entry off the list for good. Raises NotUnderstood or NotNow."""
    if not queries.is_known(entry):
        raise NotNow(f"There is no entry {entry}: `lykta offer list` names them.")
    actions.withdraw(by=BY, number=entry, reason=reason, now=now())


def listed(*, as_json: bool) -> Iterator[str]:
    """How many are in each state, and the entries on the list: number, kind, category, SHA-256, since when."""
    counts = queries.counts()
    entries = [
        {
            "number": one.pk,
            "kind": one.kind,
            "grade": one.grade,
            "sha256": one.sha256,
            "since": one.state_at.isoformat(),
        }
        for one in queries.offered()
    ]
    known = {str(state): counts.get(state, 0) for state in OfferState}
    if as_json:
        yield json.dumps({"counts": known, "offered": entries})
        return
    yield ", ".join(f"{count} {state}" for state, count in known.items())
    yield from ("\t".join(str(one) for one in entry.values()) for entry in entries)
