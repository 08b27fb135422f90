"""Second opinions: judging without knowing the first answer, deciding between two, and how far people agree."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from lykta.core import agreement as agreeing
from lykta.core.agreement import Agreement
from lykta.core.refusals import NotAllowed, NotNow, NotUnderstood
from lykta.core.vocabulary import OpinionReason, OpinionState
from lykta.lib.clock import now
from lykta.records.cases import opinions as queries
from lykta.records.cases.access import access_decision, access_opinion
from lykta.records.cases.actions import opinions as actions
from lykta.records.cases.models import Opinion
from lykta.records.people.access import may_decide, may_lead, may_see_cases
from lykta.records.people.models import Staff
from lykta.sites.desk.casefile import item_files
from lykta.sites.desk.questions import asked, given_in, said
from lykta.sites.desk.sentences import in_words
from lykta.sites.desk.verbs import answers, house
from lykta.workflow import opinions as workflow

ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Compared:
    """One question with both answers."""

    question: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        return self.first != self.second


@dataclass(frozen=True, slots=True)
class Line:
    """How far people agree about one question."""

    question: str
    found: Agreement

    @property
    def per_cent(self) -> int | None:
        return None if self.found.observed is None else round(100 * self.found.observed)

    @property
    def missing(self) -> int:
        """How many more pairs a figure needs."""
        return agreeing.FEWEST - self.found.count


@answers("GET")
def opinions(request: HttpRequest, by: Staff) -> HttpResponse:
    """What waits for this person's second opinion and, for a senior, for a decision."""
    may_see_cases(by)
    to_give = queries.to_give(by)
    context = {
        "to_give": to_give[:ON_A_PAGE],
        "count": to_give.count(),
        "own": queries.own_waiting(by),
        "decides": _decides(by),
        "to_decide": [(one, _reasons(one)) for one in queries.to_decide(by)[:ON_A_PAGE]] if _decides(by) else [],
    }
    return render(request, "opinions.html", context)


@answers("GET", "POST")
def opinion(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """The questions about an item, without a word of what a colleague said; by POST the answers."""
    found = access_opinion(by, number)
    if found.state != OpinionState.WAITING:
        messages.error(request, gettext("Somebody has given a second opinion already."))
        return redirect("opinions")
    if request.method == "POST":
        try:
            given = given_in(house().label_set, request.POST)
            done = workflow.give(by=by, opinion=found, given=given, house=house())
        except (NotNow, NotUnderstood) as refusal:
            messages.error(request, in_words(str(refusal)))
        else:
            messages.success(request, _done(done))
            return redirect("opinions")
    [file] = item_files([found.assessment.item])
    questions = asked(house().label_set, request.POST)
    return render(request, "opinion.html", {"file": file, "opinion": found, "questions": questions})


@answers("GET", "POST")
def decide(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """Both answers side by side, for the one who decides; by POST who was right."""
    found = access_decision(by, number)
    if request.method == "POST":
        right = request.POST.get("right", "")
        if right in {"first", "second"}:
            return _decide(request, by, found, first_was_right=right == "first")
        messages.error(request, gettext("Please choose whose answer counts."))
    [file] = item_files([found.assessment.item])
    context = {
        "file": file,
        "opinion": found,
        "reasons": _reasons(found),
        "compared": _compared(found),
        "is_open": found.state == OpinionState.DISAGREED,
    }
    return render(request, "decide.html", context)


@answers("GET")
def agreement(request: HttpRequest, by: Staff) -> HttpResponse:
    """How far colleagues agree, question by question, for the label set that is worked with."""
    may_lead(by)
    label_set = house().label_set
    pairs = queries.pairs(label_set.name)
    lines = [Line(one.text, agreeing.agreement(pairs.get(one.name, []))) for one in label_set.questions]
    context = {
        "lines": [line for line in lines if not line.found.is_too_few],
        "too_few": sum(line.found.is_too_few for line in lines),
        "missing": _missing([line for line in lines if line.found.is_too_few]),
        "label_set": label_set,
        "fewest": agreeing.FEWEST,
    }
    return render(request, "agreement.html", context)


def _missing(lines: list[Line]) -> list[tuple[int, list[str]]]:
    """How many more pairs are needed, the fewest first, each with the questions that need so many."""
    counts = sorted({line.missing for line in lines})
    return [(count, [line.question for line in lines if line.missing == count]) for count in counts]


def _decide(request: HttpRequest, by: Staff, found: Opinion, *, first_was_right: bool) -> HttpResponse:
    item = found.assessment.item
    try:
        again = actions.decide(by=by, number=found.pk, first_was_right=first_was_right, now=now())
    except NotNow as refusal:
        messages.error(request, in_words(str(refusal)))
        return redirect("opinions")
    if again:
        messages.success(request, gettext("Decided. Please read the second answer as an assessment, and confirm it."))
        return redirect(f"{reverse('assess', args=[item.pk])}?opinion={found.pk}")
    if first_was_right:
        messages.success(request, gettext("Decided: the first answer counts."))
    else:
        messages.warning(request, gettext("Decided. Those concerned were told already: please write to them."))
    return redirect("opinions")


def _decides(by: Staff) -> bool:
    try:
        may_decide(by)
    except NotAllowed:
        return False
    return True


def _reasons(opinion: Opinion) -> list[str]:
    return [gettext(OpinionReason(word).sentence) for word in opinion.reasons]


def _compared(opinion: Opinion) -> list[Compared]:
    """Both in their own words: the first may have been given in an older label set."""
    first = dict(said(opinion.assessment.label_set, opinion.assessment.answers))
    second = dict(said(house().label_set.name, opinion.answers))
    return [
        Compared(question, gettext(first.get(question, "")), gettext(second.get(question, "")))
        for question in {**first, **second}
    ]


def _done(opinion: Opinion) -> str:
    if opinion.state == OpinionState.DISAGREED:
        return gettext("Kept. You and your colleague differ: a senior decides.")
    return gettext("Kept. You and your colleague agree.")
