"""Whom the hotline knows: police units and partner hotlines, with the certificates that mail to them is sealed to."""

import re
from dataclasses import asdict, dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lykta.core.refusals import NotAllowed, NotUnderstood
from lykta.core.vocabulary import ApprovalState, RecipientKind
from lykta.lib import certificates
from lykta.lib.certificates import Certificate
from lykta.lib.clock import now
from lykta.records.approvals import queries as approvals
from lykta.records.approvals.actions import Deed
from lykta.records.people.access import may_keep_recipients, may_lead
from lykta.records.people.models import Staff
from lykta.records.referrals import actions, queries
from lykta.sites.common.words import clean_line, clean_text
from lykta.sites.desk.approvals import ask
from lykta.sites.desk.referrals import read_email
from lykta.sites.desk.step_up import fresh_factor
from lykta.sites.desk.verbs import SayRefusals, answers

KINDS = (RecipientKind.POLICE, RecipientKind.HOTLINE)
"""A host's address is found by tracing, never kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the form holds."""

    kind: str = RecipientKind.POLICE
    country: str = ""
    name: str = ""
    email: str = ""
    key: str = ""


@answers("GET")
def recipients(request: HttpRequest, by: Staff) -> HttpResponse:
    """Everybody whom the hotline knows, and a form to add one."""
    may_keep_recipients(by)
    return _show(request, Draft(country=""))


@answers("GET")
def recipient(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """The same page with one of them in the form."""
    may_keep_recipients(by)
    known = next((one for one in queries.recipients() if one.pk == number), None)
    if known is None:
        raise NotAllowed("There is nothing here for you.")
    draft = Draft(kind=known.kind, country=known.country, name=known.name, email=known.email, key=known.key)
    return _show(request, draft, changing=True)


@answers("POST")
@fresh_factor(may_keep_recipients)
def keep(request: HttpRequest, by: Staff) -> HttpResponse:
    """Add a recipient, or change the one of that kind in that country: where mail goes is changed by two."""
    draft = Draft(
        kind=request.POST.get("kind", ""),
        country=clean_line(request.POST.get("country", "")).upper(),
        name=clean_line(request.POST.get("name", "")),
        email=clean_line(request.POST.get("email", "")),
        key=clean_text(request.POST.get("key", "")),
    )
    with SayRefusals(request):
        _check(draft)
        deed = _change(draft)
        if deed and approvals.standing(by, deed, now=now()) != ApprovalState.APPROVED:
            ask(request, by, deed)
            return redirect("approvals" if by.sees_cases else "recipients")
        actions.keep_recipient(by=by, **{**asdict(draft), "kind": RecipientKind(draft.kind)}, now=now())
        messages.success(request, gettext("%(name)s is kept.") % {"name": draft.name})
        return redirect("recipients")
    return _show(request, draft, changing="changing" in request.POST)


@answers("POST")
@fresh_factor(may_lead)
def compared(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """What was changed on the machine itself is right: somebody asked its owner."""
    actions.note_compared(by=by, number=number)
    messages.success(request, gettext("That you compared it stands in the record."))
    return redirect("recipients")


def _change(draft: Draft) -> Deed | None:
    """What a second person has to agree to: mail that went to one place would go to another."""
    known = queries.recipient(RecipientKind(draft.kind), draft.country)
    if known is None or not actions.goes_elsewhere(known, email=draft.email, key=draft.key):
        return None
    return actions.recipient_change(known=known, name=draft.name, email=draft.email, key=draft.key, now=now())


def _check(draft: Draft) -> None:
    """Raises NotUnderstood for the first thing that cannot be right."""
    if draft.kind not in KINDS:
        raise NotUnderstood("Please choose police or partner hotline.")
    if not re.fullmatch("[A-Z]{2}", draft.country):
        raise NotUnderstood("Please give the country in two letters, such as SE.")
    if not 0 < len(draft.name) <= 200:
        raise NotUnderstood("Please give a name of at most 200 letters.")
    read_email(draft.email)
    if draft.key:
        certificates.read(draft.key, now=now()).check()


def _show(request: HttpRequest, draft: Draft, *, changing: bool = False) -> HttpResponse:
    known = [{"to": one, "certificate": _certificate(one.key)} for one in queries.recipients()]
    context = {"known": known, "draft": draft, "changing": changing, "kinds": KINDS, "alone": queries.changed_alone()}
    return render(request, "recipients.html", context)


def _certificate(armored: str) -> Certificate | None:
    try:
        return certificates.read(armored, now=now()) if armored else None
    except NotUnderstood:
        return None
