"""Passkeys (WebAuthn): log in with one, add, rename, take away. The script that asks the browser is `passkeys.js`."""

import json
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.account.utils import get_next_redirect_url
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, LoginWebAuthnForm, ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, LoginWebAuthnView, RemoveWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext

from lykta.core.vocabulary import FailedProof
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.people import sessions
from lykta.sites.common.words import clean_line
from lykta.sites.desk.accounts import key_domain
from lykta.sites.desk.factors import SESSION, factors_of, may_use_app, note_factor
from lykta.sites.desk.failing import note_failure
from lykta.sites.desk.verbs import staff_of

UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)
"""What fido2 raises for an answer that no browser gives."""


class _Readable:
    """Before a form that takes what a passkey answers: what no browser answers is a wrong answer, no fault of ours."""

    def clean_credential(self) -> Authenticator:
        try:
            return cast("Authenticator", super().clean_credential())  # type: ignore[misc] # the form beside it has it
        except UNREADABLE as error:
            raise ValidationError(gettext("We could not read what your browser answered. Please try again.")) from error


class LogInForm(_Readable, LoginWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """Who it is, and that it is them, by a passkey."""


class ProofForm(_Readable, ReauthenticateWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """That it is still them, by a passkey."""


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """The name of a new key, and what the browser answered."""

    def clean_name(self) -> str:
        return clean_line(str(super().clean_name()))[:60]

    def clean(self) -> dict[str, Any]:
        try:
            super().clean()
        except UNREADABLE:
            self.add_error(None, gettext("We could not read what your browser answered. Please try again."))
        return cast("dict[str, Any]", self.cleaned_data)


class AddKey(AddWebAuthnView):  # type: ignore[misc] # allauth has no types
    """A key that needs no user name (resident) and proves who holds it (PIN, finger, face)."""

    template_name = "key_add.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = cast("dict[str, Any]", super().get_context_data(**kwargs))
        staff = staff_of(self.request)
        options = auth.begin_registration(staff, passwordless=True)
        own = {"may_use_app": may_use_app(staff), "other_place": other_place(self.request)}
        return {**context, **own, "passkey": options_text(options)}

    def form_valid(self, form: Any) -> HttpResponse:
        staff = staff_of(self.request)
        with transaction.atomic():
            response = cast("HttpResponse", super().form_valid(form))
            added = Authenticator.objects.filter(user=staff, type=Authenticator.Type.WEBAUTHN).latest("pk")
            audit.write(by=staff.actor, word=AuditWord.STAFF_KEY_ADDED, subject=staff.actor, facts={"key": added.pk})
            note_factor(self.request, staff, added)
        messages.success(self.request, gettext("The passkey works from now on."))
        return response


class KeyLogIn(LoginWebAuthnView):  # type: ignore[misc] # allauth has no types
    """Log in with nothing but a passkey. A page of its own, so that the log-in page makes no session."""

    form_class = LogInForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        del args, kwargs
        context = {
            "passkey": options_text(auth.begin_authentication()),
            "next": get_next_redirect_url(request),
            "other_place": other_place(request),
        }
        return render(request, "key_log_in.html", context)

    def form_invalid(self, form: Any) -> HttpResponse:
        """One answer for a key that is not known, was taken away, or whose answer is false.

        It is counted under no account: which one was meant only the false answer says.
        """
        del form
        note_failure("", FailedProof.PASSKEY)
        messages.error(self.request, gettext("This passkey opens no account here. Try another, or use your password."))
        return redirect("account_login")


class RenameKey(EditWebAuthnView):  # type: ignore[misc] # allauth has no types
    """Another name for a key, so that one knows which to take away."""

    template_name = "key_rename.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        staff = staff_of(self.request)
        form.cleaned_data["name"] = clean_line(form.cleaned_data["name"])[:60]
        with transaction.atomic():
            response = cast("HttpResponse", super().form_valid(form))
            facts = {"key": form.instance.pk}
            audit.write(by=staff.actor, word=AuditWord.STAFF_KEY_RENAMED, subject=staff.actor, facts=facts)
        return response


class RemoveKey(RemoveWebAuthnView):  # type: ignore[misc] # allauth has no types
    """A key is taken away: browsers that logged in with it are out, but for the one in which it is done."""

    template_name = "key_remove.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        staff, going = staff_of(self.request), self.get_object()
        others = [one for one in factors_of(staff) if one.pk != going.pk]
        if not others:
            messages.error(self.request, gettext("This is the only way in that you have. Add another key first."))
            return redirect("mfa_index")
        with transaction.atomic():
            sessions.move_to_factor(self.request.session[SESSION], staff=staff, factor=others[0].pk)
            facts = {"key": going.pk}
            audit.write(by=staff.actor, word=AuditWord.STAFF_KEY_REMOVED, subject=staff.actor, facts=facts)
            response = cast("HttpResponse", super().form_valid(form))
        messages.success(self.request, gettext("The passkey opens nothing any more."))
        return response


def other_place(request: HttpRequest) -> str:
    """Where this page has to be opened for passkeys to work; "" where it is. In practice that is not 127.0.0.1."""
    desk = urlsplit(settings.ENVIRONMENT.url("desk"))
    domain = key_domain(desk.geturl())
    if urlsplit(f"//{request.get_host()}").hostname == domain:
        return ""
    port = f":{desk.port}" if desk.port else ""
    return f"{desk.scheme}://{domain}{port}{request.path}"


def options_text(options: dict[str, Any]) -> str:
    """What the browser is asked, for the attribute that `passkeys.js` reads."""
    return json.dumps(options, cls=DjangoJSONEncoder)
