"""Files for lists that were uploaded at the desk: where they wait, what is asked of them, and that none stays.

A list is confidential, and so a file lies where only Lykta's own processes may look, as long as it is needed: it goes
when it was read to its end, when it is thrown away, and after a day.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from lykta.core.lifecycle import StepWord
from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import ImportState
from lykta.lib.hashlists.cells import DIGESTS, Field
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.matching.importing import import_file
from lykta.records.matching.models import HashList, ListVersion, Upload
from lykta.records.steps import actions as steps

WAITS = timedelta(days=1)
"""So long a file waits for somebody to go on with it."""
_BUSY = "The file is being read just now."


class Incoming:
    """A file while it comes in: on disk under a name of its own, for the desk and the worker alone."""

    def __init__(self, name: str) -> None:
        """Raises OSError."""
        self.name = name
        self.number = uuid4()
        self.size = 0
        folder: Path = settings.HASH_LISTS
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file: BinaryIO = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb")

    @property
    def path(self) -> Path:
        """Where it lies."""
        return _path(self.number)

    def add(self, data: bytes) -> None:
        """Raises OSError, as for a full disk."""
        self._file.write(data)
        self.size += len(data)

    def end(self) -> Self:
        """All of it is there. Raises OSError."""
        self._file.close()
        return self

    def throw_away(self) -> None:
        """Nothing of it stays."""
        with suppress(OSError):
            self._file.close()
        self.path.unlink(missing_ok=True)

    close = end
    """Django closes what is in `request.FILES`."""


def keep(*, by: str, found: HashList, incoming: Incoming, mapping: Mapping[Field, str], now: datetime) -> Upload:
    """A file that came in whole waits from now on."""
    with transaction.atomic():
        kept = Upload.objects.create(
            list=found,
            file=incoming.number,
            name=incoming.name[:120],
            size=incoming.size,
            mapping={str(field): column for field, column in mapping.items()},
            by=by,
            at=now,
        )
        facts = {"size": incoming.size}
        audit.write(by=by, word=AuditWord.LIST_FILE, subject=f"list {found.slug}", facts=facts)
    return kept


def path_of(upload: Upload) -> Path:
    """Where it lies."""
    return _path(upload.file)


def ask(*, by: str, upload: Upload, mapping: Mapping[Field, str], replaces: bool, keeps: bool, now: datetime) -> None:
    """Have the worker read it, for a trial or into the list.

    What the columns are is kept first, so that nothing of it is lost. Raises NotUnderstood where no column holds
    hashes, NotNow where it is being read, and, to keep it, where it was not tried as it is mapped now.
    """
    said = {str(field): column for field, column in mapping.items()}
    with transaction.atomic():
        one = Upload.objects.select_for_update().get(pk=upload.pk)
        if one.asked_at is not None:
            raise NotNow(_BUSY)
        if (one.mapping, one.replaces) != (said, replaces):
            one.tried = None
        one.mapping, one.replaces, one.problem = said, replaces, ""
        one.save(update_fields=["mapping", "replaces", "tried", "problem"])
    if said and not any(said.get(field) for field in DIGESTS):
        raise NotUnderstood("Say of at least one column which hash is in it.")
    if keeps and not one.is_tried:
        raise NotNow("Try the file first, as it is now: then you see what would happen.")
    with transaction.atomic():
        Upload.objects.filter(pk=one.pk).update(by=by, keeps=keeps, asked_at=now)
        steps.plan(word=StepWord.READ_FILE, subject=one.pk, occasion=now.isoformat(), now=now)


def read(upload: Upload, *, told: Callable[[], None]) -> None:
    """Do what is asked of it; `told` is called while it goes on.

    Raises NotNow where somebody else reads into the list.
    """

    def note(version: ListVersion) -> None:
        if not upload.keeps and upload.tried_id != version.pk:
            upload.tried = version
            upload.save(update_fields=["tried"])
        told()

    mapping = {Field(name): column for name, column in upload.mapping.items()}
    try:
        version = import_file(
            by=upload.by,
            found=upload.list,
            path=path_of(upload),
            mapping=mapping,
            replaces=upload.replaces,
            dry_run=not upload.keeps,
            told=note,
        )
    except (NotUnderstood, OSError) as error:
        problem = str(error) if isinstance(error, NotUnderstood) else "The file is not there any more: upload it again."
        _let_go(upload, problem)
        return
    note(version)
    if version.state == ImportState.READY:
        throw_away(by=upload.by, upload=upload)
    else:
        _let_go(upload, version.problem)


def throw_away(*, by: str, upload: Upload) -> None:
    """The file goes; what was read from it stays. Safe to do twice."""
    with transaction.atomic():
        if Upload.objects.filter(pk=upload.pk).delete()[0]:
            audit.write(by=by, word=AuditWord.LIST_FILE_GONE, subject=f"list {upload.list.slug}", facts={})
    path_of(upload).unlink(missing_ok=True)


def sweep(*, by: str, now: datetime) -> None:
    """Throw away what nobody went on with, and what came in half and stayed."""
    before = now - WAITS
    old = Q(at__lt=before) & (Q(asked_at=None) | Q(asked_at__lt=before))
    for upload in Upload.objects.filter(old).select_related("list"):
        throw_away(by=by, upload=upload)
    folder: Path = settings.HASH_LISTS
    known = {str(file) for file in Upload.objects.values_list("file", flat=True)}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in known and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)


def waiting_for(found: HashList) -> list[Upload]:
    """The files of a list that wait, the newest first."""
    return list(found.uploads.select_related("tried").order_by("-pk"))


def _let_go(upload: Upload, problem: str) -> None:
    upload.asked_at, upload.problem = None, problem[:300]
    upload.save(update_fields=["asked_at", "problem"])


def _path(file: UUID) -> Path:
    folder: Path = settings.HASH_LISTS
    return folder / str(file)
