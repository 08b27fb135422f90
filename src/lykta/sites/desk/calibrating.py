"""Practice cases: somebody new answers made-up cases and reads what was expected, and why."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lykta.core import labels
from lykta.core.calibration import Calibration, PracticeCase, Score, next_case, scores, total
from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import Role
from lykta.lib import calibration as files
from lykta.lib.clock import now
from lykta.records.cases import trials
from lykta.records.cases.actions import trying
from lykta.records.people.access import may_see_cases
from lykta.records.people.models import Staff
from lykta.sites.desk.questions import asked, given_in, said
from lykta.sites.desk.sentences import in_words
from lykta.sites.desk.verbs import answers, house


@dataclass(frozen=True, slots=True)
class Answered:
    """A made-up case with what was expected and what was said, question by question."""

    number: int
    case: PracticeCase
    lines: list[tuple[str, str, str]]


@answers("GET")
def calibration(request: HttpRequest, by: Staff) -> HttpResponse:
    """How far one is; after the last case the score and what was expected. A lead sees who has done it."""
    may_see_cases(by)
    found = files.calibration(house().label_set.name)
    if found is None:
        return render(request, "calibration.html", {"count": 0})
    own = trials.of(by, found.label_set)
    following = next_case(found, own)
    context = {
        "count": len(found.cases),
        "answered": len(own),
        "next": following,
        "scores": _by_question(scores(found, own)) if following is None else [],
        "total": total(scores(found, own)),
        "cases": [_answered(found, number, own[number]) for number in sorted(own)] if following is None else [],
        "people": _people(found) if by.role == Role.LEAD else [],
        "leads": by.role == Role.LEAD,
    }
    return render(request, "calibration.html", context)


@answers("GET", "POST")
def case(request: HttpRequest, by: Staff, number: int) -> HttpResponse:
    """One made-up case; by POST the answers to it."""
    may_see_cases(by)
    label_set = house().label_set
    found = files.calibration(label_set.name)
    if found is None or not 1 <= number <= len(found.cases) or number in trials.of(by, found.label_set):
        return redirect("calibration")
    if request.method == "POST":
        try:
            given = labels.complete(label_set, given_in(label_set, request.POST))
            trying.answer(by=by, calibration=found.label_set, number=number, answers=given, now=now())
        except (NotNow, NotUnderstood) as refusal:
            messages.error(request, in_words(str(refusal)))
        else:
            following = next_case(found, trials.of(by, found.label_set))
            return redirect("calibration-case", following) if following else redirect("calibration")
    context = {
        "case": found.cases[number - 1],
        "number": number,
        "count": len(found.cases),
        "questions": asked(label_set, request.POST),
        "squares": [(x, y) for x in range(8) for y in range(4) if (x * y + x + number) % 3 == 0],
    }
    return render(request, "calibration_case.html", context)


def _by_question(found: dict[str, Score]) -> list[tuple[str, Score]]:
    texts = {question.name: question.text for question in house().label_set.questions}
    return [(texts[name], score) for name, score in found.items()]


def _answered(found: Calibration, number: int, given: dict[str, str]) -> Answered:
    case = found.cases[number - 1]
    expected = dict(said(found.label_set, case.expected))
    own = dict(said(found.label_set, given))
    return Answered(number, case, [(question, text, own.get(question, "")) for question, text in expected.items()])


def _people(found: Calibration) -> list[tuple[str, int, Score]]:
    """Who has begun: name, cases answered, score."""
    begun = trials.everybodys(found.label_set)
    return [(name, len(answered), total(scores(found, answered))) for name, answered in sorted(begun.items())]
