"""One's own looking: today's figures, what colleagues have asked, preferences. Nobody else sees it."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lykta.core.vocabulary import Blur
from lykta.records.exposure import actions, queries
from lykta.records.people.access import may_see_cases
from lykta.records.people.models import Staff
from lykta.sites.desk.meters import local_now, meter
from lykta.sites.desk.verbs import SayRefusals, answers, house

_SPANS = (0, 6, 29, 364)
"""Days back from today for which one's own figures are summed."""


@answers("GET")
def own_looking(request: HttpRequest, by: Staff) -> HttpResponse:
    """All of it on one page."""
    may_see_cases(by)
    here = local_now()
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    spans = [
        {"days": back + 1, "share": queries.own_share(by, since=midnight - timedelta(days=back))} for back in _SPANS
    ]
    context = {
        "meter": meter(queries.day_of(by, now=here), limits=house().viewing, now=here),
        "asked": queries.asked_of(by),
        "additions": queries.additions_of(by, day=here.date()),
        "spans": spans,
        "severities": queries.severities(by, since=midnight - timedelta(days=_SPANS[-1])),
        "preference": queries.preference_of(by),
        "blurs": list(Blur),
        "sides": actions.SIDES,
        "dates": queries.counselling_of(by),
        "today": here.date(),
    }
    return render(request, "own_looking.html", context)


@answers("POST")
def keep_preference(request: HttpRequest, by: Staff) -> HttpResponse:
    """How this person wants to be shown things."""
    may_see_cases(by)
    blur, side = request.POST.get("blur", ""), request.POST.get("side", "")
    with SayRefusals(request):
        actions.keep_preference(
            by=by,
            gray="gray" in request.POST,
            blur=Blur(blur) if blur in set(Blur) else Blur.STRONG,
            side=_number(side),
        )
        messages.success(request, gettext("Kept."))
    return redirect("own-looking")


@answers("POST")
def note_elsewhere(request: HttpRequest, by: Staff) -> HttpResponse:
    """Minutes in another system."""
    may_see_cases(by)
    with SayRefusals(request):
        actions.note_elsewhere(
            by=by,
            day=_day(request.POST.get("day", "")),
            minutes=_number(request.POST.get("minutes", "")),
            system=request.POST.get("system", ""),
            now=local_now(),
        )
        messages.success(request, gettext("Counted."))
    return redirect("own-looking")


@answers("POST")
def note_counselling(request: HttpRequest, by: Staff) -> HttpResponse:
    """The date of a talk."""
    may_see_cases(by)
    with SayRefusals(request):
        actions.note_counselling(by=by, day=_day(request.POST.get("day", "")), now=local_now())
        messages.success(request, gettext("Noted: the date, and nothing else."))
    return redirect("own-looking")


def _day(typed: str) -> date:
    """The day that was typed; one that has not begun, and is refused below, for what is no day."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return date.max


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
