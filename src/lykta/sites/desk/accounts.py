"""Log-in: django-allauth with every door closed but one, user name and password, then the second factor."""

import hashlib
import secrets
import time
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from lykta.lib import sealing
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.people.models import Staff

FACTOR = "second_factor"
"""In the session: the number of the authenticator whose code was given in it. See `lykta.sites.desk.gate`."""

_LOGGED_IN_AT = "logged_in_at"
_FRESH_SECONDS = 300
_BROWSER = "desk-known"
_BROWSER_SECONDS = 365 * 24 * 3600


def factor_of(staff: Staff) -> Authenticator | None:
    """The authenticator app of this person, if one has been set up."""
    return Authenticator.objects.filter(user=staff, type=Authenticator.Type.TOTP).first()


def note_factor(request: HttpRequest, staff: Staff, authenticator: Authenticator) -> None:
    """The code was given: this session may see the desk."""
    request.session[FACTOR] = authenticator.pk
    with transaction.atomic():
        audit.write(by=staff.actor, word=AuditWord.STAFF_LOGGED_IN, subject=f"staff:{staff.username}")


class Adapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Closes sign-up, notes log-ins in the audit, and counts wrong passwords without locking out the right person."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        del request
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who typed the password a moment ago is not asked for it again."""
        fresh = time.time() - self.request.session.get(_LOGGED_IN_AT, 0) < _FRESH_SECONDS
        return not fresh and bool(super().is_reauthentication_required(app=app, **kwargs))

    def post_login(self, request: HttpRequest, user: Staff, **kwargs: Any) -> HttpResponse:
        """Everything that was asked for has been given; without a second factor the gate shows nothing yet."""
        response = cast("HttpResponse", super().post_login(request, user, **kwargs))
        request.session[_LOGGED_IN_AT] = time.time()
        authenticator = factor_of(user)
        if authenticator is not None:
            note_factor(request, user, authenticator)
        if not self._browser(request, user.username):
            response.set_signed_cookie(
                _BROWSER,
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
        known = request.get_signed_cookie(_BROWSER, default="", max_age=_BROWSER_SECONDS)
        name, _, token = (known or "").rpartition(":")
        return token if name == _name(login) else ""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth has no types
    """The secrets of authenticator apps lie encrypted in the casebook, so that its backups alone are worth nothing."""

    def encrypt(self, text: str) -> str:
        return sealing.lock({"secret": text}, key=_key()).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return str(sealing.unlock(bytes.fromhex(encrypted_text), key=_key())["secret"])


class ActivateFactor(ActivateTOTPView):  # type: ignore[misc] # allauth has no types
    """Setting up the authenticator app proves the second factor, so the session may go on."""

    template_name = "factor_activate.html"

    def form_valid(self, form: Any) -> HttpResponse:
        response = cast("HttpResponse", super().form_valid(form))
        staff = cast("Staff", self.request.user)
        authenticator = factor_of(staff)
        if authenticator is not None:
            note_factor(self.request, staff, authenticator)
        return response


def _name(login: str) -> str:
    return hashlib.sha256(login.lower().encode()).hexdigest()[:32]


def _key() -> bytes:
    return hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"lykta-totp").digest()
