"""A file is read into a list: batch by batch, each one transaction with the place behind it, so that nothing is lost
or taken twice when the process dies. A small file is one transaction.

Which rows are new is told in memory (`marks`), from what the list holds and from what the file has said so far. After a
crash the part that was read is read again for that, and nothing of it is written.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self, TypeVar

import numpy as np
from django.db import transaction

from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import ImportState
from lykta.lib.clock import now
from lykta.lib.hashlists import opening
from lykta.lib.hashlists.cells import Field, Raw, Wrong
from lykta.lib.hashlists.checks import Rows, checked
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.matching import store
from lykta.records.matching.marks import Marks, Standing, Words, names_of, seals_of
from lykta.records.matching.models import HashList, ListVersion, RefusedRow

Told = Callable[[ListVersion], None]
"""Is called after each batch, with the version as far as it is."""

SMALL = 1 << 16
"""Bytes of a file that is kept whole or not at all, and of which each row is looked for by itself among those held."""

Thing = TypeVar("Thing")

_NONE: Words = np.zeros(0, np.uint64)
_CONTRADICTS = "An earlier row says something else of the same picture."


def import_file(
    *,
    by: str,
    found: HashList,
    path: Path,
    mapping: Mapping[Field, str],
    replaces: bool = False,
    dry_run: bool = False,
    told: Told = lambda _: None,
) -> ListVersion:
    """Read a file into a list; one that was broken off goes on where it was. Returns the version, ready or failed.

    Without a `mapping` the columns are called as in the last file. `replaces` withdraws what the list holds and the
    file does not name. Raises OSError, NotUnderstood for a file that
    cannot be begun, NotNow if somebody else reads into the list meanwhile.
    """
    mapping = mapping or {Field(name): column for name, column in found.mapping.items()}
    with path.open("rb") as file:
        opening.read(file, mapping=mapping)
        digest = opening.digest_of(path)
        few = path.stat().st_size <= SMALL and not (replaces or dry_run)
        # To start the threads takes longer than to read a small file.
        ahead = iter if few else _ahead
        with transaction.atomic() if few else nullcontext():
            version = _begin(by, found, digest, mapping, replaces=replaces, dry_run=dry_run)
            held = _marks_of(found, file, mapping) if few else store.marks(found.pk)
            marks = Marks(held, barred=store.barred(found.pk))
            reading = _Reading(version, marks, store.next_number(found.pk))
            usable = ahead(_Usable.of(raw, bytes(found.salt)) for raw in opening.read(file, mapping=mapping))
            try:
                for batch in ahead(_Batch.of(rows, marks) for rows in usable):
                    if batch.position > version.position:
                        reading.take(batch)
                        told(version)
                reading.end()
            except NotUnderstood as refusal:
                reading.fail(str(refusal))
    return version


def _marks_of(found: HashList, file: BinaryIO, mapping: Mapping[Field, str]) -> Iterator[bytes]:
    """The marks of those rows of a list that a small file names, so that one more row costs the same in each list."""
    store.index(found.pk)
    with suppress(NotUnderstood):
        # It is told when the file is read for good.
        for raw in opening.read(file, mapping=mapping):
            yield from store.marks_named(found.pk, names_of(checked(raw)[0], bytes(found.salt)))


def _begin(
    by: str, found: HashList, digest: str, mapping: Mapping[Field, str], *, replaces: bool, dry_run: bool
) -> ListVersion:
    """The version that the file is, or the one that it was when it was broken off."""
    with transaction.atomic():
        lock(found)
        unfinished = found.versions.filter(state=ImportState.READING)
        known = unfinished.filter(digest=digest, replaces=replaces).first()
        if known is not None and not dry_run:
            return known
        if not dry_run:
            unfinished.update(state=ImportState.FAILED, problem="Another file was read instead.", finished_at=now())
            HashList.objects.filter(pk=found.pk).update(mapping={str(field): name for field, name in mapping.items()})
            store.prepare(found.pk)
        state = ImportState.DRY_RUN if dry_run else ImportState.READING
        return next_version(found, by=by, state=state, digest=digest, replaces=replaces)


def lock(found: HashList) -> None:
    """Nobody else writes to the list until the transaction ends."""
    HashList.objects.select_for_update().get(pk=found.pk)


def next_version(
    found: HashList, *, by: str, state: ImportState, digest: str = "", replaces: bool = False
) -> ListVersion:
    """A new version of a list that the caller has locked."""
    last = found.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return found.versions.create(
        number=last + 1, digest=digest, state=state, replaces=replaces, by=by, started_at=now()
    )


@dataclass(frozen=True, slots=True)
class _Usable:
    """Rows of a file, checked: those of use, with their marks; how many there were, what is wrong, where they end."""

    rows: Rows
    names: Words
    seals: Words
    count: int
    wrong: Sequence[Wrong]
    position: int

    @classmethod
    def of(cls, raw: Raw, salt: bytes) -> Self:
        rows, wrong = checked(raw)
        return cls(
            rows=rows,
            names=names_of(rows, salt),
            seals=seals_of(rows, salt),
            count=len(raw.lines) + len(raw.wrong),
            wrong=wrong,
            position=raw.position,
        )


@dataclass(frozen=True, slots=True)
class _Batch:
    """The same, told apart: new rows with their marks, the marks of what is withdrawn, how many were held already."""

    count: int
    usable: int
    wrong: Sequence[Wrong]
    position: int
    fresh: Rows
    names: Words
    seals: Words
    old_names: Words
    old_seals: Words
    kept: int

    @classmethod
    def of(cls, found: _Usable, marks: Marks) -> Self:
        """To be asked in the order of the file: from then on the marks know what the batch says."""
        rows, names, seals = found.rows, found.names, found.seals
        told = np.flatnonzero(~rows.gone)
        standing, before = marks.meet(names[told], seals[told])
        held, held_seals = marks.drop(names[rows.gone])
        changed = standing == Standing.CHANGED
        new = np.zeros(len(rows), np.bool_)
        new[told] = changed | (standing == Standing.NEW)
        contradicting = rows.lines[told][standing == Standing.CONTRADICTS].tolist()
        return cls(
            count=found.count,
            usable=len(rows) - len(contradicting),
            wrong=[*found.wrong, *(Wrong(line, _CONTRADICTS) for line in contradicting)],
            position=found.position,
            fresh=rows.chosen(new),
            names=names[new],
            seals=seals[new],
            old_names=np.concatenate((names[told][changed], names[rows.gone][held])),
            old_seals=np.concatenate((before[changed], held_seals[held])),
            kept=int((standing == Standing.KEPT).sum() + (~held).sum()),
        )


def _ahead(things: Iterator[Thing]) -> Iterator[Thing]:
    """The next one is made in a thread of its own, while whoever asked works with the last."""
    with ThreadPoolExecutor(max_workers=1) as maker:
        waiting = maker.submit(next, things, None)
        while (thing := waiting.result()) is not None:
            waiting = maker.submit(next, things, None)
            yield thing


@dataclass(slots=True)
class _Reading:
    """One file on its way into its list."""

    version: ListVersion
    marks: Marks
    next_number: int
    """Of the next new row. Nobody else adds rows meanwhile: what `_save` would refuse is undone with them."""

    def take(self, batch: _Batch) -> None:
        """All of it is kept, with the position behind it, or nothing. Raises NotNow, NotUnderstood."""
        version, before = self.version, self.version.position
        if batch.wrong and not batch.usable and not version.rows_read:
            first = batch.wrong[0]
            raise NotUnderstood(f"No row can be used. Line {first.line}: {first.reason}")
        version.rows_read += batch.count
        version.rows_kept += batch.kept
        version.rows_added += len(batch.fresh)
        version.rows_withdrawn += len(batch.old_names)
        version.rows_refused += batch.count - batch.usable
        version.position = batch.position
        with transaction.atomic():
            self._save(before)
            RefusedRow.objects.bulk_create(_refused(version, batch.wrong), batch_size=1000)
            if version.state == ImportState.READING:
                self._store(batch)

    def end(self) -> None:
        """Withdraw what the file has not named, if it was to; from now on the version is ready."""
        version, before = self.version, self.version.position
        names, seals = self.marks.unseen() if version.replaces else (_NONE, _NONE)
        version.rows_withdrawn += len(names)
        version.finished_at = now()
        with transaction.atomic():
            lock(version.list)
            self._save(before)
            if version.state == ImportState.READING:
                store.index(version.list_id)
                store.withdraw(version.list_id, names, seals, version=version.number)
                self._close(ImportState.READY)

    def fail(self, problem: str) -> None:
        """What was read before stays; the file has to be mended."""
        with transaction.atomic():
            lock(self.version.list)
            if self.version.state == ImportState.READING:
                store.index(self.version.list_id)
            self._close(ImportState.FAILED, problem)

    def _store(self, batch: _Batch) -> None:
        number, version = self.version.list_id, self.version.number
        lock(self.version.list)
        if len(batch.old_names):
            # Without it each one would be looked for among all rows; the first file of a list has none to look for.
            store.index(number)
        if len(batch.fresh):
            store.append(number, batch.fresh, batch.names, batch.seals, first=self.next_number, version=version)
            self.next_number += len(batch.fresh)
        if len(batch.old_names):
            store.withdraw(number, batch.old_names, batch.old_seals, version=version)

    def _save(self, before: int) -> None:
        """Raises NotNow if somebody else reads the same version, or another into the list."""
        version = self.version
        told = {name: getattr(version, name) for name in _COUNTS}
        same = ListVersion.objects.filter(pk=version.pk, state=version.state, position=before)
        if not same.update(**told):
            raise NotNow("Somebody else reads a file into this list at this moment.")

    def _close(self, state: ImportState, problem: str = "") -> None:
        version = self.version
        version.state, version.problem, version.finished_at = state, problem[:300], now()
        version.save(update_fields=["state", "problem", "finished_at"])
        audit.write(
            by=version.by, word=AuditWord.LIST_READ, subject=f"list {version.list.slug}", facts=facts_of(version)
        )


_COUNTS = (
    "rows_read",
    "rows_added",
    "rows_kept",
    "rows_withdrawn",
    "rows_refused",
    "position",
    "finished_at",
)


def facts_of(version: ListVersion) -> dict[str, object]:
    """What the record keeps of a version."""
    counts = {name: getattr(version, name) for name in _COUNTS if name.startswith("rows")}
    return {"version": version.number, "state": str(version.state), "digest": version.digest, **counts}


def _refused(version: ListVersion, wrong: Sequence[Wrong]) -> list[RefusedRow]:
    return [RefusedRow(version=version, line=one.line, reason=one.reason, cell=one.cell) for one in wrong]
