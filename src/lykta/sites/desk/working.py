"""Working on a case together: giving it back or on, notes that only staff see, tasks, and one's own day."""

from datetime import UTC, date, datetime, time
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lykta.core.refusals import NotUnderstood
from lykta.lib.clock import now
from lykta.records.cases import fitness, queue
from lykta.records.cases.access import access_case
from lykta.records.cases.actions import judging
from lykta.records.cases.models import Case
from lykta.records.cases.queue import Wanted
from lykta.records.casework import actions
from lykta.records.casework import queries as casework
from lykta.records.casework.access import access_task
from lykta.records.people import queries as people
from lykta.records.people.access import may_see_cases
from lykta.records.people.models import Staff
from lykta.sites.common.words import clean_text
from lykta.sites.desk.cases import show
from lykta.sites.desk.verbs import SayRefusals, answers

END_OF_DAY = time(23, 59, tzinfo=UTC)
CASES_OF_A_DAY = 50


@answers("GET")
def my_day(request: HttpRequest, by: Staff) -> HttpResponse:
    """What somebody has in hand and has to do, the late first."""
    may_see_cases(by)
    mine = queue.queue(Wanted(show=queue.MINE), by=by, now=now()).values_list("pk", flat=True)
    context = {
        "tasks": casework.tasks_for(by),
        "cases": queue.rows(list(mine[:CASES_OF_A_DAY])),
        "handed": casework.notes_to(by),
        "now": now(),
    }
    return render(request, "my_day.html", context)


@answers("POST")
def give_back(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Let a case go, so that somebody else may take it."""
    case = access_case(by, number)
    with SayRefusals(request):
        judging.give_back(by=by, case=case)
        messages.success(request, gettext("Case %(number)s is back in the queue.") % {"number": case.number})
        return redirect("queue")
    return redirect("case", number)


@answers("POST")
def hand_over(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Put a case into a colleague's hands, with a note of why."""
    case = access_case(by, number)
    text = clean_text(request.POST.get("text", ""))
    with SayRefusals(request):
        to = _colleague(request)
        with transaction.atomic():
            judging.hand_over(by=by, case=case, to=to, now=now())
            actions.write_note(by=by, case=case, text=text, to=to, now=now())
        messages.success(request, gettext("The case is now in the hands of %(name)s.") % {"name": to.username})
        return redirect("queue")
    return _again(request, by, case, hand_over=text)


@answers("POST")
def note(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Write a note that only staff read."""
    case = access_case(by, number)
    text = clean_text(request.POST.get("text", ""))
    with SayRefusals(request):
        actions.write_note(by=by, case=case, text=text, now=now())
        return redirect("case", number)
    return _again(request, by, case, note=text)


@answers("POST")
def task(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Give somebody something to do about the case until the end of a day."""
    case = access_case(by, number)
    text, due = clean_text(request.POST.get("text", "")), request.POST.get("due", "")
    with SayRefusals(request):
        to = _colleague(request)
        if to not in fitness.takers(case):
            raise NotUnderstood("Your colleague does not take cases of this kind. Please choose somebody else.")
        actions.make_task(by=by, case=case, assignee=to, text=text, due_at=_day(due), now=now())
        messages.success(request, gettext("The task is noted for %(name)s.") % {"name": to.username})
        return redirect("case", number)
    return _again(request, by, case, task=text, due=due)


@answers("POST")
def task_done(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """The task is done."""
    found = access_task(by, number)
    actions.do_task(by=by, task=found, now=now())
    messages.success(request, gettext("The task is done."))
    return redirect("my-day") if "my_day" in request.POST else redirect("case", found.case_id)


def _again(request: HttpRequest, by: Staff, case: Case, **typed: Any) -> HttpResponse:
    """The page of the case with what was typed still in it."""
    return show(request, by, case, typed=typed)


def _colleague(request: HttpRequest) -> Staff:
    found = people.case_worker(request.POST.get("to", ""))
    if found is None:
        raise NotUnderstood("Please choose a colleague who works with cases.")
    return found


def _day(typed: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(typed), END_OF_DAY)
    except ValueError:
        raise NotUnderstood("Please give the day as 2026-12-31.") from None
