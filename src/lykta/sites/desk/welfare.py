"""How much the group looks at: sums of five people or more, for the lead, a welfare officer and a quality review."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lykta.core import exposure, welfare
from lykta.core.vocabulary import Role
from lykta.lib import tables
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.exposure import actions, queries
from lykta.records.exposure.access import access_led, may_see_dates
from lykta.records.people.access import may_lead, may_see_welfare
from lykta.records.people.models import Staff
from lykta.records.people.queries import case_workers
from lykta.sites.desk.meters import local_now
from lykta.sites.desk.step_up import fresh_factor
from lykta.sites.desk.verbs import SayRefusals, answers

_COLUMNS = ("people", "minutes", "elsewhere", "items", "new", "known", "passed", "counselling")


@answers("GET")
def group(request: HttpRequest, by: Staff) -> HttpResponse:
    """Months of the group; for a welfare officer the dates of talks; for a lead a way to let somebody look on."""
    may_see_welfare(by)
    _note(by, exported=False)
    context = {
        "months": queries.months(now=local_now()),
        "fewest": welfare.FEWEST,
        "talks": queries.counselling_months(now=local_now()) if may_see_dates(by) else None,
        "colleagues": [one for one in case_workers() if one != by] if by.role == Role.LEAD else [],
        "most": exposure.MOST_MORE,
    }
    return render(request, "welfare.html", context)


@answers("POST")
@fresh_factor(may_see_welfare)
def export(request: HttpRequest, by: Staff) -> HttpResponse:
    """The months as a CSV file, for INHOPE's quality review; asked for by somebody who proves again who they are."""
    del request
    _note(by, exported=True)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="welfare.csv"'
    rows: list[tuple[object, ...]] = [("month", *_COLUMNS, "note")]
    for one in queries.months(now=local_now()):
        figures = [getattr(one.together, column) if one.together else "" for column in _COLUMNS]
        rows.append((f"{one.first:%Y-%m}", *figures, "" if one.together else "too few people to show"))
    tables.write(response, rows)
    return response


@answers("POST")
def allow_more(request: HttpRequest, by: Staff) -> HttpResponse:
    """Let somebody look on today, with a reason."""
    may_lead(by)
    chosen, minutes = request.POST.get("person", ""), request.POST.get("minutes", "")
    person = access_led(by, int(chosen) if chosen.isascii() and chosen.isdigit() else 0)
    with SayRefusals(request):
        actions.allow_more(
            by=by,
            person=person,
            minutes=int(minutes) if minutes.isascii() and minutes.isdigit() else 0,
            reason=request.POST.get("reason", ""),
            now=local_now(),
        )
        messages.success(request, gettext("%(name)s may look on today.") % {"name": person.username})
    return redirect("welfare")


def _note(by: Staff, *, exported: bool) -> None:
    with transaction.atomic():
        audit.write(by=by.actor, word=AuditWord.WELFARE_READ, subject="group", facts={"exported": exported})
