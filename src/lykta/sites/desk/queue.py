"""The queue: what matters first, and why; narrowed by what somebody wants to see, which can be kept as a view."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from lykta.core.lifecycle import StepWord
from lykta.core.vocabulary import Role, Source, Topic
from lykta.lib.clock import now
from lykta.records.cases import queue as cases
from lykta.records.cases.models import Case
from lykta.records.cases.queue import Wanted
from lykta.records.casework import access, actions
from lykta.records.casework import queries as casework
from lykta.records.people.access import may_see_cases
from lykta.records.people.models import Staff
from lykta.records.referrals import queries as referrals
from lykta.records.steps import queries as steps
from lykta.sites.common.words import clean_line
from lykta.sites.desk.hosts import read_host
from lykta.sites.desk.verbs import SayRefusals, answers

CASES_ON_A_PAGE = 50
LAST_PAGE = 1_000
LONGEST_WAIT_DAYS = 3_650
MANY = 50
"""So many items that wait to be traced are more than a few seconds' work: the page then leads to how far it is."""
HOME = {
    Role.ADMINISTRATOR: "system",
    Role.COMMUNICATOR: "links",
    Role.LIAISON: "referrals",
    Role.WELFARE_OFFICER: "welfare",
}
"""The page that is theirs, of those who see no cases; their own account where there is none."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to look at the queue; `count` is None for who is not to see how long it is."""

    word: str
    name: str
    count: int | None


@answers("GET")
def queue(request: HttpRequest, by: Staff) -> HttpResponse:
    """Open cases, most urgent first. Who sees no cases is led to the page that is theirs."""
    if not by.sees_cases:
        return redirect(HOME.get(Role(by.role), "mfa_index"))
    may_see_cases(by)
    wanted = read_wanted(request.GET)
    number = _page_number(request.GET.get("page", ""))
    found, more = _page(wanted, by, number)
    query = written(wanted)
    context = {
        "tabs": _tabs(by),
        "wanted": wanted,
        "query": query,
        "narrowed": query != written(Wanted(show=wanted.show)),
        "cases": found,
        "number": number,
        "more": more,
        "topics": list(Topic),
        "sources": list(Source),
        "views": casework.views_of(by),
        "late": casework.late_tasks(by, now=now()),
        "now": now(),
        "alone": referrals.changed_alone() if by.leads else [],
        "failed": referrals.count_failed(),
        "stuck": steps.count_stuck(),
        "to_trace": steps.waiting(now=now(), word=StepWord.TRACE),
        "many": MANY,
    }
    return render(request, "queue.html", context)


@answers("POST")
def keep_view(request: HttpRequest, by: Staff) -> HttpResponse:
    """Keep what the queue shows just now under a name of one's own."""
    may_see_cases(by)
    query = written(read_wanted(QueryDict(request.POST.get("query", ""))))
    with SayRefusals(request):
        actions.keep_view(by=by, name=clean_line(request.POST.get("name", "")), query=query)
        messages.success(request, gettext("The view is kept."))
    return redirect(f"{reverse('queue')}?{query}")


@answers("POST")
def drop_view(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Forget a view of one's own."""
    view = access.access_view(by, number)
    actions.drop_view(by=by, view=view)
    messages.success(request, gettext("The view “%(name)s” is gone.") % {"name": view.name})
    return redirect("queue")


def read_wanted(given: Mapping[str, str]) -> Wanted:
    """What the address or the form asks for; what makes no sense narrows nothing."""
    show, days = given.get("show", ""), given.get("days", "")
    country = given.get("country", "").strip().upper()
    return Wanted(
        show=show if show in cases.SHOWS else cases.ALL,
        topic=given.get("topic", "") if given.get("topic") in set(Topic) else "",
        source=given.get("source", "") if given.get("source") in set(Source) else "",
        country=country if re.fullmatch("[A-Z]{2}", country) else "",
        host=read_host(clean_line(given.get("host", "")))[:255],
        days=min(int(days), LONGEST_WAIT_DAYS) if days.isdecimal() else 0,
        incomplete=bool(given.get("incomplete")),
    )


def written(wanted: Wanted) -> str:
    """The part of an address that asks for this."""
    said = {name: ("yes" if value is True else value) for name, value in asdict(wanted).items() if value}
    return urlencode(said)


def _page(wanted: Wanted, by: Staff, number: int) -> tuple[list[Case], bool]:
    """The cases of a page, and whether there are more; one more than fits is asked for, nothing is counted."""
    start = (number - 1) * CASES_ON_A_PAGE
    numbers = cases.queue(wanted, by=by, now=now()).values_list("pk", flat=True)
    found = list(numbers[start : start + CASES_ON_A_PAGE + 1])
    return cases.rows(found[:CASES_ON_A_PAGE]), len(found) > CASES_ON_A_PAGE


def _page_number(typed: str) -> int:
    return min(int(typed), LAST_PAGE) if typed.isdecimal() and int(typed) else 1


def _tabs(by: Staff) -> list[Tab]:
    names = {
        cases.ALL: gettext("All open"),
        cases.MINE: gettext("In my hands"),
        cases.ASSESS: gettext("To assess"),
        cases.WAITING: gettext("Waiting for others"),
    }
    hidden = settings.ENVIRONMENT.queue_length == "hidden" and by.role != Role.LEAD
    counts: Mapping[str, Any] = {} if hidden else cases.counts(by=by, now=now())
    return [Tab(word, name, counts.get(word)) for word, name in names.items()]
