"""Four eyes at the desk: what waits for a decision, what one has asked for, and what came of it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import ApprovalKind, ApprovalState
from lykta.lib.clock import now
from lykta.records.approvals import actions, queries
from lykta.records.approvals.actions import Deed
from lykta.records.approvals.models import Approval
from lykta.records.people.access import may_propose, may_see_cases
from lykta.records.people.models import Staff
from lykta.sites.common.words import clean_line
from lykta.sites.desk.reading import SHORT
from lykta.sites.desk.step_up import prove_first
from lykta.sites.desk.verbs import SayRefusals, answers

NOT_SHOWN = {"key", "number"}
"""A certificate is agreed to by its fingerprint, a person by their name, which stand beside it."""


_ACTIONS = {ApprovalKind.KEY_CHANGE: "keep-recipient", ApprovalKind.EXPORT_MANY: "load-export"}


@dataclass(frozen=True, slots=True)
class Line:
    """An approval as the page shows it; `place` is where it is put into effect, if there is one page for it."""

    approval: Approval

    @property
    def details(self) -> dict[str, str]:
        """What exactly was asked for, as far as people read it."""
        shown = {name: value for name, value in self.approval.details.items() if value and name not in NOT_SHOWN}
        if self.approval.kind == ApprovalKind.LEAD_LEAVES:
            shown["role"] = SHORT["role"].get(shown["role"], gettext("none: removed"))
        return shown

    @property
    def place(self) -> str:
        """The page of the case or the person that it is about; nothing for other things."""
        what, _, number = self.approval.subject.partition(":")
        if self.approval.kind == ApprovalKind.LEAD_LEAVES:
            leaves = self.approval.details["role"] == "removed"
            return reverse("remove-person" if leaves else "person", args=[self.approval.details["number"]])
        return reverse("keeping", args=[number]) if what == "case" else ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more can come of it."""
        return self.approval.state not in {ApprovalState.ASKED, ApprovalState.APPROVED}

    @property
    def is_approved(self) -> bool:
        return self.approval.state == ApprovalState.APPROVED

    @property
    def form(self) -> dict[str, str]:
        """The fields with which something approved is put into effect by `action`; empty where a page has its own."""
        details: dict[str, str] = self.approval.details
        wanted = self.is_approved and self.approval.kind in _ACTIONS
        return {name: value for name, value in details.items() if name != "fingerprint"} if wanted else {}

    @property
    def action(self) -> str:
        """Where `form` is sent."""
        return reverse(_ACTIONS[ApprovalKind(self.approval.kind)])


@answers("GET")
def approvals(request: HttpRequest, by: Staff) -> HttpResponse:
    """All of it on one page; who sees no cases reads what they asked for themselves, and what became of it."""
    may_propose(by)
    context: dict[str, Any] = {
        "to_decide": [Line(one) for one in queries.to_decide(by, now=now())],
        "mine": [Line(one) for one in queries.asked_by(by, now=now())],
        "ended": [Line(one) for one in queries.ended()] if by.sees_cases else None,
    }
    return render(request, "approvals.html", context)


@answers("POST")
def decide(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Agree or disagree; agreeing is for somebody who proved a moment ago who they are."""
    may_see_cases(by)
    agrees = request.POST.get("verdict") == "approve"
    if agrees and (page := prove_first(request, by)):
        return page
    with SayRefusals(request):
        if agrees:
            actions.approve(by=by, number=number, now=now())
            messages.success(request, gettext("You have agreed. It can be done once, until tomorrow."))
        else:
            actions.refuse(by=by, number=number, because=clean_line(request.POST.get("because", "")), now=now())
            messages.success(request, gettext("You have disagreed: it will not be done."))
    return redirect("approvals")


def ask(request: HttpRequest, by: Staff, deed: Deed) -> None:
    """Ask a second person, with the reason that was typed. Raises NotUnderstood or NotNow."""
    reason = clean_line(request.POST.get("why", ""))
    if not reason:
        raise NotUnderstood("Please say why: the person who decides reads it.")
    actions.ask(by=by, deed=deed, reason=reason, now=now())
    said = gettext("A second person has to agree first. It waits on the page of approvals until tomorrow.")
    messages.success(request, said)
