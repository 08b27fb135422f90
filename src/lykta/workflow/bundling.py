"""A case as a bundle for police, a court or another hotline: what it holds, and in which files.

`case.json` is all of it for machines, `items.csv` a table, `case.pdf` for people, `record.json` and `days/` the part of
the record that is about it with its proofs (docs/operations/audit.md), `files/` what reporters sent along.
"""

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db.models import Model

from lykta.core import locators
from lykta.core.attaching import FileKind
from lykta.lib import bags, certificates, tables
from lykta.lib.bags import Bag, Content
from lykta.lib.clock import now
from lykta.records.audit import days
from lykta.records.audit import queries as audit
from lykta.records.cases import queries as cases
from lykta.records.cases.actions import exporting
from lykta.records.cases.models import Case, Export, Item, Report
from lykta.records.people.models import Staff
from lykta.records.referrals import queries as referrals
from lykta.records.takedown import queries as takedown
from lykta.records.tracing import queries as tracing

SCHEME = "lykta-case-1"
_ENDINGS = {FileKind.PDF: "pdf", FileKind.TEXT: "txt"}
README = """\
This is a bag (RFC 8493) from a hotline that works with Lykta. To check it, unpack it and run, in its folder:

    bagit.py --validate .
    gpg --verify tagmanifest-sha256.txt.asc tagmanifest-sha256.txt
    openssl ts -verify -data data/days/DAY.json -in data/days/DAY.tsr -CAfile THE-SERVICE.pem

Import the hotline's certificate first, and compare its fingerprint with the hotline by telephone. What the files mean
and how an entry of record.json is checked stands in Lykta's docs/operations/audit.md. Addresses are written as they
are: do not open them.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Whose bundles these are: the hotline's name, where the files of the record's days lie, and the key that signs."""

    house: str
    days_folder: Path
    key: bytes


def bundle(case: Case, *, whole: bool, sender: Sender, at: datetime) -> Iterator[bytes]:
    """The bundle as a zip, piece by piece. `whole`: with contacts and files.

    Whoever calls this has used the approval up. Everything but the reporters' files is gathered at the first piece.
    """
    return bags.stream([_bag(case, whole=whole, sender=sender, at=at)], sign=partial(certificates.sign, key=sender.key))


def bundles(export: Export, *, by: Staff, sender: Sender, at: datetime) -> Iterator[bytes]:
    """A zip with a bundle for each case of an export, without contacts and files; how far it is can be read meanwhile.

    Ended in the record with how many were sent, also where the line breaks.
    """
    try:
        yield from bags.stream(_bags(export, sender=sender, at=at), sign=partial(certificates.sign, key=sender.key))
    finally:
        exporting.end(by=by, export=export, now=now())


def _bags(export: Export, *, sender: Sender, at: datetime) -> Iterator[Bag]:
    for case in cases.in_export(export):
        yield _bag(case, whole=False, sender=sender, at=at)
        exporting.note_sent(export=export, now=now())


def _bag(case: Case, *, whole: bool, sender: Sender, at: datetime) -> Bag:
    info = {
        "Source-Organization": sender.house,
        "External-Identifier": case.number,
        "Bagging-Date": f"{at:%Y-%m-%d}",
        "Bag-Software-Agent": "Lykta",
    }
    return Bag(f"case-{case.number}", _payload(case, whole=whole, days_folder=sender.days_folder), info)


def _payload(case: Case, *, whole: bool, days_folder: Path) -> Iterator[tuple[str, Content]]:
    items = cases.items_of(case)
    facts: dict[str, Any] = {
        "scheme": SCHEME,
        "case": _plain(case, "number", "state", "topic", "opened_at", "closed_at"),
        "reports": [_report(one, whole=whole) for one in cases.reports_of(case)],
        "items": [_item(one) for one in items],
    }
    yield "README.txt", [README.encode()]
    yield "case.json", [_json(facts)]
    yield "items.csv", [_table(facts["items"]).encode()]
    yield "case.pdf", [_paper(facts, [one.language for one in cases.reports_of(case)])]
    yield from _record(case, items, days_folder)
    if whole:
        yield from _files(case)


def _report(report: Report, *, whole: bool) -> dict[str, Any]:
    found = _plain(report, "source", "topic", "language", "danger", "complete", "received_at", "partner")
    written = []
    for words in cases.words_of(report):
        content = {name: said for name, said in (words.content or {}).items() if whole or name != "contact"}
        written.append({"at": words.at.isoformat(), "by": "reporter" if words.incoming else "hotline", **content})
    return {**found, "words": written}


def _item(item: Item) -> dict[str, Any]:
    trace = tracing.trace_of(item)
    assessments = item.assessments.select_related("by").order_by("pk")
    return {
        **_plain(item, "pk", "kind", "address", "host", "state", "verdict", "first_reported_at"),
        "trace": _plain(trace, *(one.name for one in trace._meta.fields if one.name != "item")) if trace else None,
        "assessments": [
            _plain(one, "at", "label_set", "answers", "verdict", "law", "routing", "facts") for one in assessments
        ],
        "told": [
            {
                **_plain(one, "kind", "country", "name", "rule", "because", "state", "planned_at", "sent_at"),
                "answers": [_plain(answer, "answer", "reference", "at") for answer in one.answers.all()],
            }
            for one in referrals.referrals_of([item])
        ],
        "looks": [_plain(one, "at", "outcome", "status", "sha256") for one in takedown.sightings_of(item)],
    }


def _record(case: Case, items: list[Item], folder: Path) -> Iterator[tuple[str, Content]]:
    told = [one.pk for one in referrals.referrals_of(items)]
    subjects = [f"case:{case.pk}", *(f"item:{one.pk}" for one in items), *(f"referral:{number}" for number in told)]
    entries = audit.entries_about(subjects)
    proofs = {proof.line: proof for proof in days.proofs(folder, [one.number for one in entries])}
    written = []
    for line in map(days.line_of, entries):
        proof = proofs.get(line)
        written.append({"line": line, "day": proof.day if proof else "", "steps": proof.steps if proof else []})
    yield "record.json", [_json({"scheme": days.SCHEME, "entries": written})]
    for name in sorted({proof.day for proof in proofs.values()}):
        day = folder / name
        yield f"days/{name}", [day.read_bytes()]
        if days.stamp_of(day).exists():
            yield f"days/{days.stamp_of(day).name}", [days.stamp_of(day).read_bytes()]


def _files(case: Case) -> Iterator[tuple[str, Content]]:
    for report in cases.reports_of(case):
        for file in cases.files_of(report):
            if file.kind:
                yield f"files/{file.attachment.pk}.{_ENDINGS[FileKind(file.kind)]}", cases.pieces_of(file.attachment)


def _table(items: Iterable[dict[str, Any]]) -> str:
    text = io.StringIO()
    names = ["pk", "kind", "address", "host", "state", "verdict", "first_reported_at"]
    rows = [[*(str(item[name]) for name in names), (item["trace"] or {}).get("host_country", "")] for item in items]
    tables.write(text, [[*names, "country"], *rows])
    return text.getvalue()


def _paper(facts: dict[str, Any], languages: list[str]) -> bytes:
    """Addresses are defanged: a reader of PDF makes links of them by itself."""
    from lykta.lib import papers  # noqa: PLC0415 - half a second of loading, which only this needs

    sections = [("Case", _lines(facts["case"]))]
    for number, report in enumerate(facts["reports"], 1):
        said = tuple((f"{one['by']}, {one['at'][:16]}", _spoken(one)) for one in report["words"])
        about = {name: value for name, value in report.items() if name != "words"}
        sections.append((f"Report {number}", (*_lines(about), *said)))
    for item in facts["items"]:
        about = {name: value for name, value in item.items() if not isinstance(value, list | dict)}
        told = [f"{one['kind']} {one['country']}, {one['state']}: {one['because']}" for one in item["told"]]
        sections.append((f"Item {item['pk']}", (*_lines(about), *(("told", one) for one in told))))
    return papers.pdf(f"Case {facts['case']['number']}", sections, languages=languages)


def _lines(about: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((name.replace("_", " "), locators.defang_text(str(value))) for name, value in about.items() if value)


def _spoken(content: dict[str, Any]) -> str:
    said = [*content.get("answers", {}).values(), *(content.get(name, "") for name in ("text", "status", "contact"))]
    return locators.defang_text("\n".join(one for one in said if one))


def _plain(row: Model | Any, *names: str) -> dict[str, Any]:
    """Fields of a row as JSON knows them."""
    values = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
