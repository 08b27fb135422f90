"""Messages that wait: for a person to mend them, for the police, for an answer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lykta.core.refusals import NotUnderstood
from lykta.lib.clock import now
from lykta.records.people.access import may_see_referrals
from lykta.records.people.models import Staff
from lykta.records.referrals import actions, queries
from lykta.records.referrals.access import access_referral
from lykta.sites.common.words import clean_line
from lykta.sites.desk.verbs import SayRefusals, answers

SHOWN = 50
"""Rows of one table; whoever has more unanswered messages than this needs another tool than a page."""


@answers("GET")
def referrals(request: HttpRequest, by: Staff) -> HttpResponse:
    """Three tables: what cannot be sent, what is held, what has no answer yet."""
    may_see_referrals(by)
    return _show(request)


@answers("POST")
def readdress(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Give a failed message an address to go to."""
    referral = access_referral(by, number)
    typed = clean_line(request.POST.get("email", ""))
    with SayRefusals(request):
        actions.readdress(by=by.actor, number=number, email=read_email(typed), now=now())
        done = gettext("%(reference)s is on its way again.") % {"reference": referral.reference}
        messages.success(request, done)
        return redirect("referrals")
    return _show(request, typed={number: typed})


def read_email(typed: str) -> str:
    """An e-mail address. Raises NotUnderstood."""
    try:
        validate_email(typed)
    except ValidationError:
        raise NotUnderstood("Please give a whole e-mail address, such as abuse@host.example.") from None
    return typed


def _show(request: HttpRequest, typed: dict[int, str] | None = None) -> HttpResponse:
    failed = [{"told": one, "email": (typed or {}).get(one.pk, one.email)} for one in queries.failed()[:SHOWN]]
    context = {"failed": failed, "held": queries.held(SHOWN), "unanswered": queries.unanswered(SHOWN)}
    return render(request, "referrals.html", context)
