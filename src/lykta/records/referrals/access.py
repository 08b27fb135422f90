"""The only door from a face to a referral."""

from lykta.core.refusals import NotAllowed
from lykta.records.people.access import may_see_referrals
from lykta.records.people.models import Staff
from lykta.records.referrals.models import Referral


def access_referral(by: Staff, number: int) -> Referral:
    """The referral with this number. Raises NotAllowed."""
    may_see_referrals(by)
    referral = Referral.objects.filter(pk=number).first()
    if referral is None:
        raise NotAllowed("There is nothing here for you.")
    return referral
