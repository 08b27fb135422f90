"""Verbs about the staff."""

from django.db import transaction

from lykta.core.vocabulary import Role
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.people.models import Staff


def invite(*, by: str, username: str, password: str, role: Role) -> Staff:
    """A new member of staff. The password is theirs to change; the second factor they set up at first log-in."""
    with transaction.atomic():
        staff = Staff.objects.create_user(username=username, password=password, role=role)
        audit.write(by=by, word=AuditWord.STAFF_INVITED, subject=f"staff:{username}", facts={"role": str(role)})
    return staff
