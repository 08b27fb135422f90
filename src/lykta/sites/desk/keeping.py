"""For how long a case is kept: its days, what holds it, forgetting it early; and all that was forgotten."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import ApprovalState, CaseState, HoldReason
from lykta.lib.clock import now
from lykta.records.approvals import queries as approvals
from lykta.records.cases import queries as cases
from lykta.records.cases.access import access_case
from lykta.records.cases.actions import forgetting
from lykta.records.cases.actions.exporting import export
from lykta.records.cases.models import Case
from lykta.records.people.access import may_lead
from lykta.records.people.models import Staff
from lykta.sites.common.words import clean_line
from lykta.sites.desk.approvals import ask
from lykta.sites.desk.step_up import prove_first
from lykta.sites.desk.verbs import SayRefusals, answers, house

REPORTED = timedelta(days=365)
COMING = timedelta(days=30)
AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed about a hold, and must not be lost."""

    reason: str = HoldReason.POLICE
    reference: str = ""
    until: str = ""
    why: str = ""


@answers("GET")
def keeping(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """When the parts of a case are forgotten, and what a lead may do about it."""
    return _show(request, by, access_case(by, number), Draft())


@answers("POST")
def hold(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Put forgetting off; what was held before is asked for first."""
    case = access_case(by, number)
    may_lead(by)
    draft = Draft(
        reason=request.POST.get("reason", ""),
        reference=clean_line(request.POST.get("reference", "")),
        until=request.POST.get("until", ""),
        why=clean_line(request.POST.get("why", "")),
    )
    with SayRefusals(request):
        reason, until = _read(draft)
        deed = forgetting.extension(case, reason=reason, reference=draft.reference, until=until)
        if case.holds.exists() and approvals.standing(by, deed, now=now()) != ApprovalState.APPROVED:
            ask(request, by, deed)
        else:
            forgetting.hold(by=by, case=case, reason=reason, reference=draft.reference, until=until, now=now())
            messages.success(request, gettext("Nothing of this case is forgotten before that day."))
        return redirect("keeping", number)
    return _show(request, by, case, draft)


@answers("POST")
def lift(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """The hold is not needed any more."""
    case = access_case(by, number)
    may_lead(by)
    with SayRefusals(request):
        forgetting.lift(by=by, case=case, now=now())
        messages.success(request, gettext("The hold is lifted: what is due is forgotten within minutes."))
    return redirect("keeping", number)


@answers("POST")
def forget(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Forget a case before its day: asked for first, then done by the same button."""
    case = access_case(by, number)
    may_lead(by)
    approved = approvals.standing(by, forgetting.deletion(case), now=now()) == ApprovalState.APPROVED
    if approved and (page := prove_first(request, by)):
        return page
    with SayRefusals(request):
        if approved:
            forgetting.forget_early(by=by, case=case, now=now())
            messages.success(request, gettext("The case is forgotten: nobody can read it any more."))
        else:
            ask(request, by, forgetting.deletion(case))
    return redirect("keeping", number)


@answers("GET")
def forgotten(request: HttpRequest, by: Staff) -> HttpResponse:
    """What was forgotten in the last year, what will be within 30 days, and what is held."""
    may_lead(by)
    gone, coming = cases.forgotten(since=now() - REPORTED), cases.forgotten_soon(before=now() + COMING)
    context = {
        "rules": house().retention,
        "gone": gone[:AT_MOST],
        "gone_count": gone.count(),
        "coming": coming[:AT_MOST],
        "coming_count": coming.count(),
        "held": cases.held(now=now()),
    }
    return render(request, "forgotten.html", context)


def _show(request: HttpRequest, by: Staff, case: Case, draft: Draft) -> HttpResponse:
    context = {
        "case": case,
        "draft": draft,
        "hold": cases.hold_of(case, now=now()),
        "again": case.holds.exists(),
        "reasons": list(HoldReason),
        "may_forget": case.state == CaseState.CLOSED and not case.forgotten_at,
        "deletion": approvals.standing(by, forgetting.deletion(case), now=now()),
        "leads": by.leads,
        "bundles": [
            {"whole": whole, "standing": approvals.standing(by, export(case, whole=whole), now=now())}
            for whole in (False, True)
        ],
    }
    return render(request, "keeping.html", context)


def _read(draft: Draft) -> tuple[HoldReason, datetime]:
    """The hold lasts through that day. Raises NotUnderstood."""
    if draft.reason not in set(HoldReason):
        raise NotUnderstood("Please choose why the case is held.")
    try:
        day = date.fromisoformat(draft.until)
    except ValueError:
        raise NotUnderstood("Please give the last day as year-month-day, such as 2027-06-30.") from None
    return HoldReason(draft.reason), datetime.combine(day, time.max, UTC).replace(microsecond=0)
