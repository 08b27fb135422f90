"""The second factors of staff: which count, which was used, and whether that was a moment ago."""

import time
from datetime import timedelta
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from lykta.lib.clock import now
from lykta.records.people import actions, sessions
from lykta.records.people.models import DeskSession, Staff
from lykta.sites.desk.devices import device
from lykta.sites.desk.session_store import SessionStore

SESSION = "desk_session"
"""In Django's session: the number of the row of `DeskSession` without which it opens nothing."""
FRESH_SECONDS = 300

_PROVED_AT = "proved_at"
_LOGGED_IN_AT = "logged_in_at"


def may_use_app(staff: Staff) -> bool:
    """Whether an authenticator app does for this person: in practice, or where a lead allowed it."""
    return settings.ENVIRONMENT.mode == "practice" or staff.may_use_app


def factors_of(staff: Staff) -> list[Authenticator]:
    """What this person has set up and what counts: passkeys first, then the app."""
    counts = [Authenticator.Type.WEBAUTHN, *([Authenticator.Type.TOTP] if may_use_app(staff) else [])]
    return list(Authenticator.objects.filter(user=staff, type__in=counts).order_by("-type", "pk"))


def note_log_in(request: HttpRequest, staff: Staff) -> None:
    """All that allauth asks for was given. Without a factor the gate shows nothing but the page to set one up."""
    request.session[_LOGGED_IN_AT] = time.time()
    used, factors = _proofs(request, staff), factors_of(staff)
    if used and factors:
        # Who came in by a recovery code rests on the factor that it stands for: when that goes, the session ends.
        note_factor(request, staff, next((one for one in factors if one.pk == used[-1]["id"]), factors[0]))


def note_factor(request: HttpRequest, staff: Staff, factor: Authenticator) -> None:
    """The factor was given: this browser may see the desk."""
    request.session[_PROVED_AT] = time.time()
    if session_of(request, staff) is None:
        sessions.sweep(now=now(), **_limits())
        SessionStore.clear_expired()
        used_by = device(request.headers.get("User-Agent", ""))
        request.session[SESSION] = str(sessions.begin(by=staff, factor=factor.pk, device=used_by, now=now()))
        actions.note_active(staff=staff, day=now().date())


def session_of(request: HttpRequest, staff: Staff) -> DeskSession | None:
    """The row of this browser, while its session goes on and what it rests on still counts."""
    found = sessions.use(request.session.get(SESSION), staff=staff, now=now(), **_limits())
    return found if found and found.factor in {one.pk for one in factors_of(staff)} else None


def is_fresh(request: HttpRequest) -> bool:
    """Whether a factor was given in this browser within the last five minutes; who has none yet: a password."""
    staff = request.user
    if not isinstance(staff, Staff):
        return False
    latest = max([request.session.get(_PROVED_AT, 0), *(one["at"] for one in _proofs(request, staff))])
    if not factors_of(staff):
        latest = request.session.get(_LOGGED_IN_AT, 0)
    return bool(time.time() - latest < FRESH_SECONDS)


def _proofs(request: HttpRequest, staff: Staff) -> list[dict[str, Any]]:
    """What was given in this browser and counts: not an app that is left over from before there was a passkey."""
    given = [one for one in get_authentication_records(request, staff) if one["method"] == "mfa"]
    return [one for one in given if one["type"] != Authenticator.Type.TOTP or may_use_app(staff)]


def _limits() -> dict[str, timedelta]:
    """How long a session may last in all, and without a page."""
    seconds = {"longest": settings.SESSION_COOKIE_AGE, "idle": settings.SESSION_IDLE}
    return {name: timedelta(seconds=value) for name, value in seconds.items()}
