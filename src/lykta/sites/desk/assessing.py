"""Assessing an item in two steps: say what it is, read who will be told and why, confirm."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import Basis, ItemState, Verdict
from lykta.records.audit.words import AuditWord
from lykta.records.cases import queries as cases
from lykta.records.cases.access import access_decision, access_item_to_judge
from lykta.records.cases.models import Assessment, Case, Item, Opinion
from lykta.records.people.models import Staff
from lykta.sites.desk.casefile import item_files
from lykta.sites.desk.looks import note
from lykta.sites.desk.questions import asked, called, given_in, said
from lykta.sites.desk.sentences import in_words
from lykta.sites.desk.verbs import SayRefusals, answers, house
from lykta.workflow import judging, judging_again

_COUNTRIES = {"victim_country": "the child", "offender_country": "the offender", "host_country": "the server"}
_PLACES = (*_COUNTRIES, "victim_basis", "offender_basis")
BASES = [basis for basis in Basis if basis not in {Basis.TRACE, Basis.ANALYST}]
"""What a person can name as the reason why a child or an offender is thought to be in a country."""


@answers("GET", "POST")
def assess(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """The questions; by POST with the answers that somebody wants to change.

    A senior who found a second opinion right comes with its number, and finds its answers filled in.
    """
    item = access_item_to_judge(by, number)
    note(by, AuditWord.ITEM_SEEN, f"item:{number}")
    asked_for = request.GET.get("opinion", "")
    if request.method == "GET" and asked_for.isdecimal():
        return _form(request, item, access_decision(by, int(asked_for)).answers)
    return _form(request, item)


@answers("POST")
def preview(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """What the answers mean, and who would be told."""
    item = access_item_to_judge(by, number)
    with SayRefusals(request):
        return _preview(request, item)
    return _form(request, item)


@answers("POST")
def confirm(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Do what was shown, if it is still true; else show what is true now."""
    item = access_item_to_judge(by, number)
    case = _case(request, item)
    try:
        given = _given(request)
        token = request.POST.get("token", "")
        assessment = judging.confirm(by=by, item=item, given=given, token=token, house=house())
    except NotNow as refusal:
        messages.error(request, in_words(str(refusal)))
        item.refresh_from_db()
        # What a list has taken back cannot be shown again, and was said just now.
        with suppress(NotNow):
            if item.state == ItemState.READY:
                return _preview(request, item)
        return redirect("item", number)
    except NotUnderstood as refusal:
        messages.error(request, in_words(str(refusal)))
        return _form(request, item)
    messages.success(request, _done(assessment))
    return redirect(_next(case, item))


def _form(request: HttpRequest, item: Item, filled: Mapping[str, str] | None = None) -> HttpResponse:
    if item.state != ItemState.READY:
        messages.error(request, gettext("It cannot be assessed now: see where it stands."))
        return redirect("item", item.pk)
    label_set = house().label_set
    # What is known is not looked at again: the answers of the last time stand there already.
    earlier = next((one.given for one in judging_again.earlier([item], house=house())), {})
    given = {**earlier, **(filled or {})} | {name: str(value) for name, value in request.POST.items()}
    pictures: tuple[dict[str, str], ...] = ()
    with SayRefusals(request):
        pictures = judging.earlier_pictures(label_set, given)
        if "next" in given:
            pictures = judging.all_pictures(label_set, _given(request))
            given = {name: given.get(name, "") for name in _PLACES}
    [file] = item_files([item])
    context = {
        "file": file,
        "item": item,
        "case": _case(request, item),
        "questions": asked(label_set, given),
        "given": given,
        "bases": BASES,
        "pictures": len(pictures),
        "pictures_kept": json.dumps(pictures),
    }
    return render(request, "assess.html", context)


def _preview(request: HttpRequest, item: Item) -> HttpResponse:
    given = _given(request)
    shown = judging.preview(item=item, given=given, house=house())
    name = house().label_set.name
    *before, last = shown.pictures
    [file] = item_files([item])
    context = {
        "file": file,
        "item": item,
        "case": _case(request, item),
        "shown": shown,
        "said": said(name, shown.answers),
        "called": called(name, shown.answers, shown.judgement.verdict),
        "fields": {**given, **last, "pictures": json.dumps(before), "token": shown.token},
    }
    return render(request, "preview.html", context)


def _given(request: HttpRequest) -> dict[str, str]:
    """The answers in the form. Raises NotUnderstood for a country that is not two letters."""
    given = given_in(house().label_set, request.POST)
    given |= {name: request.POST.get(name, "") for name in (*_PLACES, "pictures", "known")}
    for name, whose in _COUNTRIES.items():
        given[name] = given[name].strip().upper()
        if given[name] and not re.fullmatch("[A-Z]{2}", given[name]):
            raise NotUnderstood(f"Please give the country of {whose} in two letters, such as SE.")
    return given


def _case(request: HttpRequest, item: Item) -> Case | None:
    """The case that the analyst came from, if it names the item; else the oldest that does."""
    naming = cases.cases_naming(item)
    asked = request.POST.get("case") or request.GET.get("case")
    return next((case for case in naming if str(case.pk) == asked), naming[0] if naming else None)


def _next(case: Case | None, item: Item) -> str:
    """The next item of the case that waits for an analyst, else the case."""
    if case is None:
        return reverse("item", args=[item.pk])
    for other in cases.items_of(case):
        if other.state == ItemState.READY:
            return f"{reverse('assess', args=[other.pk])}?case={case.pk}"
    return reverse("case", args=[case.pk])


def _done(assessment: Assessment) -> str:
    if Opinion.objects.filter(assessment=assessment, holds=True).exists():
        return gettext("Kept. A colleague judges it too before those concerned are told.")
    return {
        Verdict.ILLEGAL: gettext("Confirmed as illegal. Those concerned are being told."),
        Verdict.NOT_ILLEGAL: gettext("Confirmed as not illegal. Nobody is told."),
        Verdict.NOT_FOUND: gettext("Confirmed as not found. Nobody is told."),
    }[Verdict(assessment.verdict)]
