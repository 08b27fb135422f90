"""A look is written down like a deed: who, at what, when."""

from django.db import transaction

from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.people.models import Staff


def note(by: Staff, word: AuditWord, subject: str, **facts: int | bool) -> None:
    """Write it into the record before the page is shown. `facts` are numbers: never an address that was searched."""
    with transaction.atomic():
        audit.write(by=by.actor, word=word, subject=subject, facts=facts)
