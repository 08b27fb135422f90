"""Closing a case by hand: only words, or nothing left to do that the worker would have seen."""

from lykta.core.lifecycle import may_close
from lykta.core.refusals import NotNow
from lykta.core.retention import DEFAULT, Retention
from lykta.core.vocabulary import CaseState, ItemState, ReporterStatus
from lykta.lib.clock import now
from lykta.records.cases import queries as cases
from lykta.records.cases.actions import ending
from lykta.records.cases.models import Case
from lykta.records.people.models import Staff
from lykta.records.referrals import queries as referrals


def close_by_hand(*, by: Staff, case: Case, rules: Retention = DEFAULT) -> None:
    """Close a case and let its reporters know. Raises NotNow while something is left to do or to read, or if closed."""
    if case.state == CaseState.CLOSED:
        raise NotNow("This case is closed already.")
    if cases.is_unread(case):
        raise NotNow("The reporter has written again: please read it first.")
    items = cases.items_of(case)
    if not may_close([(ItemState(one.state), one.watchable, referrals.all_told(one)) for one in items]):
        raise NotNow("Something is left to do for an item of this case: it cannot be closed yet.")
    if not case.forgotten_at:
        for report in cases.reports_of(case):
            ending.tell_status(report=report, status=ReporterStatus.CLOSED, now=now())
    ending.close(by=by.actor, case_number=case.pk, now=now(), rules=rules)
