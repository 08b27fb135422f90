"""The people who work here: invited, prepared for some work, removed. For leads and administrators."""

from datetime import time
from typing import TypeVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext

from lykta.core.permissions import may_give
from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import ApprovalState, Certification, Role, Topic
from lykta.lib.clock import now
from lykta.records.approvals import queries as approvals
from lykta.records.audit.words import AuditWord
from lykta.records.people import actions, queries, sessions
from lykta.records.people.access import access_person, may_change, may_keep_people, may_put_into
from lykta.records.people.actions import Terms
from lykta.records.people.models import Staff
from lykta.sites.common.words import clean_line
from lykta.sites.desk.looks import note
from lykta.sites.desk.step_up import fresh_factor
from lykta.sites.desk.verbs import SayRefusals, answers
from lykta.workflow import staffing

W = TypeVar("W", Role, Certification)


@answers("GET")
def people(request: HttpRequest, by: Staff) -> HttpResponse:
    """Everybody who works here, and a form to invite somebody."""
    may_keep_people(by)
    return _show_all(request, by)


@answers("POST")
@fresh_factor(may_keep_people)
def invite(request: HttpRequest, by: Staff) -> HttpResponse:
    """A new colleague, and the link for them: shown on this page and never again."""
    may_keep_people(by)
    role = _word(Role, request.POST.get("role", ""))
    if role is not None:
        may_put_into(by, role)
    with SayRefusals(request):
        if role is None:
            raise NotUnderstood("Please choose a role.")
        name = read_name(request.POST.get("name", ""))
        with transaction.atomic():
            staff = actions.invite(by=by.actor, username=name, role=role)
            terms = Terms(certified_for=_certified(request), may_use_app=_may_use_app(request))
            actions.set_terms(by=by.actor, staff=staff, terms=terms)
            token = actions.make_link(by=by.actor, staff=staff, now=now())
        return _show_link(request, staff, token)
    return _show_all(request, by, status=422)


@answers("GET")
def person(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """One colleague, and what may be changed."""
    staff = access_person(by, number)
    note(by, AuditWord.STAFF_SEEN, staff.actor)
    return _show(request, by, staff)


@answers("POST")
@fresh_factor(may_keep_people)
def give_role(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Another role; counts from their next page on."""
    staff = access_person(by, number)
    may_change(by, staff)
    role = _word(Role, request.POST.get("role", ""))
    with SayRefusals(request):
        if role is None:
            raise NotUnderstood("Please choose a role.")
        may_put_into(by, role)
        if role is not Role.LEAD and _has_to_ask(request, by, staff, role):
            return redirect("approvals")
        staffing.give_role(by=by, staff=staff, role=role, now=now())
        messages.success(request, gettext("%(name)s has another role now.") % {"name": staff.username})
        return redirect("person", number)
    return _show(request, by, staff, status=422)


@answers("POST")
@fresh_factor(may_keep_people)
def set_terms(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Certification, working hours, and whether an app does in place of a passkey."""
    staff = access_person(by, number)
    may_change(by, staff)
    with SayRefusals(request):
        actions.set_terms(by=by.actor, staff=staff, terms=_terms(request))
        messages.success(request, gettext("Kept."))
        return redirect("person", number)
    return _show(request, by, staff, status=422)


@answers("POST")
@fresh_factor(may_keep_people)
def end_sessions(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Log a colleague out everywhere; they can log in again."""
    staff = access_person(by, number)
    ended = sessions.end_all(by=by.actor, staff=staff)
    messages.success(request, gettext("Browsers that were logged out: %(count)d.") % {"count": ended})
    return redirect("person", number)


@answers("GET", "POST")
@fresh_factor(may_keep_people)
def start_anew(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """For a colleague who lost every way in: asked first, since all keys end."""
    staff = access_person(by, number)
    may_change(by, staff)
    if request.method != "POST":
        return render(request, "start_anew.html", {"person": staff})
    return _show_link(request, staff, staffing.start_anew(by=by.actor, staff=staff, now=now()))


@answers("GET", "POST")
@fresh_factor(may_keep_people)
def remove(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Somebody leaves: asked first, then at once."""
    staff = access_person(by, number)
    if request.method != "POST":
        return _ask_to_remove(request, by, staff)
    with SayRefusals(request):
        if _has_to_ask(request, by, staff, None):
            return redirect("approvals")
        cases = staffing.part_with(by=by, staff=staff, now=now())
        said = gettext("%(name)s is out. Cases that were handed back: %(count)d.")
        messages.success(request, said % {"name": staff.username, "count": cases})
        return redirect("people")
    return _ask_to_remove(request, by, staff, status=422)


def read_name(typed: str) -> str:
    """A name to log in with. Raises NotUnderstood."""
    name = clean_line(typed)
    try:
        UnicodeUsernameValidator()(name)
    except ValidationError:
        raise NotUnderstood("Please give a short name: letters, digits, dots and hyphens, no spaces.") from None
    if len(name) > 60:
        raise NotUnderstood("Please give a shorter name.")
    return name


def _has_to_ask(request: HttpRequest, by: Staff, staff: Staff, role: Role | None) -> bool:
    """Whether another lead has to agree first, and has been asked now. Raises NotNow, NotUnderstood."""
    if not staff.leads or _standing(by, staff, role) == ApprovalState.APPROVED:
        return False
    reason = clean_line(request.POST.get("why", ""))
    if not reason:
        raise NotUnderstood("Please say why: another lead has to agree, and reads it.")
    staffing.ask_to_leave(by=by, staff=staff, role=role, reason=reason, now=now())
    messages.success(
        request, gettext("Another lead has to agree first. It waits on the page of approvals until tomorrow.")
    )
    return True


def _standing(by: Staff, staff: Staff, role: Role | None) -> str:
    return approvals.standing(by, staffing.leaving(staff, role), now=now())


def _ask_to_remove(request: HttpRequest, by: Staff, staff: Staff, *, status: int = 200) -> HttpResponse:
    context = {"person": staff, "standing": _standing(by, staff, None), "why": request.POST.get("why", "")}
    return render(request, "remove_person.html", context, status=status)


def _terms(request: HttpRequest) -> Terms:
    hours = [_time(request.POST.get(name, "")) for name in ("works_from", "works_until")]
    if (hours[0] is None) != (hours[1] is None):
        raise NotUnderstood("Please give both the beginning and the end of the working day, or neither.")
    return Terms(
        certified_for=_certified(request),
        unprepared_for=tuple(topic for topic in Topic if topic not in request.POST.getlist("prepared_for")),
        works_on="".join(day for day in "1234567" if day in request.POST.getlist("works_on")),
        works_from=hours[0],
        works_until=hours[1],
        may_use_app=_may_use_app(request),
    )


def _certified(request: HttpRequest) -> Certification:
    chosen = _word(Certification, request.POST.get("certified_for", ""))
    if chosen is None:
        raise NotUnderstood("Please choose what this person may be asked to look at.")
    return chosen


def _may_use_app(request: HttpRequest) -> bool:
    return request.POST.get("may_use_app") == "yes"


def _time(typed: str) -> time | None:
    try:
        return time.fromisoformat(typed) if typed else None
    except ValueError:
        raise NotUnderstood("Please give times as 08:30.") from None


def _word(words: type[W], typed: str) -> W | None:
    return next((word for word in words if word == typed), None)


def _show_link(request: HttpRequest, staff: Staff, token: str) -> HttpResponse:
    link = settings.ENVIRONMENT.url("desk") + reverse("join", args=[token])
    return render(request, "invited.html", {"person": staff, "link": link, "days": actions.LINK_LASTS.days})


def _show_all(request: HttpRequest, by: Staff, *, status: int = 200) -> HttpResponse:
    given = request.POST
    context = {
        "colleagues": queries.colleagues(now=now()),
        "roles": _roles(by),
        "certifications": list(Certification),
        "given": {name: given.get(name, "") for name in ("name", "role", "certified_for", "may_use_app")},
        "app_matters": settings.ENVIRONMENT.mode != "practice",
    }
    return render(request, "people.html", context, status=status)


def _show(request: HttpRequest, by: Staff, staff: Staff, *, status: int = 200) -> HttpResponse:
    context = {
        "person": staff,
        "changeable": by.pk != staff.pk and may_give(Role(by.role), Role(staff.role)) and staff.is_active,
        "sessions": queries.sessions_of(staff),
        "roles": _roles(by),
        "certifications": list(Certification),
        "topics": [(topic, topic not in staff.unprepared_for) for topic in Topic],
        "days": [(str(number + 1), name, str(number + 1) in staff.works_on) for number, name in WEEKDAYS.items()],
        "app_matters": settings.ENVIRONMENT.mode != "practice",
    }
    return render(request, "person.html", context, status=status)


def _roles(by: Staff) -> list[Role]:
    return [role for role in Role if may_give(Role(by.role), role)]
