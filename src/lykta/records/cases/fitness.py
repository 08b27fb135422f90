"""For whom a case or an item is: the rules of `lykta.core.fitness` asked of rows."""

from datetime import datetime

from lykta.core import fitness
from lykta.core.refusals import NotForYou
from lykta.core.vocabulary import CaseState, Certification, Topic, Unfit
from lykta.records.cases.models import Case, Item
from lykta.records.people import queries as people
from lykta.records.people.models import Staff


def why_not(staff: Staff, case: Case) -> Unfit | None:
    """Why this case is not for somebody to work on, None where it is."""
    return fitness.unfit(staff.preparation, topics=[case.topic], needs=Certification(case.needs))


def require_to_read(staff: Staff, case: Case) -> None:
    """Raises NotForYou where what this case is about is not for this person. Its words may be read without a look."""
    _say(fitness.unfit(staff.preparation, topics=[case.topic]))


def require_to_read_item(staff: Staff, item: Item) -> None:
    """`require_to_read` for an item: of the cases that name it, one that somebody may work on will do."""
    if staff.preparation.left_out:
        topics = Case.objects.filter(reports__mentions__item=item).values_list("topic", flat=True).distinct()
        _say(fitness.unfit(staff.preparation, topics=topics))


def require_to_look(staff: Staff, item: Item) -> None:
    """Raises NotForYou where the item may have to be looked at, and this person is not certified for that."""
    _say(fitness.unfit(staff.preparation, topics=(), needs=Certification(item.needs)))


def may_look(staff: Staff, item: Item) -> bool:
    """Whether this person may be asked to look at the item."""
    try:
        require_to_read_item(staff, item)
        require_to_look(staff, item)
    except NotForYou:
        return False
    return True


def takers(case: Case) -> list[Staff]:
    """Who may be given this case, by name."""
    return [one for one in people.case_workers() if why_not(one, case) is None]


def waiting_for_nobody(*, now: datetime) -> list[tuple[Topic, Certification]]:
    """Kinds of cases in which something waits for an analyst, and nobody who is at work may take them."""
    kinds = fitness.uncovered(one.preparation for one in people.at_work(now))
    if not kinds:
        return []
    waiting = Case.objects.filter(state=CaseState.OPEN, to_do=True).order_by().values_list("topic", "needs").distinct()
    found = set(waiting)
    return [kind for kind in kinds if kind in found]


def _say(why: Unfit | None) -> None:
    if why is not None:
        raise NotForYou(why.sentence)
