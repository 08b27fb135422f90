"""The only door from a face to an entry of our list. One same refusal for "not there" and "not yours"."""

from lykta.core.refusals import NotAllowed
from lykta.records.offering.models import Confirmed
from lykta.records.people.access import may_lead
from lykta.records.people.models import Staff


def access_entry_to_withdraw(by: Staff, number: int) -> Confirmed:
    """The entry with this number, for who may take it off the list. Raises NotAllowed."""
    may_lead(by)
    found = Confirmed.objects.filter(pk=number).first()
    if found is None:
        raise NotAllowed("There is nothing here for you.")
    return found
