"""Assessing an item in two steps: say what it is, read who will be told and why, confirm."""

import re
from collections.abc import Mapping
from contextlib import suppress

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import ItemState, Verdict
from lykta.records.cases import queries as cases
from lykta.records.cases.access import access_item
from lykta.records.cases.models import Case, Item
from lykta.records.people.models import Staff
from lykta.sites.desk.casefile import item_files
from lykta.sites.desk.verbs import SayRefusals, answers, house
from lykta.workflow import judging

_COUNTRIES = {"victim_country": "the child", "offender_country": "the offender", "host_country": "the server"}


@answers("GET", "POST")
def assess(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """The questions; by POST with the answers that somebody wants to change."""
    return _form(request, access_item(by, number))


@answers("POST")
def preview(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """What the answers mean, and who would be told."""
    item = access_item(by, number)
    with SayRefusals(request):
        return _preview(request, item)
    return _form(request, item)


@answers("POST")
def confirm(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Do what was shown, if it is still true; else show what is true now."""
    item = access_item(by, number)
    case = _case(request, item)
    try:
        given = _given(request)
        token = request.POST.get("token", "")
        assessment = judging.confirm(by=by, item=item, given=given, token=token, house=house())
    except NotNow as refusal:
        messages.error(request, gettext(str(refusal)))
        item.refresh_from_db()
        # What a list has taken back cannot be shown again, and was said just now.
        with suppress(NotNow):
            if item.state == ItemState.READY:
                return _preview(request, item)
        return redirect("item", number)
    except NotUnderstood as refusal:
        messages.error(request, gettext(str(refusal)))
        return _form(request, item)
    messages.success(request, _done(Verdict(assessment.verdict)))
    return redirect(_next(case, item))


def _form(request: HttpRequest, item: Item) -> HttpResponse:
    if item.state != ItemState.READY:
        messages.error(request, gettext("It cannot be assessed now: see where it stands."))
        return redirect("item", item.pk)
    [file] = item_files([item])
    questions = [
        {"question": question, "chosen": request.POST.get(question.name) or question.default}
        for question in house().label_set.questions
    ]
    context = {"file": file, "item": item, "case": _case(request, item), "questions": questions, "given": request.POST}
    return render(request, "assess.html", context)


def _preview(request: HttpRequest, item: Item) -> HttpResponse:
    shown = judging.preview(item=item, given=_given(request), house=house())
    texts = {question.name: (question.text, question.options) for question in house().label_set.questions}
    said = [
        (texts[name][0], next(option.text for option in texts[name][1] if option.value == value))
        for name, value in shown.answers.items()
    ]
    [file] = item_files([item])
    context = {
        "file": file,
        "item": item,
        "case": _case(request, item),
        "shown": shown,
        "said": said,
        "fields": {**_given(request), **shown.answers, "token": shown.token},
    }
    return render(request, "preview.html", context)


def _given(request: HttpRequest) -> Mapping[str, str]:
    """The answers in the form. Raises NotUnderstood for a country that is not two letters."""
    given = {question.name: request.POST.get(question.name, "") for question in house().label_set.questions}
    given["known"] = request.POST.get("known", "")
    for name, whose in _COUNTRIES.items():
        typed = request.POST.get(name, "").strip().upper()
        if typed and not re.fullmatch("[A-Z]{2}", typed):
            raise NotUnderstood(f"Please give the country of {whose} in two letters, such as SE.")
        given[name] = typed
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


def _done(verdict: Verdict) -> str:
    return {
        Verdict.ILLEGAL: gettext("Confirmed as illegal. Those concerned are being told."),
        Verdict.NOT_ILLEGAL: gettext("Confirmed as not illegal. Nobody is told."),
        Verdict.NOT_FOUND: gettext("Confirmed as not found. Nobody is told."),
    }[verdict]
