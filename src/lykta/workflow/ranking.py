"""Where a case stands in the queue, and why."""

from lykta.core.matching import SEVERITY
from lykta.core.urgency import CAME_BACK, MOVED, urgency
from lykta.core.vocabulary import ListFinding, Topic
from lykta.records.cases import queries as cases
from lykta.records.cases.actions import ending
from lykta.records.cases.models import Case
from lykta.records.matching import findings
from lykta.records.tracing import queries as tracing
from lykta.workflow.house import House


def rank(house: House, case: Case, *, moved: bool = False) -> None:
    """Say where a case stands in the queue, and why; `moved`: an item is elsewhere than when it was assessed."""
    countries = tracing.countries_of(case)
    found = urgency(
        topic=Topic(case.topic),
        danger=case.reports.filter(danger=True).exists(),
        known=_known(case),
        came_back=case.rank_reason == CAME_BACK.reason,
        reporters=cases.most_reports(case),
        home_host=house.home in countries,
        assessed=cases.is_known(case),
        moved=moved or case.rank_reason == MOVED.reason,
    )
    ending.rank(case_number=case.pk, urgency=found, countries=countries)


def _known(case: Case) -> ListFinding:
    """The gravest that lists say of the items that wait for an analyst."""
    return max(findings.waiting_in(case), key=SEVERITY.index, default=ListFinding.UNKNOWN)
