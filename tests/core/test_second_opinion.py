"""Who is asked for a second opinion, what waits for it, and what follows."""

import hashlib
from itertools import product

import pytest

from lykta.core.labels import Judgement, Meaning
from lykta.core.refusals import NotNow
from lykta.core.routing import Duty
from lykta.core.second_opinion import (
    NEXT,
    RULES,
    OpinionEvent,
    Policy,
    agrees,
    follows,
    holds,
    is_sampled,
    reasons,
)
from lykta.core.vocabulary import Finding, OpinionReason, OpinionState, RecipientKind, Verdict

POLICE = Duty(kind=RecipientKind.POLICE, country="SE", rule="server", because="Here.")
PARTNER = Duty(kind=RecipientKind.HOTLINE, country="NL", rule="abroad", because="There.")
ALL = Policy(rules=RULES)
NEVER, ALWAYS = "f" * 64, "0" * 64


def why(
    verdict: Verdict = Verdict.ILLEGAL,
    *,
    named: str = "no",
    duties: tuple[Duty, ...] = (POLICE,),
    fingerprints: bool = False,
    key: str = NEVER,
    policy: Policy = ALL,
) -> tuple[OpinionReason, ...]:
    said = Meaning(Finding.CSAM, named=named)
    return reasons(said=said, verdict=verdict, duties=duties, fingerprints=fingerprints, key_digest=key, policy=policy)


def test_a_plain_case_needs_no_colleague() -> None:
    assert why() == ()


@pytest.mark.parametrize(("named", "verdict"), list(product(("no", "child", "adult", "both"), Verdict)))
def test_who_is_named_decides_with_the_verdict(named: str, verdict: Verdict) -> None:
    expected = {
        (Verdict.ILLEGAL, "child"): OpinionReason.NAMED_PERSON,
        (Verdict.ILLEGAL, "adult"): OpinionReason.NAMED_PERSON,
        (Verdict.ILLEGAL, "both"): OpinionReason.NAMED_PERSON,
        (Verdict.NOT_ILLEGAL, "child"): OpinionReason.NOT_ILLEGAL_CHILD,
        (Verdict.NOT_ILLEGAL, "both"): OpinionReason.NOT_ILLEGAL_CHILD,
    }.get((verdict, named))
    assert why(verdict, named=named) == ((expected,) if expected else ())


@pytest.mark.parametrize("verdict", list(Verdict))
def test_only_what_is_illegal_goes_abroad_or_to_a_list(verdict: Verdict) -> None:
    expected = (OpinionReason.ABROAD, OpinionReason.HASH_LIST) if verdict is Verdict.ILLEGAL else ()
    assert why(verdict, duties=(POLICE, PARTNER), fingerprints=True) == expected


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_that_is_switched_off_asks_nobody(rule: OpinionReason) -> None:
    everything = {
        OpinionReason.NAMED_PERSON: why(named="adult", policy=Policy(rules=RULES - {rule})),
        OpinionReason.NOT_ILLEGAL_CHILD: why(Verdict.NOT_ILLEGAL, named="child", policy=Policy(rules=RULES - {rule})),
        OpinionReason.ABROAD: why(duties=(PARTNER,), policy=Policy(rules=RULES - {rule})),
        OpinionReason.HASH_LIST: why(fingerprints=True, policy=Policy(rules=RULES - {rule})),
    }
    assert everything.pop(rule) == ()
    assert all(everything.values())


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_sample_is_drawn_from_every_verdict_and_without_any_rule(verdict: Verdict) -> None:
    assert why(verdict, key=ALWAYS, policy=Policy(sample=5)) == (OpinionReason.SAMPLE,)
    assert why(verdict, key=NEVER, policy=Policy(sample=5)) == ()


def test_the_sample_is_the_share_that_was_asked_for_and_the_same_every_day() -> None:
    keys = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(4000)]
    drawn = [key for key in keys if is_sampled(key, 5)]
    assert 150 < len(drawn) < 250
    assert drawn == [key for key in keys if is_sampled(key, 5)]
    assert all(is_sampled(key, 10) for key in drawn)


def test_nothing_is_drawn_at_nought_and_everything_at_a_hundred_per_cent() -> None:
    assert not is_sampled(ALWAYS, 0)
    assert is_sampled(NEVER, 100)


@pytest.mark.parametrize("reason", list(OpinionReason))
def test_a_list_and_a_sample_hold_nothing_back(reason: OpinionReason) -> None:
    assert holds([reason]) == (reason not in {OpinionReason.HASH_LIST, OpinionReason.SAMPLE})
    assert holds([OpinionReason.SAMPLE, reason]) == holds([reason])


@pytest.mark.parametrize(("state", "event"), list(product(OpinionState, OpinionEvent)))
def test_every_pair_leads_on_or_is_refused_in_words(state: OpinionState, event: OpinionEvent) -> None:
    if (state, event) in NEXT:
        assert follows(state, event) is NEXT[state, event]
    else:
        with pytest.raises(NotNow, match=r"\w+ \w+"):
            follows(state, event)


ILLEGAL, LEGAL = Judgement(Verdict.ILLEGAL, "§ 1"), Judgement(Verdict.NOT_ILLEGAL, "")


@pytest.mark.parametrize(
    ("first", "second", "same_danger", "expected"),
    [
        (ILLEGAL, ILLEGAL, True, True),
        (LEGAL, LEGAL, True, True),
        (ILLEGAL, LEGAL, True, False),
        (ILLEGAL, Judgement(Verdict.ILLEGAL, "§ 2"), True, False),
        (ILLEGAL, ILLEGAL, False, False),
        (LEGAL, Judgement(Verdict.NOT_FOUND, ""), True, False),
    ],
)
def test_colleagues_agree_on_verdict_paragraph_and_danger(
    *, first: Judgement, second: Judgement, same_danger: bool, expected: bool
) -> None:
    assert agrees(first, second, same_danger=same_danger) is expected
