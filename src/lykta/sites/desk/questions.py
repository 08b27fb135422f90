"""How the questions of a label set stand in a form, and answers on a page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from lykta.core import labels
from lykta.core.labels import LabelSet, Question, Rule
from lykta.core.vocabulary import Verdict
from lykta.sites.desk.verbs import house

MANY_OPTIONS = 10
"""So many options without keys of their own stand in a list that opens."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what is chosen; `when` tells the script, as JSON, when it is asked at all."""

    question: Question
    chosen: str
    when: str

    @property
    def as_list(self) -> bool:
        options = self.question.options
        return len(options) > MANY_OPTIONS and not any(option.key for option in options)


@dataclass(frozen=True, slots=True)
class Called:
    """What another scheme calls it."""

    title: str
    source: str
    rule: Rule


def asked(label_set: LabelSet, given: Mapping[str, str]) -> list[Asked]:
    """Every question, with what was given or its default; those that are not asked are left out when it is sent."""
    return [
        Asked(
            question,
            given.get(question.name) or question.default,
            json.dumps({name: sorted(values) for name, values in question.when.items()}),
        )
        for question in label_set.questions
    ]


def given_in(label_set: LabelSet, form: Mapping[str, str]) -> dict[str, str]:
    """What a form says to the questions of a set."""
    return {question.name: form.get(question.name, "") for question in label_set.questions}


def said(name: str, answers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Questions and answers in the words of the label set of that name, as stored where the set is gone."""
    label_set = house().label_sets.get(name)
    if label_set is None:
        return list(answers.items())
    texts = {question.name: {one.value: one.text for one in question.options} for question in label_set.questions}
    return [
        (question.text, texts[question.name].get(answers[question.name], ""))
        for question in label_set.questions
        if question.name in answers
    ]


def called(name: str, answers: Mapping[str, str], verdict: Verdict) -> list[Called]:
    """What others call an item with these answers, by the set that the answers were given in."""
    label_set = house().label_sets.get(name)
    if label_set is None:
        return []
    return [
        Called(one.title, one.source, labels.code(label_set, one.name, answers, verdict)) for one in label_set.schemes
    ]
