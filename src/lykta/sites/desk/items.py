"""The page of an item: everything that was ever observed and decided, and the deeds that concern it alone."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lykta.core.lifecycle import StepWord
from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import Verdict
from lykta.lib.clock import now
from lykta.records.audit.words import AuditWord
from lykta.records.cases import opinions
from lykta.records.cases.access import access_item
from lykta.records.cases.actions import judging
from lykta.records.cases.models import Assessment
from lykta.records.matching import findings
from lykta.records.matching.models import HashList, Match
from lykta.records.people.models import Staff
from lykta.records.steps import actions as steps
from lykta.records.takedown import queries as takedown
from lykta.records.tracing import queries as tracing
from lykta.sites.desk.casefile import item_files
from lykta.sites.desk.comparing import compare
from lykta.sites.desk.looks import note
from lykta.sites.desk.past import history_for
from lykta.sites.desk.questions import called, said
from lykta.sites.desk.verbs import SayRefusals, answers


@answers("GET")
def item(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """An item with its whole past."""
    found = access_item(by, number)
    note(by, AuditWord.ITEM_SEEN, f"item:{number}")
    [file] = item_files([found])
    observations = tracing.observations_of(found)
    done = history_for(by, [found], f"item:{number}")
    hidden = bool(opinions.hidden([found], by))
    decided = found.assessments.select_related("by", "opinion").order_by("-pk")
    context = {
        "file": file,
        "item": found,
        "assessments": [] if hidden else [_shown(one) for one in decided],
        "hidden": hidden,
        "observations": observations,
        "comparison": compare(observations, _traced_at(done)),
        "disputable": _disputable(file.matches),
        "sightings": takedown.sightings_of(found),
        "history": done,
    }
    return render(request, "item.html", context)


@answers("POST")
def trace_again(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Ask the outside once more where it is."""
    access_item(by, number)
    note(by, AuditWord.ITEM_ASKED, f"item:{number}")
    steps.plan(word=StepWord.TRACE, subject=number, occasion=f"asked-{now().isoformat()}", now=now())
    messages.success(request, gettext("It is being traced again."))
    return redirect("item", number)


@answers("POST")
def false_match(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Tell a list that this item is not what it means."""
    access_item(by, number)
    with SayRefusals(request):
        findings.dispute(by=by, item_number=number, list_number=_list(request), now=now())
        messages.success(request, gettext("Noted as a false match. It counts no more here: a person decides."))
    return redirect("item", number)


@answers("POST")
def take_back(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Take an assessment back, as long as nobody was told."""
    access_item(by, number)
    with SayRefusals(request):
        judging.reconsider(by=by, item_number=number, now=now())
        messages.success(request, gettext("The assessment is taken back: it can be assessed again."))
    return redirect("item", number)


def _disputable(matches: list[Match]) -> list[tuple[HashList, int]]:
    """The lists whose matches count, each with how many items it was told to be wrong about."""
    told = findings.false_matches()
    lists = {match.list_id: match.list for match in matches if match.fed_back_at is None}
    return [(one, told.get(number, 0)) for number, one in lists.items()]


def _list(request: HttpRequest) -> int:
    """The number of the list in the form. Raises NotUnderstood."""
    typed = request.POST.get("list", "")
    if not typed.isdecimal():
        raise NotUnderstood("Please say which list is wrong.")
    return int(typed[:18])


def _traced_at(done: list[dict[str, Any]]) -> list[datetime]:
    """When a trace of the item was kept, as the record says."""
    return [datetime.fromisoformat(one["at"]) for one in done if one["word"] == AuditWord.ITEM_TRACED]


def _shown(made: Assessment) -> dict[str, Any]:
    """An assessment in the words of the label set that it was made with, and where it located everybody."""
    whose = {"host": gettext("Server"), "victim": gettext("Child"), "offender": gettext("Offender")}
    located = [(f"{who}_country", f"{who}_basis", name) for who, name in whose.items()]
    facts: dict[str, str] = made.facts
    return {
        "made": made,
        "said": said(made.label_set, made.answers),
        "called": called(made.label_set, made.answers, Verdict(made.verdict)),
        "located": [(facts[at], facts.get(by, ""), name) for at, by, name in located if facts.get(at)],
        "opinion": getattr(made, "opinion", None),
    }
