"""What touches a person in several records at once: their account, their keys, the cases in their hands."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from lykta.records.cases.actions import judging
from lykta.records.people import actions
from lykta.records.people.models import Staff


def remove(*, by: str, staff: Staff) -> int:
    """Out at once: sessions and keys end, claims are handed back. Returns how many cases were. Raises NotNow."""
    with transaction.atomic():
        actions.remove(by=by, staff=staff)
        Authenticator.objects.filter(user=staff).delete()
        return judging.hand_back_all(by=by, staff=staff)


def start_anew(*, by: str, staff: Staff, now: datetime) -> str:
    """For somebody who lost every way in, or whose device was stolen: all of it ends, and a new link is made."""
    with transaction.atomic():
        actions.shut_out(by=by, staff=staff)
        Authenticator.objects.filter(user=staff).delete()
        return actions.make_link(by=by, staff=staff, now=now)
