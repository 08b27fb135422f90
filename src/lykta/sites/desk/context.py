"""What every page of the desk shows: the hotline's name, who is logged in, and where that person may go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from lykta.core.vocabulary import Role
from lykta.records.people.models import Staff
from lykta.sites.desk.accounts import FACTOR

_CASES = {Role.ANALYST, Role.LEAD}
_MENU = (
    ("queue", _CASES, "q"),
    ("referrals", _CASES, "r"),
    ("opinions", _CASES, "s"),
    ("type-in", _CASES, ""),
    ("calibration", _CASES, ""),
    ("approvals", _CASES, ""),
    ("recipients", {Role.LEAD}, ""),
    ("links", {Role.COMMUNICATOR, Role.LEAD, Role.ADMINISTRATOR}, ""),
    ("figures", {Role.LEAD}, ""),
    ("system", {Role.LEAD, Role.ADMINISTRATOR}, ""),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of the base template `desk.html`; `menu` is empty until the gate has let somebody in."""
    staff = getattr(request, "user", None)
    return {
        "hotline": settings.ENVIRONMENT.name,
        "practice": settings.ENVIRONMENT.mode == "practice",
        "staff": staff if isinstance(staff, Staff) else None,
        "menu": _menu(request, staff) if isinstance(staff, Staff) and FACTOR in request.session else [],
    }


def _menu(request: HttpRequest, staff: Staff) -> list[dict[str, str | bool]]:
    names = {
        "queue": gettext("Queue"),
        "referrals": gettext("Referrals"),
        "opinions": gettext("Second opinions"),
        "type-in": gettext("Type in"),
        "calibration": gettext("Practice cases"),
        "approvals": gettext("Approvals"),
        "recipients": gettext("Recipients"),
        "links": gettext("Partner links"),
        "figures": gettext("Figures"),
        "system": gettext("System"),
    }
    return [
        {"name": names[place], "url": reverse(place), "key": key, "here": request.path == reverse(place)}
        for place, roles, key in _MENU
        if staff.role in roles
    ]
