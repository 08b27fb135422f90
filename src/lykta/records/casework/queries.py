"""Reads of what staff wrote for themselves and each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from lykta.core.vocabulary import CaseState
from lykta.records.cases import keyring
from lykta.records.cases.models import Case
from lykta.records.cases.queries import family
from lykta.records.casework.models import Note, SavedView, Suspicion, Task, TextBlock
from lykta.records.people.models import Staff


@dataclass(frozen=True, slots=True)
class Written:
    """A note or a task with its words; None when the key to them has been destroyed."""

    row: Note | Task
    text: str | None


def notes_of(case: Case) -> list[Written]:
    """What staff wrote about a case and those that were merged into it, oldest first."""
    notes = Note.objects.filter(case__in=family(case)).select_related("case", "by", "to")
    return _read(notes.order_by("at", "pk"))


def tasks_of(case: Case) -> list[Written]:
    """Tasks about a case that are not done, the next due first."""
    tasks = Task.objects.filter(case__in=family(case), done_at=None).select_related("case", "assignee")
    return _read(tasks.order_by("due_at", "pk"))


def tasks_for(staff: Staff) -> list[Written]:
    """What somebody has to do, the next due first; for who leads also what those had to do who are gone."""
    tasks = Task.objects.filter(_due_from(staff), done_at=None).select_related("case", "by", "assignee")
    return _read(tasks.order_by("due_at", "pk"))


def notes_to(staff: Staff) -> list[Written]:
    """The notes with which cases were handed to somebody that are in their hands still, newest first."""
    handed = Note.objects.filter(to=staff, case__claimed_by=staff, case__state=CaseState.OPEN)
    return _read(handed.select_related("case", "by").order_by("-at", "-pk"))


def late_tasks(staff: Staff, *, now: datetime) -> list[Written]:
    """What of that should have been done already."""
    tasks = Task.objects.filter(_due_from(staff), done_at=None, due_at__lt=now).select_related("case", "by", "assignee")
    return _read(tasks.order_by("due_at", "pk"))


def views_of(staff: Staff) -> list[SavedView]:
    """The views of the queue that somebody keeps, by name."""
    return list(SavedView.objects.filter(staff=staff).order_by("name"))


def own_text_blocks(language: str) -> dict[str, str]:
    """The hotline's own wordings in a language, by the names of their blocks."""
    return dict(TextBlock.objects.filter(language=language).values_list("name", "text"))


def suspicions_of(case: Case) -> list[Suspicion]:
    """What is kept about suspected persons in a case, without its content."""
    found = Suspicion.objects.filter(case__in=family(case)).select_related("case", "by")
    return list(found.order_by("at", "pk"))


def to_pass_on(cases: Iterable[Case]) -> list[Suspicion]:
    """Suspicions in these cases that go to the police with a referral and are destroyed then."""
    numbers = [case.pk for case in cases]
    there = Q(case__in=numbers) | Q(case__merged_into__in=numbers)
    found = Suspicion.objects.filter(there, passed_on=True, destroyed_at=None)
    return list(found.select_related("case").order_by("pk"))


def suspicion_text(suspicion: Suspicion) -> str | None:
    """What it says; None when it was destroyed or its case forgotten."""
    if suspicion.destroyed_at:
        return None
    try:
        inner = keyring.unlock_bytes(suspicion.case.uuid, bytes(suspicion.words))
        return str(keyring.unlock(suspicion.uuid, inner)["text"])
    except keyring.Forgotten:
        return None


def _due_from(staff: Staff) -> Q:
    """A task that was given to somebody who has left since must not wait unseen."""
    return Q(assignee=staff) | Q(assignee__is_active=False) if staff.leads else Q(assignee=staff)


def _read(rows: Iterable[Note | Task]) -> list[Written]:
    return [Written(row, _text(row)) for row in rows]


def _text(row: Note | Task) -> str | None:
    try:
        return str(keyring.unlock(row.case.uuid, bytes(row.words))["text"])
    except keyring.Forgotten:
        return None
