"""Who may see and keep lists of known hashes. One same refusal for "not there" and "not yours"."""

from typing import TypeVar

from lykta.core.refusals import NotAllowed
from lykta.records.matching.models import HashList, ListVersion, Upload
from lykta.records.people.access import may_run
from lykta.records.people.models import Staff

Found = TypeVar("Found", HashList, ListVersion, Upload)


def may_see_lists(by: Staff) -> None:
    """Raises NotAllowed unless this person leads or keeps the installation running."""
    may_run(by)


def access_list(by: Staff, number: int) -> HashList:
    """A list by its number. Raises NotAllowed."""
    may_see_lists(by)
    return _found(HashList.objects.filter(pk=number).first())


def access_version(by: Staff, number: int) -> ListVersion:
    """A version of a list by its primary key, with the list. Raises NotAllowed."""
    may_see_lists(by)
    return _found(ListVersion.objects.select_related("list").filter(pk=number).first())


def access_upload(by: Staff, number: int) -> Upload:
    """A file that waits to be read into a list, with the list. Raises NotAllowed."""
    may_see_lists(by)
    return _found(Upload.objects.select_related("list", "tried").filter(pk=number).first())


def list_named(slug: str) -> HashList:
    """A list, for who has the command line and so all else. Raises NotAllowed."""
    return _found(HashList.objects.filter(slug=slug).first())


def _found(what: Found | None) -> Found:
    if what is None:
        raise NotAllowed("There is no such list.")
    return what
