"""The verb of calibration: somebody answers a made-up case. Nothing of it touches a real one."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from lykta.core.refusals import NotNow
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.cases.models import Trial
from lykta.records.people.models import Staff


def answer(*, by: Staff, calibration: str, number: int, answers: Mapping[str, str], now: datetime) -> None:
    """Keep the answers to one case; only the first count. Raises NotNow."""
    with transaction.atomic():
        given = {"at": now, "answers": dict(answers)}
        _, new = Trial.objects.get_or_create(by=by, calibration=calibration, number=number, defaults=given)
        if not new:
            raise NotNow("You have answered this case already: only the first answer counts.")
        facts = {"set": calibration, "case": number}
        audit.write(by=by.actor, word=AuditWord.TRIAL_ANSWERED, subject=by.actor, facts=facts)
