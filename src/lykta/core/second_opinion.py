"""Second opinions: which assessments a colleague has to judge too, blind, and what waits for it.

A danger to a child never waits. The random sample is drawn from the digest of the item's key, so that nobody chooses
and everybody can check who was drawn.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lykta.core.labels import Judgement, Meaning
from lykta.core.refusals import NotNow
from lykta.core.routing import Duty
from lykta.core.vocabulary import OpinionReason, OpinionState, RecipientKind, Verdict, Word

HOLDING = frozenset({OpinionReason.NAMED_PERSON, OpinionReason.NOT_ILLEGAL_CHILD, OpinionReason.ABROAD})
"""For these nothing goes out meanwhile but a danger. Fingerprints wait at the list; a sample only measures."""
RULES = frozenset(OpinionReason) - {OpinionReason.SAMPLE}
"""What a hotline may switch on; the sample has a share instead."""
_DIGITS = 8
_MOST = 0x1_0000_0000


class OpinionEvent(Word):
    """What can happen to a second opinion."""

    AGREES = "agrees", "The colleague says the same."
    DIFFERS = "differs", "The colleague says something else."
    DECIDES = "decides", "A senior decides who was right."
    TAKEN_BACK = "taken_back", "The assessment was taken back, so that there is nothing to judge."


_O, _E = OpinionState, OpinionEvent
NEXT: dict[tuple[OpinionState, OpinionEvent], OpinionState] = {
    (_O.WAITING, _E.AGREES): _O.AGREED,
    (_O.WAITING, _E.DIFFERS): _O.DISAGREED,
    (_O.WAITING, _E.TAKEN_BACK): _O.WITHDRAWN,
    (_O.DISAGREED, _E.DECIDES): _O.DECIDED,
    (_O.DISAGREED, _E.TAKEN_BACK): _O.WITHDRAWN,
}
"""Every other pair is refused."""
_REFUSALS = {
    OpinionState.WAITING: "A colleague has to judge it first.",
    OpinionState.AGREED: "A colleague has given a second opinion already, and agrees.",
    OpinionState.DISAGREED: "A colleague has given a second opinion already: a senior decides.",
    OpinionState.DECIDED: "A senior has decided already.",
    OpinionState.WITHDRAWN: "The assessment was taken back: there is nothing to judge.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A hotline's choice: the rules that are on, and the share of the sample in per cent."""

    rules: frozenset[OpinionReason] = frozenset()
    sample: float = 0.0


def follows(state: OpinionState, event: OpinionEvent) -> OpinionState:
    """The next state. Raises NotNow where the event makes no sense."""
    if (state, event) not in NEXT:
        raise NotNow(_REFUSALS[state])
    return NEXT[state, event]


def reasons(
    *, said: Meaning, verdict: Verdict, duties: Iterable[Duty], fingerprints: bool, key_digest: str, policy: Policy
) -> tuple[OpinionReason, ...]:
    """Why a colleague has to judge it too; empty where nobody has to.

    `fingerprints`: there are some that could go to a hash list. `key_digest` is the item's, in hexadecimal.
    """
    illegal = verdict is Verdict.ILLEGAL
    abroad = any(duty.kind is RecipientKind.HOTLINE for duty in duties)
    rules = [
        (OpinionReason.NAMED_PERSON, illegal and said.named != "no"),
        (OpinionReason.NOT_ILLEGAL_CHILD, verdict is Verdict.NOT_ILLEGAL and said.named in {"child", "both"}),
        (OpinionReason.ABROAD, illegal and abroad),
        (OpinionReason.HASH_LIST, illegal and fingerprints),
    ]
    found = tuple(reason for reason, applies in rules if applies and reason in policy.rules)
    return (*found, OpinionReason.SAMPLE) if is_sampled(key_digest, policy.sample) else found


def is_sampled(key_digest: str, share: float) -> bool:
    """Whether an item is in the sample of `share` per cent: the same answer on every day and every machine."""
    return int(key_digest[:_DIGITS], 16) < share / 100 * _MOST


def holds(why: Iterable[OpinionReason]) -> bool:
    """Whether those concerned are told only after the second opinion."""
    return bool(HOLDING & set(why))


def agrees(first: Judgement, second: Judgement, *, same_danger: bool) -> bool:
    """Whether two judgements come to the same: verdict, paragraph, and whether a child may be in danger."""
    return (first.verdict, first.law) == (second.verdict, second.law) and same_danger
