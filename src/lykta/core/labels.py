"""Label sets: what an analyst says about an item, what others call it, and what a country's law makes of it.

A set is versioned data (`lykta.lib.labels` reads it); an old assessment keeps the version that it was made with.
Questions follow published practice: the age is that of the youngest child seen, the finding and the level those of the
worst seen (IWF). Labels are plain category words; nothing here describes anything.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import Finding, Verdict

Conditions = Mapping[str, frozenset[str]]
"""Which answers to other questions are needed: question → values, of which one must have been given."""
VERDICT = "verdict"
"""The verdict stands beside the answers when a code of another scheme is looked for."""
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer; `key` is the key on the keyboard that chooses it."""

    value: str
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with one answer. `default` is taken when nothing is said; "" means that an answer is needed.

    It is asked only `when` earlier answers fit. `worst_first` (else the order of the options) says which answer counts
    for several pictures; `mixed` is the answer where they differ.
    """

    name: str
    text: str
    options: tuple[Option, ...]
    default: str = ""
    when: Conditions = field(default_factory=dict)
    worst_first: tuple[str, ...] = ()
    mixed: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(option.value for option in self.options)

    def worst(self, said: Iterable[str]) -> str:
        """The answer that counts for all pictures together: the most severe, the youngest."""
        known = sorted(set(said), key=(self.worst_first or self.values).index)
        if self.mixed and len(set(known) - {UNKNOWN, self.default}) > 1:
            return self.mixed
        return known[0]


@dataclass(frozen=True, slots=True)
class Rule:
    """Where the conditions are met, another scheme's code is this one; "" means that there is none, and why."""

    code: str
    because: str
    when: Conditions = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scheme:
    """How the answers of a set are said in another scheme; the first rule that fits counts."""

    name: str
    title: str
    source: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class LabelSet:
    """A named, versioned set of questions, with what others call the answers."""

    name: str
    questions: tuple[Question, ...]
    title: str = ""
    source: str = ""
    schemes: tuple[Scheme, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offence:
    """One line of a country's law: which findings of which nature are illegal, the paragraph to cite, and why."""

    law: str
    findings: frozenset[str]
    natures: frozenset[str]
    because: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, the law it rests on ("" unless illegal), and an explanation of both."""

    verdict: Verdict
    law: str
    because: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the answers of any set say in Lykta's own words, which laws and routing understand."""

    finding: Finding
    nature: str = UNKNOWN
    danger: bool = False
    named: str = "no"


def fits(when: Conditions, answers: Mapping[str, str]) -> bool:
    """Whether every condition is met by these answers."""
    return all(answers.get(name, "") in values for name, values in when.items())


def complete(label_set: LabelSet, given: Mapping[str, str]) -> dict[str, str]:
    """The answers to all that is asked, with defaults filled in, and nothing else.

    Raises NotUnderstood for a missing or unknown answer.
    """
    answers: dict[str, str] = {}
    for question in label_set.questions:
        if not fits(question.when, answers):
            continue
        answer = given.get(question.name) or question.default
        if not answer:
            raise NotUnderstood(f"Please answer: {question.text}")
        if answer not in question.values:
            raise NotUnderstood(f"“{answer[:40]}” is not an answer to: {question.text}")
        answers[question.name] = answer
    return answers


def combine(label_set: LabelSet, pictures: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Answers for several pictures of one item as one: the most severe finding and level, the youngest child."""
    worst: dict[str, str] = {}
    for question in label_set.questions:
        said = [picture[question.name] for picture in pictures if question.name in picture]
        if said:
            worst[question.name] = question.worst(said)
    return complete(label_set, worst)


def code(label_set: LabelSet, scheme: str, answers: Mapping[str, str], verdict: Verdict) -> Rule:
    """What another scheme calls an item with these answers, and why; a code "" where that cannot be said honestly.

    Every set that has the scheme answers for every answer; a set without it says so.
    """
    known = {**answers, VERDICT: str(verdict)}
    for one in label_set.schemes:
        if one.name == scheme:
            return next(rule for rule in one.rules if fits(rule.when, known))
    return Rule("", f"The label set {label_set.name} does not say it.")


def meaning(label_set: LabelSet, answers: Mapping[str, str]) -> Meaning:
    """What these answers mean to laws and routing: by the set's schemes `lykta.…`, else by questions of those names."""
    schemes = {scheme.name for scheme in label_set.schemes}

    def said(name: str) -> str:
        if f"lykta.{name}" in schemes:
            return code(label_set, f"lykta.{name}", answers, Verdict.NOT_FOUND).code
        return answers.get(name, "")

    nature, named = said("nature") or UNKNOWN, said("named") or "no"
    return Meaning(Finding(said("finding")), nature, danger=said("danger") == "yes", named=named)


def judge(said: Meaning, offences: tuple[Offence, ...]) -> Judgement:
    """The verdict under a country's law; the first offence that fits is cited."""
    if said.finding in {Finding.NOT_FOUND, Finding.INACCESSIBLE}:
        return Judgement(Verdict.NOT_FOUND, "", "Nobody could assess it.")
    for offence in offences:
        if said.finding in offence.findings and said.nature in offence.natures:
            return Judgement(Verdict.ILLEGAL, offence.law, offence.because)
    if said.finding in {Finding.CSAM, Finding.EXPLOITATION, Finding.ADVERT}:
        return Judgement(Verdict.NOT_ILLEGAL, "", "No paragraph of the country file covers it.")
    return Judgement(Verdict.NOT_ILLEGAL, "", said.finding.sentence)
