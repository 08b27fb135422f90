"""What is wrong with a label set, so that a broken one is refused before anybody works with it."""

from collections.abc import Iterator
from dataclasses import dataclass

from lykta.core.labels import VERDICT, Conditions, LabelSet, Question, Rule, Scheme
from lykta.core.vocabulary import Finding, Verdict

RESERVED_KEYS = frozenset("qrsjkh?")
"""Keys that mean something else on every page of the desk."""
MEANINGS: dict[str, frozenset[str]] = {
    "finding": frozenset(Finding),
    "nature": frozenset({"real", "drawn", "generated", "unknown"}),
    "danger": frozenset({"yes", "no"}),
    "named": frozenset({"child", "adult", "both", "no"}),
}
"""What laws and routing have to learn from a set, by a question or a scheme `lykta.…`; only the finding is needed."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one table of a file: `questions` or `mappings`, counted from 0, or the file itself ("", 0)."""

    table: str
    index: int
    reason: str


def faults(label_set: LabelSet) -> Iterator[Fault]:
    """Everything that is wrong with a set, in the order of the file."""
    earlier: dict[str, frozenset[str]] = {}
    for index, question in enumerate(label_set.questions):
        reasons = [*_of_question(question, earlier), *_of_keys(question, label_set.questions[:index])]
        yield from (Fault("questions", index, f"{question.name}: {reason}") for reason in reasons)
        earlier[question.name] = frozenset(question.values)
    earlier[VERDICT] = frozenset(Verdict)
    for index, scheme in enumerate(label_set.schemes):
        taken = scheme.name in {one.name for one in label_set.schemes[:index]}
        reasons = [*_of_scheme(scheme, earlier), *(["there are two of this name"] if taken else [])]
        yield from (Fault("mappings", index, f"{scheme.name}: {reason}") for reason in reasons)
    yield from (Fault("", 0, reason) for reason in _of_meaning(label_set))


def _of_question(question: Question, earlier: dict[str, frozenset[str]]) -> Iterator[str]:
    values = question.values
    if question.name in earlier or question.name == VERDICT:
        yield "there are two of this name, or it is a word that means something else"
    if len(values) < 2 or len(values) != len(set(values)):
        yield "it needs at least two options, and each value once"
    for name in (question.default, question.mixed):
        if name and name not in values:
            yield f"“{name}” is none of its options"
    if question.worst_first and sorted(question.worst_first) != sorted(values):
        yield "worst_first has to name each option once"
    yield from _of_conditions(question.when, earlier)


def _of_keys(question: Question, before: tuple[Question, ...]) -> Iterator[str]:
    keys = [option.key for option in question.options if option.key]
    together = [other for other in before if not _exclude(question.when, other.when)]
    taken = {option.key for other in together for option in other.options}
    for key in keys:
        if len(key) != 1 or key in RESERVED_KEYS:
            yield f"“{key}” cannot be a key"
        if key in taken or keys.count(key) > 1:
            yield f"the key “{key}” is taken"


def _exclude(one: Conditions, other: Conditions) -> bool:
    """Whether two questions are never asked together."""
    return any(name in other and not values & other[name] for name, values in one.items())


def _of_conditions(when: Conditions, known: dict[str, frozenset[str]]) -> Iterator[str]:
    for name, values in when.items():
        if name not in known:
            yield f"no question before it is called “{name}”"
        for value in sorted(values - known.get(name, values)):
            yield f"“{value}” is not an answer to “{name}”"
        if not values:
            yield f"no answer to “{name}” is named"


def _of_scheme(scheme: Scheme, known: dict[str, frozenset[str]]) -> Iterator[str]:
    if not scheme.rules or scheme.rules[-1].when:
        yield "the last rule must have no condition, so that there is an answer for everything"
    if any(not rule.when for rule in scheme.rules[:-1]):
        yield "a rule without a condition hides those after it"
    for rule in scheme.rules:
        yield from _of_conditions(rule.when, known)
        yield from _of_code(scheme, rule)


def _of_code(scheme: Scheme, rule: Rule) -> Iterator[str]:
    allowed = MEANINGS.get(scheme.name.removeprefix("lykta.")) if scheme.name.startswith("lykta.") else None
    if not rule.because:
        yield "each rule has to say why (because)"
    if allowed is not None and rule.code not in allowed:
        yield f"“{rule.code}” is none of {', '.join(sorted(allowed))}"


def _of_meaning(label_set: LabelSet) -> Iterator[str]:
    schemes = {scheme.name for scheme in label_set.schemes}
    questions = {question.name: question for question in label_set.questions}
    for name, allowed in MEANINGS.items():
        if f"lykta.{name}" in schemes:
            continue
        question = questions.get(name)
        if question is None and name == "finding":
            yield "neither a question “finding” nor a mapping “lykta.finding” says what laws are written over"
        elif question is not None and not set(question.values) <= allowed:
            yield f"“{name}” has other answers than {', '.join(sorted(allowed))}: say them in a mapping lykta.{name}"
        elif question is not None and name == "finding" and question.when:
            yield "the finding has to be asked always"
