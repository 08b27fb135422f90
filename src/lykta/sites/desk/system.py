"""The state of the machine: steps that a person must look at, and whether the record holds."""

from collections import Counter

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lykta.core.lifecycle import StepWord
from lykta.lib.clock import now
from lykta.records.audit import queries as audit
from lykta.records.audit.words import AuditWord
from lykta.records.people import failures
from lykta.records.people.access import may_run
from lykta.records.people.models import Staff
from lykta.records.steps import actions, queries
from lykta.sites.desk.looks import note
from lykta.sites.desk.verbs import answers


@answers("GET")
def system(request: HttpRequest, by: Staff) -> HttpResponse:
    """An administrator reads what kind of step failed, never about whom: errors may quote an address."""
    may_run(by)
    stuck = queries.stuck()
    kinds = Counter(step.word for step in stuck)
    context = {
        "stuck": [{"step": step, "sentence": StepWord(step.word).sentence} for step in stuck],
        "kinds": [{"sentence": StepWord(word).sentence, "count": count} for word, count in kinds.most_common()],
        "waiting": queries.waiting(now=now()),
        "details": by.sees_cases,
        "failures": failures.latest(),
    }
    return render(request, "system.html", context)


@answers("POST")
def verify(request: HttpRequest, by: Staff) -> HttpResponse:
    """Count through the whole record and say whether it holds."""
    may_run(by)
    note(by, AuditWord.RECORD_VERIFIED, "record")
    entries, fault = audit.verify(settings.AUDIT_CHECKPOINTS)
    if fault is None:
        said = gettext("The record holds: %(entries)d entries, none changed, none missing.") % {"entries": entries}
        messages.success(request, said)
    else:
        said = gettext("The record does not hold at entry %(number)d: %(what)s. Keep a copy and tell your lead.")
        messages.error(request, said % {"number": fault.number, "what": fault.what})
    return redirect("system")


@answers("POST")
def again(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Somebody has looked: the worker may try once more."""
    may_run(by)
    note(by, AuditWord.STEP_REVIVED, f"step:{number}")
    actions.revive(number=number, now=now())
    messages.success(request, gettext("The worker tries it again."))
    return redirect("system")
