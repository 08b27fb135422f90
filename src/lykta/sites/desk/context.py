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

_DAILY = (
    ("queue", Right.SEE_CASES, "q"),
    ("my-day", Right.SEE_CASES, "d"),
    ("search", Right.SEE_CASES, "/"),
    ("opinions", Right.SEE_CASES, "s"),
    ("referrals", Right.SEE_REFERRALS, "r"),
    ("type-in", Right.SEE_CASES, ""),
)
"""What somebody who works on cases opens many times a day: always in sight."""
_YOURS = (("own-looking", Right.SEE_CASES, ""), ("calibration", Right.SEE_CASES, ""))
_KEPT = (
    ("our-list", Right.SEE_CASES, ""),
    ("hash-lists", Right.RUN, ""),
    ("recipients", Right.KEEP_RECIPIENTS, ""),
    ("links", Right.KEEP_LINKS, ""),
    ("text-blocks", Right.LEAD, ""),
)
_LED = (
    ("approvals", Right.PROPOSE, ""),
    ("figures", Right.LEAD, ""),
    ("welfare", Right.SEE_WELFARE, ""),
    ("people", Right.KEEP_PEOPLE, ""),
    ("system", Right.RUN, ""),
)
IN_ONE_LINE = 7
"""As many entries stand side by side on a tablet; who may open no more than these needs no second menu."""
Place = dict[str, str | bool]


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of the base template `desk.html`; `menu` and `menu_more` are there once the gate has let somebody in."""
    staff = getattr(request, "user", None)
    return {
        "hotline": settings.ENVIRONMENT.name,
        "page_language": get_language(),
        "desk_languages": settings.DESK_LANGUAGES,
        "practice": settings.ENVIRONMENT.mode == "practice",
        "staff": staff if isinstance(staff, Staff) else None,
        **(_menu(request, staff) if isinstance(staff, Staff) and SESSION in request.session else {}),
    }


def _menu(request: HttpRequest, staff: Staff) -> dict[str, Any]:
    """`menu`: the entries in sight; `menu_more`: the others in headed groups; `menu_here`: which of those is open."""
    daily = _allowed(request, staff, _DAILY)
    groups: list[dict[str, Any]] = [
        {"heading": heading, "places": _allowed(request, staff, places)}
        for heading, places in (
            (gettext("Yours"), _YOURS),
            (gettext("Lists and addresses"), _KEPT),
            (gettext("The hotline"), _LED),
        )
    ]
    others = [place for group in groups for place in group["places"]]
    if len(daily) + len(others) <= IN_ONE_LINE:
        return {"menu": [*daily, *others]}
    here = next((place["name"] for place in others if place["here"]), "")
    return {"menu": daily, "menu_more": [group for group in groups if group["places"]], "menu_here": here}


def _allowed(request: HttpRequest, staff: Staff, places: tuple[tuple[str, Right, str], ...]) -> list[Place]:
    names = _names()
    return [
        {"name": names[place], "url": reverse(place), "key": key, "here": request.path == reverse(place)}
        for place, right, key in places
        if may(Role(staff.role), right)
    ]


def _names() -> dict[str, str]:
    return {
        "queue": gettext("Queue"),
        "my-day": gettext("My day"),
        "search": gettext("Search"),
        "opinions": gettext("Second opinions"),
        "referrals": gettext("Referrals"),
        "type-in": gettext("Type in"),
        "own-looking": gettext("My looking"),
        "calibration": gettext("Practice cases"),
        "our-list": gettext("Our list"),
        "hash-lists": gettext("Hash lists"),
        "recipients": gettext("Recipients"),
        "links": gettext("Partner links"),
        "text-blocks": gettext("Text blocks"),
        "approvals": gettext("Approvals"),
        "figures": gettext("Figures"),
        "welfare": gettext("Welfare"),
        "people": gettext("People"),
        "system": gettext("System"),
    }
