"""Merging cases, splitting them, and undoing it: each is shown and confirmed before it is done."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lykta.core.refusals import NotAllowed, NotUnderstood
from lykta.lib.clock import now
from lykta.records.cases import queries as cases
from lykta.records.cases.access import access_case
from lykta.records.cases.actions import joining
from lykta.records.cases.models import Case
from lykta.records.people.models import Staff
from lykta.sites.desk.verbs import SayRefusals, answers


@answers("POST")
def merge(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Put this case into another: first both side by side, then, sure, it is done."""
    case = access_case(by, number)
    with SayRefusals(request):
        into = _other(by, request.POST.get("into", ""))
        if "sure" not in request.POST:
            reports = {"case_reports": cases.reports_of(case), "into_reports": cases.reports_of(into)}
            return render(request, "merge.html", {"case": case, "into": into, **reports})
        joining.merge(by=by, case=case, into=into, now=now())
        said = gettext("Case %(number)s is now part of this one.") % {"number": case.number}
        messages.success(request, said)
        return redirect("case", into.pk)
    return redirect("case", number)


@answers("POST")
def part(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Undo a merge."""
    case = access_case(by, number)
    with SayRefusals(request):
        joining.part(by=by.actor, case=case, now=now())
        messages.success(request, gettext("The merge is undone: this case has its own reports again."))
    return redirect("case", number)


@answers("POST")
def split(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Put the chosen reports into a case of their own: first named, then, sure, it is done."""
    case = access_case(by, number)
    chosen = [int(one) for one in request.POST.getlist("report") if one.isdecimal()]
    with SayRefusals(request):
        if "sure" not in request.POST:
            moved = [one for one in cases.reports_of(case) if one.pk in chosen]
            return render(request, "split.html", {"case": case, "moved": moved})
        made = joining.split(by=by, case=case, reports=chosen, now=now())
        said = gettext("These reports are now case %(number)s. To undo it, merge it into %(old)s again.")
        messages.success(request, said % {"number": made.number, "old": case.number})
        return redirect("case", made.pk)
    return redirect("case", number)


def _other(by: Staff, typed: str) -> Case:
    """The case that somebody means by `2026-000123`, or by its last digits. Raises NotUnderstood."""
    found = re.fullmatch(r"(?:\d{4}-)?0*(\d{1,12})", typed.strip())
    try:
        return access_case(by, int(found[1]) if found else 0)
    except NotAllowed:
        raise NotUnderstood("There is no such case: please give its number as 2026-000123.") from None
