"""Nothing of the desk is seen without a password and a second factor. What is not named here is closed."""

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user, logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lykta.records.people.models import Staff
from lykta.sites.common.headers import GetResponse
from lykta.sites.desk.accounts import FACTOR, factor_of

WITHOUT_LOG_IN = ("account_login", "mfa_authenticate", "account_logout")
WITHOUT_SECOND_FACTOR = ("mfa_activate_totp", "account_reauthenticate")


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
        if _gave_factor(request, staff):
            return get_response(request)
        if factor_of(staff) is not None:
            # A session from before the second factor was set up: whoever holds it never gave a code.
            logout(request)
            return _to_log_in(request)
        if _is_one_of(request, WITHOUT_SECOND_FACTOR):
            return get_response(request)
        return redirect("mfa_activate_totp")

    return answer


def _gave_factor(request: HttpRequest, staff: Staff) -> bool:
    """Whether a code of the app that is set up now was given in this session; a changed app ends older sessions."""
    number = request.session.get(FACTOR)
    found = Authenticator.objects.filter(pk=number, user=staff, type=Authenticator.Type.TOTP)
    return number is not None and bool(found.exists())


def _is_one_of(request: HttpRequest, names: tuple[str, ...]) -> bool:
    return request.path_info in {reverse(name) for name in names}


def _to_log_in(request: HttpRequest) -> HttpResponse:
    target = request.get_full_path() if request.method == "GET" else "/"
    return redirect_to_login(target)
