"""Taking a case out: agreed to by two, after a step-up, made while it is sent, kept nowhere."""

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from lykta.core.vocabulary import ApprovalState
from lykta.lib.clock import now
from lykta.records.approvals import queries as approvals
from lykta.records.cases.access import access_case
from lykta.records.cases.actions.exporting import export, note_export
from lykta.records.people.models import Staff
from lykta.sites.desk.approvals import ask
from lykta.sites.desk.step_up import prove_first
from lykta.sites.desk.verbs import SayRefusals, answers, house
from lykta.workflow import bundling
from lykta.workflow.bundling import Sender


def sender() -> Sender:
    """This hotline, as bundles name it."""
    days_folder = settings.AUDIT_CHECKPOINTS.parent / "days"
    return Sender(house=house().name, days_folder=days_folder, key=settings.BUNDLE_KEY)


@answers("POST")
def bundle(request: HttpRequest, by: Staff, number: int) -> HttpResponseBase:
    """Asked for first; once a second person has agreed, the same button loads it."""
    case, whole = access_case(by, number), "whole" in request.POST
    approved = approvals.standing(by, export(case, whole=whole), now=now()) == ApprovalState.APPROVED
    if approved and (page := prove_first(request, by)):
        return page
    with SayRefusals(request):
        if not approved:
            ask(request, by, export(case, whole=whole))
            return redirect("keeping", number)
        note_export(by=by, case=case, whole=whole, now=now())
        pieces = bundling.bundle(case, whole=whole, sender=sender(), at=now())
        response = StreamingHttpResponse(pieces, content_type="application/zip")
        name = f"case-{case.number}.zip"
        response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
        return response
    return redirect("keeping", number)
