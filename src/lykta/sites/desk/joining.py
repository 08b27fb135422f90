"""Somebody who was invited comes in by their link, once: a password for the safe, then a passkey for every day."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lykta.core.refusals import NotNow
from lykta.core.vocabulary import Role
from lykta.lib.clock import now
from lykta.records.people import actions
from lykta.sites.desk import problems
from lykta.sites.desk.accounts import set_up_page
from lykta.sites.desk.factors import note_log_in


def join(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing, since mail programs open links; what is sent uses it up."""
    if request.method not in {"GET", "POST"}:
        return problems.wrong_method(request, "GET", "POST")
    try:
        staff = actions.invited(token, now=now())
        form = SetPasswordForm(staff, request.POST or None)
        if request.method == "POST" and form.is_valid():
            staff = actions.join(token=token, password=form.cleaned_data["new_password1"], now=now())
            get_adapter(request).login(request, staff)
            note_log_in(request, staff)
            return redirect(set_up_page(staff))
    except NotNow as refusal:
        return problems.gone(request, refusal)
    context = {"form": form, "name": staff.username, "task": Role(staff.role).sentence}
    return render(request, "join.html", context, status=422 if request.method == "POST" else 200)
