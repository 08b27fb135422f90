"""What goes wrong at log-in is counted for the administrator: which account, what, how often, never what was typed."""

import hashlib
from typing import Any

from django.core.cache import cache

from lykta.core.vocabulary import FailedProof
from lykta.lib.clock import now
from lykta.records.people import failures
from lykta.records.people.models import Staff


def note_failure(login: str, proof: FailedProof) -> None:
    """Count it. Of what was not even looked at one a second is enough: who floods the log-in shall cost no writes."""
    name = hashlib.sha256(login.lower().encode()).hexdigest()
    if proof is not FailedProof.LOCKED or cache.add(f"failed-{name}", value=True, timeout=1):
        failures.note(login=login, proof=proof, now=now())


def note_wrong_factor(staff: Staff, form: Any) -> None:
    """Count a code or a passkey that was not right; `form` is allauth's."""
    errors = form.errors.as_data()
    if any(error.code == "too_many_login_attempts" for found in errors.values() for error in found):
        note_failure(staff.username, FailedProof.LOCKED)
    else:
        note_failure(staff.username, FailedProof.CODE if "code" in errors else FailedProof.PASSKEY)
