"""The only doors from a face to a view, a task or a suspicion. One same refusal for "not there" and "not yours"."""

from typing import TypeVar

from lykta.core.refusals import NotAllowed
from lykta.records.casework.models import SavedView, Suspicion, Task
from lykta.records.people.access import may_see_cases
from lykta.records.people.models import Staff

Row = TypeVar("Row", SavedView, Task, Suspicion)


def access_view(by: Staff, number: int) -> SavedView:
    """A view of one's own. Raises NotAllowed."""
    may_see_cases(by)
    return _there(SavedView.objects.filter(pk=number, staff=by).first())


def access_task(by: Staff, number: int) -> Task:
    """The task with this number, whoever is to do it. Raises NotAllowed."""
    may_see_cases(by)
    return _there(Task.objects.filter(pk=number).first())


def access_suspicion(by: Staff, number: int) -> Suspicion:
    """The suspicion with this number. Raises NotAllowed."""
    may_see_cases(by)
    return _there(Suspicion.objects.select_related("case").filter(pk=number).first())


def _there(row: Row | None) -> Row:
    if row is None:
        raise NotAllowed("There is nothing here for you.")
    return row
