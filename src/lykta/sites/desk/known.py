"""Items that were assessed before and wait again: several with the same finding are decided at once, each named."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from lykta.core.refusals import NotNow, NotUnderstood
from lykta.records.audit.words import AuditWord
from lykta.records.cases import queue
from lykta.records.cases.access import access_item
from lykta.records.cases.models import Item
from lykta.records.people.access import may_see_cases
from lykta.records.people.models import Staff
from lykta.sites.desk.looks import note
from lykta.sites.desk.sentences import in_words
from lykta.sites.desk.verbs import SayRefusals, answers, house
from lykta.workflow import judging_again

AT_ONCE = 100
"""Items on the page, and so in one decision."""


@answers("GET")
def known(request: HttpRequest, by: Staff) -> HttpResponse:
    """What waits and was assessed before, one list for each finding."""
    may_see_cases(by)
    repeated = judging_again.earlier(queue.known_to_decide(AT_ONCE, by=by), house=house())
    note(by, AuditWord.KNOWN_SEEN, "items", items=len(repeated))
    findings = dict.fromkeys(one.finding for one in repeated)
    groups = {finding: [one for one in repeated if one.finding == finding] for finding in findings}
    return render(request, "known_items.html", {"groups": groups})


@answers("POST")
def preview(request: HttpRequest, by: Staff) -> HttpResponse:
    """Each chosen item with who will be told of it, and one button."""
    may_see_cases(by)
    with SayRefusals(request):
        return _preview(request, _chosen(by, request.POST.getlist("item")))
    return redirect("known")


@answers("POST")
def confirm(request: HttpRequest, by: Staff) -> HttpResponse:
    """Do all that was shown, or, where something of it has changed, nothing and show it anew."""
    may_see_cases(by)
    items = _chosen(by, request.POST.getlist("item"))
    try:
        done = judging_again.confirm(by=by, items=items, token=request.POST.get("token", ""), house=house())
    except (NotNow, NotUnderstood) as refusal:
        messages.error(request, in_words(str(refusal)))
        return redirect("known")
    said = ngettext("One known item is decided.", "%(count)d known items are decided.", done) % {"count": done}
    messages.success(request, said)
    return redirect("known")


def _preview(request: HttpRequest, items: list[Item]) -> HttpResponse:
    shown = judging_again.preview(items, house=house())
    return render(request, "known_preview.html", {"shown": shown})


def _chosen(by: Staff, typed: Iterable[str]) -> list[Item]:
    numbers = [int(one) for one in typed if one.isdecimal()][:AT_ONCE]
    return [access_item(by, number) for number in dict.fromkeys(numbers)]
