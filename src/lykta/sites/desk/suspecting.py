"""Data about suspected persons: written down with purpose and basis, shown only to who says what for, destroyed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import SuspicionBasis, SuspicionPurpose
from lykta.lib.clock import now
from lykta.records.cases.access import access_case
from lykta.records.casework import actions, queries
from lykta.records.casework.access import access_suspicion
from lykta.records.people.models import Staff
from lykta.sites.common.words import clean_text
from lykta.sites.desk.cases import show
from lykta.sites.desk.verbs import SayRefusals, answers


@answers("POST")
def suspect(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Write it down, apart from all else."""
    case = access_case(by, number)
    text = clean_text(request.POST.get("text", ""))
    with SayRefusals(request):
        basis = request.POST.get("basis", "")
        if basis not in set(SuspicionBasis):
            raise NotUnderstood("Please say on what legal basis it is kept.")
        actions.suspect(
            by=by,
            case=case,
            text=text,
            purpose=_purpose(request),
            basis=SuspicionBasis(basis),
            passed_on="passed_on" in request.POST,
            now=now(),
        )
        messages.success(request, gettext("It is kept apart."))
        return redirect("case", number)
    return show(request, by, case, typed={"suspect": text})


@answers("POST")
def suspicion(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """The page of the case with this one opened: asked for on purpose, and noted."""
    found = access_suspicion(by, number)
    with SayRefusals(request):
        actions.note_suspicion_seen(by=by, suspicion=found, purpose=_purpose(request))
        text = queries.suspicion_text(found) or gettext("It has been destroyed.")
        return show(request, by, access_case(by, found.case_id), opened={found.pk: text})
    return redirect("case", found.case_id)


@answers("POST")
def destroy(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Destroy it before its time."""
    found = access_suspicion(by, number)
    actions.destroy_suspicion(by=by.actor, suspicion=found, now=now())
    messages.success(request, gettext("It is destroyed. That it was there stays in the record."))
    return redirect("case", found.case_id)


def _purpose(request: HttpRequest) -> SuspicionPurpose:
    typed = request.POST.get("purpose", "")
    if typed not in set(SuspicionPurpose):
        raise NotUnderstood("Please say what it is for.")
    return SuspicionPurpose(typed)
