"""`lykta list`: lists of known hashes, and the files that are read into them."""

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lykta.config.commands import offering
from lykta.config.commands.people import BY
from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import ImportState, ListTrust
from lykta.lib.hashlists.cells import DIGESTS, Field
from lykta.lib.hashlists.preview import preview
from lykta.lib.tables import harmless
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.matching import actions, feedback, queries
from lykta.records.matching.access import list_named
from lykta.records.matching.importing import import_file
from lykta.records.matching.models import ListVersion

_SHOWN = 10
_PARTLY = 3
_COUNTS = ("rows_read", "rows_added", "rows_kept", "rows_withdrawn", "rows_refused")


def do(given: argparse.Namespace) -> int:
    """What the words after `lykta list` say. Returns the exit status. Raises Refusal, OSError."""
    match given.what:
        case "import":
            return _import(given)
        case "show":
            _show(given)
        case "feedback":
            _feedback(given)
        case "add":
            print(_add(given))
        case "export":
            print(offering.export(given.format, given.file, as_json=given.json))
        case _:
            version = actions.withdraw(
                by=BY, found=list_named(given.slug), digests=_digests(given.hashes), reason=given.reason
            )
            print(f"{version.rows_withdrawn:,} rows were withdrawn: version {version.number}.")
    return 0


def read_mapping(typed: Sequence[str]) -> dict[Field, str]:
    """`Hash=sha256` as a column for each field. Raises NotUnderstood, naming the fields there are."""
    mapping: dict[Field, str] = {}
    for pair in typed:
        column, equals, name = (part.strip() for part in pair.rpartition("="))
        if name not in set(Field) or not equals or not column:
            raise NotUnderstood(f"--map: “{pair}”: write COLUMN=FIELD; the fields are {', '.join(Field)}.")
        if name in mapping:
            raise NotUnderstood(f"--map: {name} is there twice.")
        mapping[Field(name)] = column
    return mapping


def _add(given: argparse.Namespace) -> str:
    categories = {}
    for pair in given.category:
        code, _, word = pair.rpartition("=")
        categories[code.strip()] = word.strip()
    found = actions.set_list(
        by=BY,
        slug=given.slug,
        name=given.name,
        trust=ListTrust(given.trust),
        source=given.source,
        scheme=given.scheme,
        licence=given.licence,
        distance=given.distance,
        categories=categories,
        active=not given.inactive,
    )
    return f"{found.slug}\t{found.name}\t{found.trust}"


def _columns(given: argparse.Namespace) -> int:
    """What a file looks like, and what each column will be taken for."""
    seen = preview(given.file)
    if given.json:
        columns = [{"name": one.name, "is": one.guess or "", "cells": one.cells} for one in seen.columns]
        print(json.dumps({"form": seen.form, "columns": columns}, ensure_ascii=False))
        return 0
    print(f"form: {seen.form}")
    for one in seen.columns:
        print(f"{one.name}\t{one.guess or '?'}\t{', '.join(one.cells)}")
    return 0


def _import(given: argparse.Namespace) -> int:
    if given.columns:
        return _columns(given)
    version = import_file(
        by=BY,
        found=list_named(given.slug),
        path=given.file,
        mapping=read_mapping(given.map),
        replaces=given.replace,
        dry_run=given.dry_run,
        told=_progress,
    )
    if sys.stderr.isatty():
        print(file=sys.stderr)
    refused = _refused(version, given.file) if version.rows_refused or version.refused.exists() else ""
    if given.json:
        print(json.dumps({**_facts(version), "refused_rows": refused}))
    else:
        _tell(version, refused)
    if version.state == ImportState.FAILED:
        return 1
    return _PARTLY if refused else 0


def _tell(version: ListVersion, refused: str) -> None:
    would = "would be " if version.state == ImportState.DRY_RUN else ""
    print(
        f"{version.rows_read:,} rows: {would}{version.rows_added:,} added, {version.rows_kept:,} there already, "
        f"{version.rows_withdrawn:,} withdrawn, {version.rows_refused:,} refused."
    )
    if refused:
        print(f"{refused} says which rows were refused, whole or in part, and why.")
    if version.problem:
        print(f"It stopped: {version.problem}")
        print("What was added before stays, and is matched with once a file was read to its end.")


def _refused(version: ListVersion, path: Path) -> str:
    """Write what was refused beside the file."""
    beside = path.with_name(f"{path.name}.refused.csv")
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "why", "cell"])
        writer.writerows([row.line, row.reason, harmless(row.cell)] for row in queries.refused_in(version))
    return str(beside)


def _progress(version: ListVersion) -> None:
    if sys.stderr.isatty():
        print(f"\r{version.rows_read:,} rows", end="", file=sys.stderr, flush=True)


def _feedback(given: argparse.Namespace) -> None:
    """The same as the file that the desk gives; the record knows that it was taken out."""
    named = list_named(given.slug)
    found = feedback.false_matches_of(named)
    audit.write(by=BY, word=AuditWord.LIST_FEEDBACK, subject=f"list {named.slug}", facts={"entries": len(found)})
    if given.json:
        print(json.dumps([{**asdict(one), "reported": one.reported.isoformat()} for one in found], ensure_ascii=False))
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerows(map(harmless, row) for row in [feedback.COLUMNS, *feedback.cells(found)])


def _show(given: argparse.Namespace) -> None:
    if not given.slug:
        found = [_described(one) for one in queries.lists()]
        lines = [f"{one['slug']}\t{one['name']}\t{one['trust']}\t{one['held']:,} rows" for one in found]
        print(json.dumps(found) if given.json else "\n".join(lines or ["There is no list: lykta list add."]))
        return
    named = list_named(given.slug)
    [one] = [one for one in queries.lists() if one.found == named]
    versions = [_facts(version) for version in queries.versions_of(named)]
    if given.json:
        print(json.dumps({**_described(one), "versions": versions}))
    else:
        print("\n".join(_lines(_described(one), versions)))


def _lines(described: dict[str, Any], versions: Sequence[dict[str, Any]]) -> Iterator[str]:
    for name, value in described.items():
        yield f"{name}: {value}"
    for one in versions:
        counts = ", ".join(f"{one[name]:,} {name.removeprefix('rows_')}" for name in _COUNTS)
        yield f"version {one['number']}, {one['state']}, {one['started_at']}: {counts}. {one['problem']}".rstrip()


def _described(one: queries.Counted) -> dict[str, Any]:
    names = ("slug", "name", "source", "scheme", "licence", "trust", "distance", "categories", "active")
    return {**{name: getattr(one.found, name) for name in names}, "held": one.held}


def _facts(version: ListVersion) -> dict[str, Any]:
    return {
        "number": version.number,
        "state": version.state,
        "digest": version.digest,
        **{name: getattr(version, name) for name in _COUNTS},
        "by": version.by,
        "started_at": version.started_at.isoformat(),
        "problem": version.problem,
    }


def _digests(typed: Sequence[str]) -> list[bytes]:
    try:
        found = [bytes.fromhex(one) for one in typed]
    except ValueError as error:
        raise NotUnderstood("A hash is written in hexadecimal digits.") from error
    if not {len(one) for one in found} <= set(DIGESTS.values()):
        raise NotUnderstood("A hash has 64 hexadecimal digits (SHA-256, PDQ), 40 (SHA-1) or 32 (MD5).")
    return found
