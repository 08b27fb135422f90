"""A table of reports, from a partner or from a colleague's own list, becomes letters: many rows, few cases.

Rows with the same notes belong together, and up to 500 of them are one report. The code of each report derives from
the file, its lines and a secret key: run again, whole or after a crash, the same rows find what is there already.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lykta.core import locators
from lykta.core.vocabulary import Asked, Topic, Word
from lykta.lib import codes
from lykta.lib.codes import Code
from lykta.lib.tables import Row, Table
from lykta.records.audit.vouching import vouch

ROWS_TOGETHER = 500
CHARACTERS_TOGETHER = 150_000
"""Addresses are looked for in 200,000 characters of a report; the notes have to fit in, too."""
LONGEST_CELL = 10_000


class Field(Word):
    """What a column may be mapped to."""

    URL = "url", "An address, an account or an invite; more than one in a cell is fine."
    NOTES = "notes", "What was said about it."
    SEEN_AT = "seen_at", "When it was seen, in any words."
    CONTACT = "contact", "How to reach the one who told it."


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is left out: its line and why, without what stands in it."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that become one report. `code` opens its mailbox and is told to nobody."""

    code: Code
    lines: tuple[int, ...]
    answers: Mapping[Asked, str]


@dataclass(slots=True)
class _Gathering:
    """A group that is still open."""

    lines: list[int] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    length: int = 0

    def has_room(self, where: str) -> bool:
        return len(self.lines) < ROWS_TOGETHER and self.length + len(where) <= CHARACTERS_TOGETHER

    def add(self, line: int, where: str) -> None:
        self.lines.append(line)
        self.where.append(where)
        self.length += len(where) + 1


def digest_of(data: bytes) -> str:
    """What names a file, whatever it is called."""
    return hashlib.sha256(data).hexdigest()


def groups(table: Table, *, mapping: Mapping[Field, str], digest: str, topic: Topic) -> Iterator[Group | Refused]:
    """Every row of the table, in a group or refused. Groups come when they are full or the table has ended."""
    known: dict[bytes, int] = {}
    open_groups: dict[tuple[str, str], _Gathering] = {}
    for row in table.rows():
        cells = {name: row.cells.get(column, "") for name, column in mapping.items()}
        why = row.wrong or _why_not(row, cells, mapping, known)
        if why:
            yield Refused(row.line, why)
            continue
        key = (cells.get(Field.NOTES, ""), cells.get(Field.CONTACT, ""))
        where = _where(cells)
        gathering = open_groups.setdefault(key, _Gathering())
        if not gathering.has_room(where):
            yield _closed(gathering, key, digest, topic)
            gathering = open_groups[key] = _Gathering()
        gathering.add(row.line, where)
    for key, gathering in open_groups.items():
        yield _closed(gathering, key, digest, topic)


def _why_not(row: Row, cells: Mapping[Field, str], mapping: Mapping[Field, str], known: dict[bytes, int]) -> str:
    """Why a row is left out, "" where it is not; a row that is taken is `known` from then on."""
    for name, said in cells.items():
        if len(said) > LONGEST_CELL:
            return f"“{mapping[name]}” has {len(said):,} characters, and {LONGEST_CELL:,} fit."
    url, notes = cells.get(Field.URL, ""), cells.get(Field.NOTES, "")
    if not url and not notes:
        return "There is neither an address nor a note in it."
    if url and not locators.find(url, limit=1).locators:
        return f"“{mapping[Field.URL]}” holds no address, account or invite."
    same = hashlib.sha256("\0".join(cells.values()).encode()).digest()
    first = known.setdefault(same, row.line)
    return "" if first == row.line else f"It says the same as line {first}."


def _where(cells: Mapping[Field, str]) -> str:
    """A line of the report: the address, and when it was seen."""
    address, seen = cells.get(Field.URL, ""), cells.get(Field.SEEN_AT, "")
    return f"{address} ({seen})" if address and seen else address or seen


def _closed(gathering: _Gathering, key: tuple[str, str], digest: str, topic: Topic) -> Group:
    notes, contact = key
    lines = tuple(gathering.lines)
    answers = {
        Asked.TOPIC: str(topic),
        Asked.WHERE: "\n".join(line for line in gathering.where if line),
        Asked.WORDS: notes,
        Asked.CONTACT: contact,
    }
    secret = bytes.fromhex(vouch("import", digest))
    return Group(codes.derived(secret, " ".join(map(str, lines))), lines, answers)
