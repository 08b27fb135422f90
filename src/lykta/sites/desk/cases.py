"""The page of a case: all of it in one place, and a note of who read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import uuid4

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lykta.core.attaching import OpeningReason
from lykta.core.refusals import NotNow
from lykta.core.vocabulary import CaseState, SuspicionBasis, SuspicionPurpose
from lykta.lib.clock import now
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.cases import fitness
from lykta.records.cases.access import access_case
from lykta.records.cases.actions import ending, judging
from lykta.records.cases.models import Case
from lykta.records.cases.relating import related_to
from lykta.records.casework import queries as casework
from lykta.records.people import queries as people
from lykta.records.people.models import Staff
from lykta.sites.desk.casefile import case_file
from lykta.sites.desk.graph import nodes
from lykta.sites.desk.past import history_for
from lykta.sites.desk.sentences import in_words
from lykta.sites.desk.text_blocks import blocks_in
from lykta.sites.desk.verbs import answers


@answers("GET")
def case(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """The whole case, without the reporter's contact. What was merged is read where it is now."""
    found = access_case(by, number)
    if found.merged_into_id:
        return redirect("case", found.merged_into_id)
    return show(request, by, found)


@answers("POST")
def contact(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """The whole case, with the reporter's contact: asked for on purpose, and noted."""
    return show(request, by, access_case(by, number), contact=True)


@dataclass(frozen=True, slots=True)
class Draft:
    """What could not be sent to a reporter and must not be lost. `asks`: it is a question."""

    text: str = ""
    asks: bool = False


NOTHING_WRITTEN = Draft()


def show(
    request: HttpRequest,
    by: Staff,
    case: Case,
    *,
    contact: bool = False,
    draft: Draft = NOTHING_WRITTEN,
    typed: Mapping[str, str] = MappingProxyType({}),
    opened: Mapping[int, str] = MappingProxyType({}),
) -> HttpResponse:
    """The page of a case. What is on it has been read by a person from now on.

    `typed`: what was refused in one of its other forms, by the form's name. `opened`: suspicions that were asked for,
    with what they say, by their numbers.
    """
    busy = _claim(by, case)
    with transaction.atomic():
        facts = {"contact": True} if contact else {}
        audit.write(by=by.actor, word=AuditWord.CASE_SEEN, subject=f"case:{case.pk}", facts=facts)
    file = case_file(case, page=request.GET.get("page"))
    ending.note_read(numbers=file.unread)
    context = {
        "file": file,
        "case": case,
        "contact": contact,
        "draft": draft,
        "busy": busy,
        "reasons": list(OpeningReason),
        "message_number": uuid4(),
        "history": history_for(by, [one.item for one in file.items], *file.subjects),
        "typed": typed,
        "blocks": blocks_in("en"),
        "related": nodes(related_to(case)),
        "suspicions": casework.suspicions_of(case),
        "opened": opened,
        "purposes": list(SuspicionPurpose),
        "bases": list(SuspicionBasis),
        "notes": casework.notes_of(case),
        "tasks": casework.tasks_of(case),
        "colleagues": fitness.takers(case),
        "at_work": people.at_work(now()),
        "now": now(),
    }
    return render(request, "case.html", context)


def _claim(by: Staff, case: Case) -> str:
    """Take an open case in hand; why that was not possible, in words, or nothing."""
    if case.state != CaseState.OPEN:
        return ""
    try:
        judging.claim(by=by, case=case, now=now())
    except NotNow as refusal:
        return in_words(str(refusal))
    case.refresh_from_db(fields=["claimed_by", "claimed_until"])
    return ""
