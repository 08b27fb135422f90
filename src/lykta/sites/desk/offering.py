"""Our list: what waits for a second person, what others can fetch, what came off; who fetches, what they say."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from lykta.core.refusals import NotAllowed
from lykta.core.vocabulary import Grade, OfferState
from lykta.lib.clock import now
from lykta.records.cases.access import access_item
from lykta.records.cases.models import Item
from lykta.records.letterbox import feed
from lykta.records.letterbox.models import Feedback
from lykta.records.letterbox.partners import partners
from lykta.records.offering import actions, queries
from lykta.records.offering.access import access_entry_to_withdraw
from lykta.records.offering.actions import Medium
from lykta.records.offering.models import Confirmed, Opinion
from lykta.records.people.access import may_lead, may_see_cases
from lykta.records.people.models import Staff
from lykta.records.tracing import queries as tracing
from lykta.sites.common.words import clean_line
from lykta.sites.desk.step_up import prove_first
from lykta.sites.desk.verbs import SayRefusals, answers, house
from lykta.workflow import exporting, offering

SHOWN = 100
"""Entries of each state on the page; the file has all."""
FORMS = {"csv": "text/csv", "vics": "application/json"}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, and what each person thinks of it now."""

    entry: Confirmed
    opinions: list[Opinion]


@dataclass(frozen=True, slots=True)
class Voice:
    """What a subscriber says of an entry; the entry is None where it is none of ours any more."""

    said: Feedback
    entry: Confirmed | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A picture or film of an item: where it is, how it stands, and what the person who asks says of it so far."""

    medium: Medium
    address: str
    entry: Confirmed | None
    said: str


@answers("GET")
def our_list(request: HttpRequest, by: Staff) -> HttpResponse:
    """The whole page. Analysts see it too: a second opinion is theirs."""
    may_see_cases(by)
    counts = queries.counts()
    lines = {
        str(state): [Line(one, queries.newest_opinions(one)) for one in queries.of_state(state, limit=SHOWN)]
        for state in OfferState
    }
    numbers = {one.slug: one for one in partners()}
    subscribers = [(numbers.get(one.slug), one) for one in feed.subscribers()]
    context = {
        **lines,
        "counts": {str(state): counts.get(state, 0) for state in OfferState},
        "shown": SHOWN,
        "subscribers": subscribers,
        "voices": _voices(),
        "leads": by.role == "lead",
    }
    return render(request, "our_list.html", context)


@answers("GET", "POST")
def opinions(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """What somebody says of the pictures and films of an item."""
    item = access_item(by, number)
    if request.method == "POST":
        given = {digest: clean_line(str(word)) for digest, word in request.POST.items()}
        with SayRefusals(request):
            count = offering.say(by=by, item=item, opinions=given, house=house())
            kept = ngettext("What you said of it is kept.", "What you said of the %(count)s is kept.", count)
            messages.success(request, kept % {"count": count})
            return redirect("our-list")
        return _show_item(request, by, item, given, status=422)
    return _show_item(request, by, item, {})


@answers("GET", "POST")
def withdraw(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Asked first, and with a reason: every subscriber takes it off."""
    entry = access_entry_to_withdraw(by, number)
    reason = clean_line(request.POST.get("reason", ""))
    if request.method == "POST":
        with SayRefusals(request):
            actions.withdraw(by=by.actor, number=entry.pk, reason=reason, now=now())
            messages.success(request, gettext("It is off the list; whoever fetched it is told within a minute or two."))
            return redirect("our-list")
    status = 422 if request.method == "POST" else 200
    return render(request, "our_list_withdraw.html", {"entry": entry, "reason": reason}, status=status)


@answers("GET", "POST")
def export(request: HttpRequest, by: Staff) -> HttpResponse:
    """The list as a file, after a question and a proof of who asks: what has left the house cannot be called back."""
    may_lead(by)
    if request.method == "POST":
        if page := prove_first(request, by):
            return page
        form = request.POST.get("form", "")
        with SayRefusals(request):
            written, _ = exporting.export(by=by.actor, form=form)
            response = HttpResponse(written, content_type=f"{FORMS[form]}; charset=utf-8")
            ending = "json" if form == "vics" else "csv"
            response.headers["Content-Disposition"] = f'attachment; filename="hashes-{now():%Y-%m-%d}.{ending}"'
            return response
    status = 422 if request.method == "POST" else 200
    count = queries.counts().get(OfferState.OFFERED, 0)
    return render(request, "our_list_export.html", {"count": count}, status=status)


@answers("GET")
def fetches(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """What a subscriber fetched, newest first."""
    may_see_cases(by)
    partner = next((one for one in partners() if one.pk == number), None)
    if partner is None:
        raise NotAllowed("There is nothing here for you.")
    context = {"partner": partner, "fetches": feed.fetches(partner.slug, limit=SHOWN), "shown": SHOWN}
    return render(request, "our_list_fetches.html", context)


def _voices() -> list[Voice]:
    """Objections first, for a person may have to act."""
    said = sorted(feed.feedback(), key=lambda one: not one.objection)
    known = queries.confirmed_by_number(one.entry for one in said)
    return [Voice(one, known.get(one.entry)) for one in said]


def _show_item(
    request: HttpRequest, by: Staff, item: Item, given: dict[str, str], *, status: int = 200
) -> HttpResponse:
    media = offering.media_of(item)
    entries = queries.confirmed_by_digest(one.sha256 for one in media)
    trace = tracing.trace_of(item)
    addresses = {one["sha256"]: one["address"] for one in (trace.fingerprints if trace else ())}
    choices = []
    for one in media:
        entry = entries.get(one.sha256)
        said = given.get(one.sha256, _said(entry, by))
        choices.append(Choice(one, addresses.get(one.sha256, ""), entry, said))
    context = {"item": item, "choices": choices, "grades": list(Grade), "quorum": house().quorum}
    return render(request, "our_list_item.html", context, status=status)


def _said(entry: Confirmed | None, by: Staff) -> str:
    """What this person has said of it, as the form says it."""
    opinions = queries.newest_opinions(entry) if entry else []
    mine = next((one for one in opinions if one.by_id == by.pk), None)
    if mine is None:
        return ""
    return mine.grade or offering.ILLEGAL if mine.illegal else offering.NOT_ILLEGAL
