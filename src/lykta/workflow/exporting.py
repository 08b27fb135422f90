"""Our own list as a file: CSV for anyone, and the JSON of Project VIC that forensic programs take in."""

import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lykta.core.refusals import NotUnderstood
from lykta.lib import tables
from lykta.records.offering import actions, queries
from lykta.records.offering.models import Confirmed

COLUMNS = ("sha256", "sha1", "md5", "pdq", "quality", "kind", "grade", "media_type", "size", "since")
ENVELOPE = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/Default/$metadata#Media"
"""Of Project VIC 2.0, to the letter: IPED takes a file in by it, and only where it stands first and `value` second."""
ABUSE_MATERIAL = 1
"""Project VIC's category for it."""
FORMS = ("csv", "vics")


def export(*, by: str, form: str) -> tuple[str, int]:
    """The list as it is now, and how many entries it has; that it leaves the house is noted. Raises NotUnderstood."""
    if form not in FORMS:
        raise NotUnderstood(f"The list can be written as {' or '.join(FORMS)}.")
    entries = list(queries.offered())
    actions.note_export(by=by, form=form, count=len(entries))
    write: Callable[[Iterable[Confirmed]], str] = as_csv if form == "csv" else as_vics
    return write(entries), len(entries)


def as_csv(entries: Iterable[Confirmed]) -> str:
    """A line for each entry below the names of the columns; `since` is in UTC."""
    written = io.StringIO()
    tables.write(written, [COLUMNS, *map(_row, entries)], ending="\n")
    return written.getvalue()


def as_vics(entries: Iterable[Confirmed]) -> str:
    """The `Media` of Project VIC. An entry without MD5 is left out: that is what its readers find a file by."""
    media = [_media(one) for one in entries if one.md5]
    return json.dumps({"@odata.context": ENVELOPE, "value": media}, separators=(",", ":"))


def _row(one: Confirmed) -> list[Any]:
    return [*(getattr(one, name) for name in COLUMNS[:-1]), one.state_at.isoformat(timespec="seconds")]


def _media(one: Confirmed) -> dict[str, Any]:
    known = {"MediaSize": one.size, "MimeType": one.media_type or None, "SHA1": one.sha1 or None}
    return {
        "MediaID": one.pk,
        "Category": ABUSE_MATERIAL,
        "MD5": one.md5,
        **{name: value for name, value in known.items() if value is not None},
        "DateUpdated": one.state_at.isoformat(timespec="seconds"),
        "AlternativeHashes": list(_alternatives(one)),
    }


def _alternatives(one: Confirmed) -> Iterator[dict[str, str]]:
    for name, value in (("SHA256", one.sha256), ("PDQ", one.pdq)):
        if value:
            yield {"MD5": one.md5, "HashName": name, "HashValue": value}
