"""Writing to a reporter, and closing a case by hand."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lykta.core.refusals import NotAllowed, NotUnderstood
from lykta.lib.clock import now
from lykta.records.cases import keyring
from lykta.records.cases.access import access_case, access_report
from lykta.records.cases.actions import ending
from lykta.records.cases.models import Case, Report
from lykta.records.people.models import Staff
from lykta.sites.common.words import clean_text
from lykta.sites.desk.casefile import case_file
from lykta.sites.desk.cases import Draft, show
from lykta.sites.desk.text_blocks import blocks_in
from lykta.sites.desk.verbs import SayRefusals, answers, house
from lykta.workflow import closing

LONGEST_ANSWER = 10_000
"""Characters: several pages, and far below what a form may hold."""


@answers("POST")
def answer(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Put an answer or a question into the mailbox of the one who reported. What cannot be sent stays in the box."""
    case = access_case(by, number)
    report = _report(by, case, request.POST.get("report", ""))
    text = clean_text(request.POST.get("text", ""))
    asks = "question" in request.POST
    if "insert" in request.POST:
        return show(request, by, case, draft=Draft(_inserted(request, report, text), asks=asks))
    with SayRefusals(request):
        _send(by, report, _number(request.POST.get("number", "")), text, asks=asks)
        messages.success(request, _on_its_way(asks=asks))
        return redirect("case", number)
    return show(request, by, case, draft=Draft(text, asks=asks))


@answers("GET", "POST")
def close(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Ask once, then close a case in which nothing is left to do."""
    case = access_case(by, number)
    file = case_file(case)
    if request.method == "GET":
        return render(request, "close.html", {"case": case, "file": file})
    with SayRefusals(request):
        closing.close_by_hand(by=by, case=case, rules=house().retention)
        messages.success(request, gettext("Case %(number)s is closed.") % {"number": case.number})
        return redirect("queue")
    return redirect("case", number)


def _send(by: Staff, report: Report, number: UUID, text: str, *, asks: bool) -> None:
    if not text:
        raise NotUnderstood("Please write something first.")
    if len(text) > LONGEST_ANSWER:
        raise NotUnderstood("That is too long for one answer: please send it in several parts.")
    say = ending.ask if asks else ending.answer
    try:
        say(by=by.actor, report=report, number=number, text=text, now=now())
    except keyring.Forgotten:
        raise NotUnderstood("The key to this case has been destroyed: nobody can write to the reporter.") from None


def _inserted(request: HttpRequest, report: Report, text: str) -> str:
    """What was written so far, and the chosen block in the reporter's language below it."""
    chosen = request.POST.get("block", "")
    found = [one.text for one in blocks_in(report.language) if one.name == chosen]
    return "\n\n".join(filter(None, [text, *found]))


def _on_its_way(*, asks: bool) -> str:
    if asks:
        return gettext("Your question is on its way to the reporter’s mailbox.")
    return gettext("Your answer is on its way to the reporter’s mailbox.")


def _report(by: Staff, case: Case, typed: str) -> Report:
    report = access_report(by, int(typed) if typed.isdecimal() else 0)
    if report.case_id != case.pk:
        raise NotAllowed("There is nothing here for you.")
    return report


def _number(typed: str) -> UUID:
    """The number of the form, by which a double press is known; a damaged one is replaced."""
    try:
        return UUID(typed)
    except ValueError:
        return uuid4()
