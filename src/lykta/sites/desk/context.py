"""What every page of the desk shows: the hotline's name, who is logged in, and where that person may go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext

from lykta.core.permissions import Right, may
from lykta.core.vocabulary import Role
from lykta.records.people.models import Staff
from lykta.sites.desk.factors import SESSION

_MENU = (
    ("queue", Right.SEE_CASES, "q"),
    ("my-day", Right.SEE_CASES, "d"),
    ("search", Right.SEE_CASES, "/"),
    ("referrals", Right.SEE_REFERRALS, "r"),
    ("opinions", Right.SEE_CASES, "s"),
    ("own-looking", Right.SEE_CASES, ""),
    ("type-in", Right.SEE_CASES, ""),
    ("calibration", Right.SEE_CASES, ""),
    ("our-list", Right.SEE_CASES, ""),
    ("approvals", Right.SEE_CASES, ""),
    ("recipients", Right.KEEP_RECIPIENTS, ""),
    ("text-blocks", Right.LEAD, ""),
    ("links", Right.KEEP_LINKS, ""),
    ("hash-lists", Right.RUN, ""),
    ("figures", Right.LEAD, ""),
    ("welfare", Right.SEE_WELFARE, ""),
    ("people", Right.KEEP_PEOPLE, ""),
    ("system", Right.RUN, ""),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of the base template `desk.html`; `menu` is empty until the gate has let somebody in."""
    staff = getattr(request, "user", None)
    return {
        "hotline": settings.ENVIRONMENT.name,
        "page_language": get_language(),
        "desk_languages": settings.DESK_LANGUAGES,
        "practice": settings.ENVIRONMENT.mode == "practice",
        "staff": staff if isinstance(staff, Staff) else None,
        "menu": _menu(request, staff) if isinstance(staff, Staff) and SESSION in request.session else [],
    }


def _menu(request: HttpRequest, staff: Staff) -> list[dict[str, str | bool]]:
    names = {
        "queue": gettext("Queue"),
        "my-day": gettext("My day"),
        "search": gettext("Search"),
        "referrals": gettext("Referrals"),
        "opinions": gettext("Second opinions"),
        "own-looking": gettext("My looking"),
        "type-in": gettext("Type in"),
        "calibration": gettext("Practice cases"),
        "our-list": gettext("Our list"),
        "approvals": gettext("Approvals"),
        "recipients": gettext("Recipients"),
        "text-blocks": gettext("Text blocks"),
        "links": gettext("Partner links"),
        "hash-lists": gettext("Hash lists"),
        "figures": gettext("Figures"),
        "welfare": gettext("Welfare"),
        "people": gettext("People"),
        "system": gettext("System"),
    }
    return [
        {"name": names[place], "url": reverse(place), "key": key, "here": request.path == reverse(place)}
        for place, right, key in _MENU
        if may(Role(staff.role), right)
    ]
