"""Verbs about what staff write for themselves and each other."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import SuspicionBasis, SuspicionPurpose
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.cases import keyring
from lykta.records.cases.models import Case
from lykta.records.casework.models import Note, SavedView, Suspicion, Task, TextBlock
from lykta.records.people.models import Staff

LONGEST_WORDS = 10_000
LONGEST_NAME = 40
VIEWS = 20
"""Views that one person can keep; more would not fit above the queue."""
_FORGOTTEN = "This case has been forgotten: nothing can be written in it any more."


def write_note(*, by: Staff, case: Case, text: str, now: datetime, to: Staff | None = None) -> Note:
    """Write something that only staff read. Raises NotUnderstood without words, NotNow in a forgotten case."""
    with transaction.atomic():
        note = Note.objects.create(case=case, by=by, to=to, at=now, words=_locked(case, text))
        audit.write(by=by.actor, word=AuditWord.NOTE_WRITTEN, subject=f"case:{case.pk}", facts={"note": note.pk})
    return note


def make_task(*, by: Staff, case: Case, assignee: Staff, text: str, due_at: datetime, now: datetime) -> Task:
    """Give somebody, or oneself, something to do about a case until a day. Raises as `write_note`."""
    with transaction.atomic():
        task = Task.objects.create(
            case=case, by=by, assignee=assignee, made_at=now, due_at=due_at, words=_locked(case, text)
        )
        facts = {"task": task.pk, "to": assignee.username}
        audit.write(by=by.actor, word=AuditWord.TASK_MADE, subject=f"case:{case.pk}", facts=facts)
    return task


def do_task(*, by: Staff, task: Task, now: datetime) -> None:
    """It is done, whoever did it. Safe to do twice."""
    with transaction.atomic():
        if Task.objects.filter(pk=task.pk, done_at=None).update(done_at=now):
            facts = {"task": task.pk}
            audit.write(by=by.actor, word=AuditWord.TASK_DONE, subject=f"case:{task.case_id}", facts=facts)


def keep_view(*, by: Staff, name: str, query: str) -> SavedView:
    """Keep a view of the queue under a name; the same name again replaces it. Raises NotUnderstood or NotNow."""
    if not name:
        raise NotUnderstood("Please give the view a name.")
    others = SavedView.objects.filter(staff=by).exclude(name=name[:LONGEST_NAME])
    if others.count() >= VIEWS:
        raise NotNow("You keep many views already: forget one first.")
    return SavedView.objects.update_or_create(staff=by, name=name[:LONGEST_NAME], defaults={"query": query})[0]


def drop_view(*, by: Staff, view: SavedView) -> None:
    """Forget a view of one's own."""
    SavedView.objects.filter(pk=view.pk, staff=by).delete()


def change_text_block(*, by: Staff, name: str, language: str, text: str) -> None:
    """Use the hotline's own wording from now on; without a text, the one that comes along again."""
    with transaction.atomic():
        if text:
            TextBlock.objects.update_or_create(name=name, language=language, defaults={"text": text[:LONGEST_WORDS]})
        else:
            TextBlock.objects.filter(name=name, language=language).delete()
        facts = {"language": language, "own": bool(text)}
        audit.write(by=by.actor, word=AuditWord.TEXT_BLOCK_CHANGED, subject=f"text_block:{name}", facts=facts)


def suspect(
    *,
    by: Staff,
    case: Case,
    text: str,
    purpose: SuspicionPurpose,
    basis: SuspicionBasis,
    passed_on: bool,
    now: datetime,
) -> Suspicion:
    """Write down what is said of a suspected person, apart from all else. Raises as `write_note`."""
    uuid = uuid4()
    inner = _words(text)
    keyring.make(uuid)
    try:
        words = keyring.lock_bytes(case.uuid, keyring.lock(uuid, {"text": inner}))
    except keyring.Forgotten:
        keyring.forget(uuid)
        raise NotNow(_FORGOTTEN) from None
    with transaction.atomic():
        made = Suspicion.objects.create(
            uuid=uuid, case=case, by=by, at=now, purpose=purpose, basis=basis, words=words, passed_on=passed_on
        )
        facts = {"suspicion": made.pk, "purpose": str(purpose), "basis": str(basis), "passed_on": passed_on}
        audit.write(by=by.actor, word=AuditWord.SUSPICION_WRITTEN, subject=f"case:{case.pk}", facts=facts)
    return made


def note_suspicion_seen(*, by: Staff, suspicion: Suspicion, purpose: SuspicionPurpose) -> None:
    """Somebody opens data about a suspected person, and says what for."""
    facts = {"suspicion": suspicion.pk, "purpose": str(purpose)}
    with transaction.atomic():
        audit.write(by=by.actor, word=AuditWord.SUSPICION_SEEN, subject=f"case:{suspicion.case_id}", facts=facts)


def destroy_suspicion(*, by: str, suspicion: Suspicion, now: datetime) -> None:
    """Destroy what was written down: its key, and the words. That it was there stays. Safe to do twice."""
    with transaction.atomic():
        found = Suspicion.objects.filter(pk=suspicion.pk, destroyed_at=None)
        if found.update(destroyed_at=now, words=b""):
            facts = {"suspicion": suspicion.pk}
            subject = f"case:{suspicion.case_id}"
            audit.write(by=by, word=AuditWord.SUSPICION_DESTROYED, subject=subject, facts=facts)
        keyring.forget(suspicion.uuid)


def _locked(case: Case, text: str) -> bytes:
    try:
        return keyring.lock(case.uuid, {"text": _words(text)})
    except keyring.Forgotten:
        raise NotNow(_FORGOTTEN) from None


def _words(text: str) -> str:
    if not text:
        raise NotUnderstood("Please write something first.")
    if len(text) > LONGEST_WORDS:
        raise NotUnderstood("That is too long: please write it in several parts.")
    return text
