"""Many cases at once: chosen in the queue or by a search, agreed to by two, streamed as one zip, how far it is told."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from lykta.lib.clock import now
from lykta.records.cases import queries as cases
from lykta.records.cases import queue
from lykta.records.cases.access import access_case
from lykta.records.cases.actions import exporting
from lykta.records.cases.models import Case
from lykta.records.people.access import may_see_cases
from lykta.records.people.models import Staff
from lykta.sites.desk.approvals import ask
from lykta.sites.desk.bundles import sender
from lykta.sites.desk.queue import read_wanted, written
from lykta.sites.desk.step_up import fresh_factor
from lykta.sites.desk.verbs import SayRefusals, answers
from lykta.workflow import bundling

RELOADED_EVERY = 5
"""Seconds between two looks at how far an export is; without script nobody else does it."""


@answers("GET", "POST")
def exports(request: HttpRequest, by: Staff) -> HttpResponse:
    """What was chosen, with the form that asks a second person; and how far the last ones are."""
    may_see_cases(by)
    if request.method == "POST":
        return _show(request, by, _named(by, request.POST.getlist("case")))
    wanted = read_wanted(request.GET)
    found = (
        queue.queue(wanted, by=by, now=now()) if written(wanted) != written(read_wanted({})) else Case.objects.none()
    )
    return _show(request, by, list(found.filter(forgotten_at=None)[: exporting.AT_ONCE + 1]))


@answers("POST")
def ask_for_export(request: HttpRequest, by: Staff) -> HttpResponse:
    """Ask a second person to agree to exactly these cases."""
    may_see_cases(by)
    chosen = _named(by, request.POST.getlist("case"))
    with SayRefusals(request):
        exporting.check_many(chosen)
        ask(request, by, exporting.export_many(chosen))
        return redirect("approvals")
    return _show(request, by, chosen, status=422)


@answers("POST")
@fresh_factor(may_see_cases)
def load_export(request: HttpRequest, by: Staff) -> HttpResponseBase:
    """The zip, made while it is sent; nothing of it is kept."""
    numbers = [name.partition("-")[2] for name in request.POST.get("cases", "").split()]
    with SayRefusals(request):
        export = exporting.begin(by=by, cases=_named(by, numbers), now=now())
        pieces = bundling.bundles(export, by=by, sender=sender(), at=now())
        response = StreamingHttpResponse(pieces, content_type="application/zip")
        name = f"cases-{now():%Y-%m-%d}-{export.pk}.zip"
        response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
        return response
    return redirect("approvals")


def _named(by: Staff, typed: Iterable[str]) -> list[Case]:
    """The cases of these numbers, each through its door. Raises NotAllowed, NotForYou."""
    numbers = dict.fromkeys(int(one) for one in typed if one.isascii() and one.isdecimal())
    return [access_case(by, number) for number in list(numbers)[: exporting.AT_ONCE + 1]]


def _show(request: HttpRequest, by: Staff, chosen: list[Case], *, status: int = 200) -> HttpResponse:
    last = cases.last_exports(by)
    context = {
        "chosen": chosen,
        "most": exporting.AT_ONCE,
        "too_many": len(chosen) > exporting.AT_ONCE,
        "why": request.POST.get("why", ""),
        "exports": last,
    }
    response = render(request, "exports.html", context, status=status)
    if not chosen and any(one.is_going_on(now()) for one in last):
        response.headers["Refresh"] = str(RELOADED_EVERY)
    return response
