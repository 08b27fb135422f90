"""Log-in: django-allauth with every door closed but two: a passkey, or a password and then a second factor."""

import hashlib
import secrets
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import LogoutView, PasswordChangeView
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext

from lykta.lib import sealing
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.people import sessions
from lykta.records.people.models import Staff
from lykta.sites.desk.devices import device
from lykta.sites.desk.factors import SESSION, factors_of, is_fresh, may_use_app, note_factor, note_log_in
from lykta.sites.desk.verbs import staff_of

_BROWSER_SECONDS = 365 * 24 * 3600


class Adapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Closes sign-up, notes log-ins in the audit, and counts wrong passwords without locking out the right person."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        del request
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Keys are changed by who gave a factor within five minutes, and by nobody else."""
        del app, kwargs
        return not is_fresh(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """A password alone proves too little as soon as there is a factor; a passkey is asked for first."""
        methods = cast("list[dict[str, Any]]", super().get_reauthentication_methods(user))
        if isinstance(user, Staff) and factors_of(user):
            methods = [one for one in methods if one["id"] != "reauthenticate"]
        return sorted(methods, key=lambda one: one["id"] != "mfa_reauthenticate:webauthn")

    def post_login(self, request: HttpRequest, user: Staff, **kwargs: Any) -> HttpResponse:
        """Everything that was asked for has been given; without a second factor the gate shows nothing yet."""
        response = cast("HttpResponse", super().post_login(request, user, **kwargs))
        note_log_in(request, user)
        if not self._browser(request, user.username):
            response.set_signed_cookie(
                settings.KNOWN_BROWSER_COOKIE_NAME,
                f"{_name(user.username)}:{secrets.token_hex(16)}",
                max_age=_BROWSER_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Strict",
            )
        return response

    def respond_user_inactive(self, request: HttpRequest, user: Staff) -> HttpResponse:
        del user
        messages.error(request, gettext("This account is closed. Ask your lead."))
        return redirect("account_login")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What wrong passwords are counted under: the account, and the browser if it has logged in here before.

        A stranger who keeps trying exhausts the strangers' count only (OWASP: device cookies). Neither the Host
        header nor the address, both of which a stranger may choose or share, is part of it.
        """
        login = str(credentials.get("username", ""))
        return f"{_name(login)}:{self._browser(request, login)}"

    def _browser(self, request: HttpRequest, login: str) -> str:
        cookie = settings.KNOWN_BROWSER_COOKIE_NAME
        known = request.get_signed_cookie(cookie, default="", max_age=_BROWSER_SECONDS)
        name, _, token = (known or "").rpartition(":")
        return token if name == _name(login) else ""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth has no types
    """The secrets of authenticator apps lie encrypted in the casebook, so that its backups alone are worth nothing."""

    def encrypt(self, text: str) -> str:
        return sealing.lock({"secret": text}, key=_key()).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return str(sealing.unlock(bytes.fromhex(encrypted_text), key=_key())["secret"])

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - allauth's own name
        """Where the key is most likely kept: the device on which it is added."""
        del user, type
        return device(context.request.headers.get("User-Agent", "")) or gettext("A passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Whom passkeys are for: the desk's own name from the settings, never what a request says that it is."""
        return {"id": key_domain(settings.ENVIRONMENT.url("desk")), "name": settings.ENVIRONMENT.name}


def key_domain(url: str) -> str:
    """The name that passkeys are bound to (WebAuthn: RP ID). A loopback address has the one name that it may have."""
    host = urlsplit(url).hostname or ""
    try:
        return "localhost" if ip_address(host).is_loopback else host
    except ValueError:
        return host


class ActivateFactor(ActivateTOTPView):  # type: ignore[misc] # allauth has no types
    """Setting up the authenticator app proves the second factor, so the session may go on."""

    template_name = "factor_activate.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_use_app(staff_of(request)):
            return redirect("mfa_add_webauthn")
        return cast("HttpResponseBase", super().dispatch(request, *args, **kwargs))

    def form_valid(self, form: Any) -> HttpResponse:
        staff = staff_of(self.request)
        with transaction.atomic():
            response = cast("HttpResponse", super().form_valid(form))
            audit.write(by=staff.actor, word=AuditWord.STAFF_KEY_ADDED, subject=staff.actor, facts={"kind": "app"})
            note_factor(self.request, staff, factors_of(staff)[-1])
        return response


class RemoveFactor(DeactivateTOTPView):  # type: ignore[misc] # allauth has no types
    """The app is taken away; the sessions that rest on it end."""

    template_name = "factor_remove.html"

    def form_valid(self, form: Any) -> HttpResponse:
        staff = staff_of(self.request)
        with transaction.atomic():
            response = cast("HttpResponse", super().form_valid(form))
            audit.write(by=staff.actor, word=AuditWord.STAFF_KEY_REMOVED, subject=staff.actor, facts={"kind": "app"})
        return response


class NewCodes(GenerateRecoveryCodesView):  # type: ignore[misc] # allauth has no types
    """The old codes stop working; that is noted."""

    template_name = "recovery_new.html"

    def form_valid(self, form: Any) -> HttpResponse:
        staff = staff_of(self.request)
        with transaction.atomic():
            response = cast("HttpResponse", super().form_valid(form))
            audit.write(by=staff.actor, word=AuditWord.STAFF_CODES_MADE, subject=staff.actor)
        return response


class LogOut(LogoutView):  # type: ignore[misc] # allauth has no types
    """This browser stands in no list any more."""

    template_name = "log_out.html"

    def logout(self) -> None:
        if isinstance(self.request.user, Staff) and SESSION in self.request.session:
            number = UUID(self.request.session[SESSION])
            sessions.end(by=self.request.user.actor, staff=self.request.user, number=number)
        super().logout()


class NewPassword(PasswordChangeView):  # type: ignore[misc] # allauth has no types
    """The password is another one from now on, and other browsers are logged out."""

    template_name = "password.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        staff = staff_of(self.request)
        with transaction.atomic():
            response = cast("HttpResponse", super().form_valid(form))
            audit.write(by=staff.actor, word=AuditWord.STAFF_PASSWORD_CHANGED, subject=staff.actor)
            sessions.end_all(by=staff.actor, staff=staff, but=self.request.session[SESSION])
        return response


def set_up_page(staff: Staff) -> str:
    """Where somebody without a factor sets one up."""
    return reverse("mfa_activate_totp" if may_use_app(staff) else "mfa_add_webauthn")


def _name(login: str) -> str:
    return hashlib.sha256(login.lower().encode()).hexdigest()[:32]


def _key() -> bytes:
    return hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"lykta-totp").digest()
