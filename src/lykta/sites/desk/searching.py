"""Searching the casebook: a case, an address, a host, a fingerprint, a wallet; persons only where that is allowed.

What somebody looks for is sent by POST, so that it stands in no address and no log, and every search is noted by its
kind and what came of it, never with the words.
"""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lykta.lib.clock import now
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.people.access import may_see_cases
from lykta.records.people.models import Staff
from lykta.sites.common.words import clean_line
from lykta.sites.desk.verbs import answers, house
from lykta.workflow.searching import Sought, seek


@answers("GET", "POST")
def search(request: HttpRequest, by: Staff) -> HttpResponse:
    """The field to type into, and what was found."""
    may_see_cases(by)
    typed = clean_line(request.POST.get("sought", ""))
    if not typed:
        return render(request, "search.html", {"allowed": house().people_search})
    found = seek(typed, people_search=house().people_search, left_out=by.preparation.left_out)
    facts = {"kind": found.kind, "found": len(found.cases), "refused": found.refused}
    with transaction.atomic():
        audit.write(by=by.actor, word=AuditWord.SEARCHED, subject="search", facts=facts)
    if len(found.cases) == 1 and found.kind == "case":
        return redirect("case", found.cases[0].pk)
    context = {"typed": typed, "found": found, "said": _said(found), "allowed": house().people_search, "now": now()}
    return render(request, "search.html", context)


def _said(found: Sought) -> str:
    if found.refused:
        return gettext("That names a person. Searching for persons is off: the country file does not allow it.")
    if not found.kind:
        return gettext("Please type a case number, an address, a host, a wallet or a fingerprint.")
    return "" if found.cases or found.host else gettext("Nothing was found.")
