"""How far long work is: after a list of thousands came in, how many wait to be traced, how fast, and how long still."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext

from lykta.core.lifecycle import StepWord
from lykta.lib.clock import now
from lykta.records.letterbox import queries as letterbox
from lykta.records.people.access import may_see_progress
from lykta.records.people.models import Staff
from lykta.records.steps import queries as steps
from lykta.sites.desk.verbs import answers

EVERY_SECONDS = 15
"""How often the page loads itself again, for who has asked it to: nobody's reading is interrupted unasked."""
REASONS = 20


@answers("GET")
def progress(request: HttpRequest, by: Staff) -> HttpResponse:
    """Counts of the tracing of today (UTC). Reasons of failures may quote an address: an administrator sees none."""
    may_see_progress(by)
    at = now()
    found = steps.progress(StepWord.TRACE, since=at.replace(hour=0, minute=0, second=0, microsecond=0), now=at)
    by_itself = request.GET.get("load") == "again"
    context = {
        "progress": found,
        "percent": round(100 * found.share),
        "speed": round(found.per_minute),
        "left": about(found.left) if found.left else "",
        "letters": letterbox.count_waiting_letters(),
        "reasons": steps.reasons(StepWord.TRACE, limit=REASONS) if by.sees_cases else [],
        "at": at,
        "by_itself": by_itself,
        "seconds": EVERY_SECONDS,
    }
    response = render(request, "progress.html", context)
    if by_itself:
        response.headers["Refresh"] = str(EVERY_SECONDS)
    return response


def about(left: timedelta) -> str:
    """A time that nobody can know exactly, in one unit: minutes, or hours from two hours on."""
    minutes = max(1, round(left.total_seconds() / 60))
    if minutes < 120:
        return ngettext("about %(count)d minute", "about %(count)d minutes", minutes) % {"count": minutes}
    return gettext("about %(count)d hours") % {"count": round(minutes / 60)}
