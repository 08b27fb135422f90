"""`lykta import FILE.csv`: a table of reports becomes letters, and what cannot be taken is written down beside it."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lykta.config.commands.people import BY
from lykta.config.environment import environment, secret
from lykta.core import locators
from lykta.core.refusals import NotAllowed, NotUnderstood
from lykta.core.vocabulary import Asked, Source, Topic
from lykta.lib import tables
from lykta.lib.clock import now
from lykta.records.letterbox.actions import Post
from lykta.workflow import bringing, importing
from lykta.workflow.bringing import Bringer
from lykta.workflow.importing import Field, Group, Refused

_SHOWN = 5
"""So many reports are shown by a dry run, and so many lines of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line says of a file. `mapping` is as typed: `url=Link,notes=Comment`."""

    mapping: str
    source: Source
    topic: Topic
    language: str


@dataclass(slots=True)
class Count:
    """What came of the rows."""

    taken: int = 0
    reports: int = 0
    known: int = 0
    refused: list[Refused] = field(default_factory=list)


def import_file(path: Path, wanted: Wanted, *, dry_run: bool) -> int:
    """Take a file in, in the staff's settings. Returns the exit status: 1 where a row was refused.

    Each report is durable before the next one is begun, so that it can be run again after a crash. Raises
    NotUnderstood for a file or a mapping that makes no sense; then nothing is taken in.
    """
    mapping = read_mapping(wanted.mapping)
    post = _post(wanted.language)
    data = _bytes(path)
    table = tables.read(data, columns=list(mapping.values()))
    found = importing.groups(table, mapping=mapping, digest=importing.digest_of(data), topic=wanted.topic)
    count = Count()
    for one in found:
        if isinstance(one, Refused):
            count.refused.append(one)
        else:
            _take(one, count, Bringer(wanted.source, BY), post, dry_run=dry_run)
            _progress(count)
    _tell(path, count, dry_run=dry_run)
    return 1 if count.refused else 0


def read_mapping(typed: str) -> dict[Field, str]:
    """`url=Link,notes=Comment` as a column for each field. Raises NotUnderstood, naming the fields there are."""
    mapping: dict[Field, str] = {}
    for pair in typed.split(","):
        name, equals, column = (part.strip() for part in pair.partition("="))
        if name not in set(Field) or not equals or not column:
            raise NotUnderstood(f"--map: “{pair.strip()}”: write FIELD=COLUMN; the fields are {', '.join(Field)}.")
        if name in mapping:
            raise NotUnderstood(f"--map: {name} is there twice.")
        mapping[Field(name)] = column
    if not {Field.URL, Field.NOTES} & set(mapping):
        raise NotUnderstood("--map: name the column of url or of notes.")
    return mapping


def _post(language: str) -> Post:
    from django.conf import settings

    if language not in dict(settings.LANGUAGES):
        raise NotUnderstood(f"--language: {language} is none of {', '.join(dict(settings.LANGUAGES))}.")
    key = secret("hotline.pub")
    return Post.for_days(environment().box_days, hotline_key=key, language=language, now=now())


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > tables.LONGEST_FILE:
        raise NotUnderstood(f"The file is larger than {tables.LONGEST_FILE:,} bytes: please split it.")
    return path.read_bytes()


def _take(group: Group, count: Count, bringer: Bringer, post: Post, *, dry_run: bool) -> None:
    if bringing.was_brought(group.code, at=post.now):
        count.known += len(group.lines)
        return
    if dry_run:
        if count.reports < _SHOWN:
            _show(group.lines, group.answers)
    else:
        try:
            bringing.bring_in(bringer=bringer, answers=group.answers, code=group.code, post=post)
        except NotAllowed:  # its mailbox has expired, but is not swept away yet
            count.known += len(group.lines)
            return
    count.reports += 1
    count.taken += len(group.lines)


def _show(lines: Sequence[int], answers: Mapping[Asked, str]) -> None:
    where = answers[Asked.WHERE].splitlines()
    print(f"Lines {lines[0]} to {lines[-1]}, {len(lines)} rows:" if len(lines) > 1 else f"Line {lines[0]}:")
    for line in where[:_SHOWN]:
        print(f"  {_harmless(line)}")
    if len(where) > _SHOWN:
        print(f"  … and {len(where) - _SHOWN} more")
    if answers[Asked.WORDS]:
        print(f"  notes: {_harmless(' '.join(answers[Asked.WORDS].split())[:200])}")


def _harmless(text: str) -> str:
    """Nothing that a terminal obeys or makes a link of."""
    for one in locators.find(text).locators:
        text = text.replace(one.written, locators.defang(one.address))
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _progress(count: Count) -> None:
    if sys.stderr.isatty():
        print(f"\r{count.taken + count.known:,} rows", end="", file=sys.stderr, flush=True)


def _tell(path: Path, count: Count, *, dry_run: bool) -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)
    verb = "would become" if dry_run else "became"
    rows, reports = _counted(count.taken, "row"), _counted(count.reports, "report")
    print(f"{rows} {verb} {reports}; {count.known:,} were there already.")
    if not count.refused:
        return
    beside = path.with_name(f"{path.name}.refused.csv")
    with beside.open("w", encoding="utf-8", newline="") as file:
        tables.write(file, [("line", "why"), *((one.line, one.why) for one in count.refused)])
    print(f"Refused: {_counted(len(count.refused), 'row')}. {beside} says which, and why.")


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
