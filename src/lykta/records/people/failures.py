"""Log-ins that failed: counted at once, and written into the record folded, so that nobody can flood the chain.

A row counts one kind of failure of one account in a quarter of an hour. When that is over, all rows of the account
become one entry. What was typed where it is no account is kept nowhere: people type passwords there.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from lykta.core.vocabulary import FailedProof
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.people.models import FailedLogIn, Staff

FOLDED = timedelta(minutes=15)
KEPT = timedelta(days=90)
NOBODY = ""
"""The account of all names that are none."""
AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Failures:
    """What failed for one account in one quarter of an hour. `account` is as the record names it, "" for none."""

    account: str
    since: datetime
    last_at: datetime
    counts: dict[FailedProof, int]


def note(*, login: str, proof: FailedProof, now: datetime) -> None:
    """Somebody tried to log in under this name, and this was wrong."""
    staff = Staff.objects.filter(username__iexact=login).first()
    wanted = {"account": staff.actor if staff else NOBODY, "proof": proof, "since": _begin_of(now)}
    with transaction.atomic():
        row, _ = FailedLogIn.objects.get_or_create(**wanted, defaults={"last_at": now})
        FailedLogIn.objects.filter(pk=row.pk).update(count=F("count") + 1, last_at=now)


def write_down(*, by: str, now: datetime) -> int:
    """One entry in the record for each account and quarter of an hour that is over. Returns how many entries."""
    with transaction.atomic():
        over = FailedLogIn.objects.select_for_update().filter(written=False, since__lt=_begin_of(now))
        rows = list(over.order_by("since", "account", "pk"))
        folded = _fold(rows)
        if folded:
            audit.write_all(by=by, deeds=[_deed(one) for one in folded])
            FailedLogIn.objects.filter(pk__in=[row.pk for row in rows]).update(written=True)
    FailedLogIn.objects.filter(written=True, since__lt=now - KEPT).delete()
    return len(folded)


def latest() -> list[Failures]:
    """The last ones, newest first, those of the present quarter of an hour included."""
    return _fold(FailedLogIn.objects.order_by("-since", "account", "pk")[:AT_MOST])


def _fold(rows: Iterable[FailedLogIn]) -> list[Failures]:
    found: dict[tuple[str, datetime], list[FailedLogIn]] = defaultdict(list)
    for row in rows:
        found[row.account, row.since].append(row)
    return [
        Failures(
            account, since, max(row.last_at for row in of_it), {FailedProof(row.proof): row.count for row in of_it}
        )
        for (account, since), of_it in found.items()
    ]


def _deed(one: Failures) -> audit.Deed:
    counts = {str(proof): count for proof, count in one.counts.items()}
    facts = {"since": one.since.isoformat(), "minutes": FOLDED // timedelta(minutes=1), **counts}
    return audit.Deed(AuditWord.LOG_IN_FAILED, one.account or "log-in", facts)


def _begin_of(now: datetime) -> datetime:
    """The quarter of an hour in which this moment lies."""
    return now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % FOLDED
