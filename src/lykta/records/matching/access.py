"""Who may see and keep lists of known hashes. One same refusal for "not there" and "not yours"."""

from lykta.core.refusals import NotAllowed
from lykta.records.matching.models import HashList
from lykta.records.people.access import may_run
from lykta.records.people.models import Staff


def access_list(by: Staff, slug: str) -> HashList:
    """A list, for who leads or keeps the installation running. Raises NotAllowed."""
    may_run(by)
    return list_named(slug)


def list_named(slug: str) -> HashList:
    """A list, for who has the command line and so all else. Raises NotAllowed."""
    found = HashList.objects.filter(slug=slug).first()
    if found is None:
        raise NotAllowed("There is no such list.")
    return found
