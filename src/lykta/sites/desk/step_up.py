"""Before something sensitive: a second factor, given within the last five minutes (ASVS 5.0, 7.5.3)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.base.views import ReauthenticateView as CodeView
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.people.models import Staff
from lykta.sites.desk.factors import factors_of, is_fresh
from lykta.sites.desk.failing import note_wrong_factor
from lykta.sites.desk.passkeys import ProofForm, options_text
from lykta.sites.desk.verbs import DeskView, P, staff_of

PREFIX = "factor"
"""Of the fields that prove who it is, beside the fields of the form that waits."""


def fresh_factor(right: Callable[[Staff], None]) -> Callable[[DeskView[P]], DeskView[P]]:
    """For views under `answers`: asks for a passkey or a code first, unless one was given within five minutes.

    `right` is asked before that (a function such as `may_keep_people`), so that whoever may not learns nothing. What
    was typed is not lost: it waits in the page that asks, and goes on together with the proof. Files cannot wait.
    """

    def decorate(view: DeskView[P]) -> DeskView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, by: Staff, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            right(by)
            return prove_first(request, by) or view(request, by, *args, **kwargs)

        return guarded

    return decorate


def prove_first(request: HttpRequest, by: Staff) -> HttpResponse | None:
    """The page that asks for a passkey or a code; None for somebody who gave one within five minutes, or just now.

    For where only a part of a view is sensitive; the right to do it has to be checked before.
    """
    return None if is_fresh(request) or _proves(request, by) else _ask(request, by)


def _proves(request: HttpRequest, by: Staff) -> bool:
    """Whether what was sent holds a passkey's answer or a code that is right; it counts for the next five minutes."""
    for form_class in (ProofForm, ReauthenticateForm):
        form = form_class(user=by, data=request.POST, prefix=PREFIX)
        if any(form.add_prefix(name) in request.POST for name in form.fields):
            return _is_right(request, by, form)
    return False


def _is_right(request: HttpRequest, by: Staff, form: Any) -> bool:
    if not form.is_valid():
        note_wrong_factor(by, form)
        messages.error(request, gettext("That was not right. Nothing was changed; please try again."))
        return False
    with transaction.atomic():
        form.save()
        audit.write(by=by.actor, word=AuditWord.STAFF_PROVED, subject=by.actor)
        request.session.cycle_key()  # whoever took the cookie before has not given the factor (ASVS 5.0, 7.2.4)
    return is_fresh(request)


def _ask(request: HttpRequest, by: Staff) -> HttpResponse:
    """A page that was asked for comes after the proof; a form waits in the page that asks."""
    if request.method == "GET":
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and not name.startswith(f"{PREFIX}-")
        for value in values
    ]
    has_key = any(one.type == one.Type.WEBAUTHN for one in factors_of(by))
    context = {
        "carried": carried,
        "passkey": options_text(auth.begin_authentication(by)) if has_key else "",
        "code_form": ReauthenticateForm(user=by, prefix=PREFIX),
    }
    return render(request, "prove.html", context, status=403)


class _Noted:
    """That somebody proved again who they are stands in the record."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        staff = staff_of(self.request)
        with transaction.atomic():
            response = cast("HttpResponse", super().form_valid(form))  # type: ignore[misc] # the view beside it has it
            audit.write(by=staff.actor, word=AuditWord.STAFF_PROVED, subject=staff.actor)
            self.request.session.cycle_key()
        return response


class ByCode(_Noted, CodeView):  # type: ignore[misc] # allauth has no types
    """Is it you? By a code of the app, or a recovery code."""

    template_name = "again.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        note_wrong_factor(staff_of(self.request), form)
        return cast("HttpResponse", super().form_invalid(form))


class ByKey(_Noted, ReauthenticateWebAuthnView):  # type: ignore[misc] # allauth has no types
    """Is it you? By passkey."""

    form_class = ProofForm
    template_name = "again.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = cast("dict[str, Any]", super().get_context_data(**kwargs))
        return {**context, "passkey": options_text(context["js_data"]["request_options"])}

    def form_invalid(self, form: Any) -> HttpResponse:
        note_wrong_factor(staff_of(self.request), form)
        messages.error(self.request, gettext("That was not right. Nothing was changed; please try again."))
        return redirect(self.request.get_full_path())
