"""The queue: what matters first, and why."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lykta.core.lifecycle import StepWord
from lykta.core.vocabulary import Role
from lykta.lib.clock import now
from lykta.records.cases import queries as cases
from lykta.records.cases.models import Case
from lykta.records.people.access import may_see_cases
from lykta.records.people.models import Staff
from lykta.records.referrals import queries as referrals
from lykta.records.steps import queries as steps
from lykta.sites.desk.verbs import answers

CASES_ON_A_PAGE = 50
MANY = 50
"""So many items that wait to be traced are more than a few seconds' work: the page then leads to how far it is."""
HOME = {
    Role.ADMINISTRATOR: "system",
    Role.COMMUNICATOR: "links",
    Role.LIAISON: "referrals",
    Role.WELFARE_OFFICER: "welfare",
}
"""The page that is theirs, of those who see no cases; their own account where there is none."""
_TO_ASSESS = Q(to_assess__gt=0) | Q(items=0) | Q(unread=True)


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to look at the queue."""

    word: str
    name: str
    count: int


@answers("GET")
def queue(request: HttpRequest, by: Staff) -> HttpResponse:
    """Open cases, most urgent first. Who sees no cases is led to the page that is theirs."""
    if not by.sees_cases:
        return redirect(HOME.get(Role(by.role), "mfa_index"))
    may_see_cases(by)
    ways = _ways(by)
    shown = request.GET.get("show", "")
    shown = shown if shown in ways else "all"
    tabs = [Tab(word, name, found.count()) for word, (name, found) in ways.items()]
    page = Paginator(ways[shown][1], CASES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": tabs,
        "shown": shown,
        "page": page,
        "now": now(),
        "failed": len(referrals.failed()),
        "stuck": len(steps.stuck()),
        "to_trace": steps.waiting(now=now(), word=StepWord.TRACE),
        "many": MANY,
    }
    return render(request, "queue.html", context)


def _ways(by: Staff) -> dict[str, tuple[str, QuerySet[Case]]]:
    everything = cases.queue().exclude(topic__in=by.never_show)
    return {
        "all": (gettext("All open"), everything),
        "mine": (gettext("In my hands"), everything.filter(claimed_by=by, claimed_until__gt=now())),
        "assess": (gettext("To assess"), everything.filter(_TO_ASSESS)),
        "waiting": (gettext("Waiting for others"), everything.exclude(_TO_ASSESS)),
    }
