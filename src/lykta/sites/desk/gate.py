"""Nothing of the desk is seen without a factor that counts. What is not named here is closed."""

from django.contrib.auth import get_user, logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from lykta.lib.clock import now
from lykta.records.people import actions
from lykta.records.people.models import Staff
from lykta.sites.common.headers import GetResponse
from lykta.sites.desk.accounts import set_up_page
from lykta.sites.desk.factors import factors_of, session_of

WITHOUT_LOG_IN = ("account_login", "mfa_login_webauthn", "mfa_authenticate", "account_logout", "join")
WITHOUT_SECOND_FACTOR = ("mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate", "mfa_reauthenticate")


def staff_only(get_response: GetResponse) -> GetResponse:
    """Middleware: everybody else is led to the page that lets them in."""

    def answer(request: HttpRequest) -> HttpResponse:
        # The person, not Django's lazy stand-in: the database router asks for the class of what it is given.
        request.user = get_user(request)
        if _is_one_of(request, WITHOUT_LOG_IN):
            return get_response(request)
        staff = request.user
        if not isinstance(staff, Staff):
            return _to_log_in(request)
        if session_of(request, staff) is not None:
            actions.note_active(staff=staff, day=now().date())
            return get_response(request)
        if factors_of(staff):
            # Ended, or from before the factor was set up: whoever holds this session never gave it.
            logout(request)
            return _to_log_in(request)
        if _is_one_of(request, WITHOUT_SECOND_FACTOR):
            return get_response(request)
        return redirect(set_up_page(staff))

    return answer


def _is_one_of(request: HttpRequest, names: tuple[str, ...]) -> bool:
    try:
        return resolve(request.path_info).url_name in names
    except Resolver404:
        return False


def _to_log_in(request: HttpRequest) -> HttpResponse:
    target = request.get_full_path() if request.method == "GET" else "/"
    return redirect_to_login(target)
