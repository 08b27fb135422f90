"""What an analyst is shown before confirming, and the confirmation: the same computation, done twice."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from lykta.core import labels, routing, second_opinion
from lykta.core.labels import Judgement, LabelSet, Meaning
from lykta.core.matching import LABELS
from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import Basis, ItemState, ListedAs, ListFinding, OpinionReason, RecipientKind, Verdict
from lykta.lib.clock import now
from lykta.records.cases import opinions
from lykta.records.cases.actions import judging
from lykta.records.cases.actions.judging import Ruling
from lykta.records.cases.models import Assessment, Item
from lykta.records.matching import findings
from lykta.records.matching.models import ItemFinding
from lykta.records.people.models import Staff
from lykta.records.referrals import actions as referral_actions
from lykta.records.referrals import queries as referrals
from lykta.records.referrals.actions import Addressee
from lykta.records.tracing import queries as tracing
from lykta.workflow.house import House

MOST_PICTURES = 200
"""A page with more is judged by the worst of what was looked at; nobody has to look at all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One who will be told: the duty with its reason, and where the message goes."""

    duty: routing.Duty
    to: Addressee

    @property
    def stored(self) -> dict[str, Any]:
        """How an assessment keeps it; `told_of` reads it."""
        return {"duty": asdict(self.duty), "to": asdict(self.to)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What confirming would do. `token` changes when anything of it changes.

    `pictures` are the answers for each picture, `answers` the worst of them. `question` is what the analyst is asked
    about the server's country, "" where there is no doubt; the answer is given as `host_country` in two letters.
    `reasons` say why a colleague has to judge it too; where that `waits`, only urgent messages leave before.
    `known` is what lists say of an item that nobody has looked at, else None.
    """

    pictures: tuple[dict[str, str], ...]
    answers: dict[str, str]
    judgement: Judgement
    facts: routing.Facts
    told: tuple[Told, ...]
    token: str
    question: str = ""
    reasons: tuple[OpinionReason, ...] = ()
    known: ItemFinding | None = None

    @property
    def waits(self) -> bool:
        return second_opinion.holds(self.reasons)

    def ruling(self, label_set: LabelSet, told: Iterable[Told]) -> Ruling:
        """What is written down of it, where these are told."""
        return Ruling(
            label_set=label_set,
            answers=self.answers,
            pictures=self.pictures if len(self.pictures) > 1 else (),
            judgement=self.judgement,
            facts=self.facts,
            duties=[one.stored for one in told],
            known=_grounds(self.known),
        )


def may_decide_known(item: Item, found: ItemFinding | None, house: House) -> bool:
    """Whether the item may be confirmed without a look, given what the lists say of it."""
    return (
        house.decides_known
        and item.state == ItemState.READY
        and found is not None
        and found.finding == ListFinding.ILLEGAL
    )


def preview(*, item: Item, given: Mapping[str, str], house: House) -> Preview:
    """What the answers mean under the law, and who would be told and why. Raises NotUnderstood.

    Given `known`, the answers are those that the lists' category carries; raises NotNow where that is not allowed.
    """
    known = _known(item, house) if given.get("known") else None
    pictures = all_pictures(house.label_set, LABELS[ListedAs.ILLEGAL] if known else given)
    answers = labels.combine(house.label_set, pictures)
    said = labels.meaning(house.label_set, answers)
    judgement = labels.judge(said, house.offences)
    facts = _facts(item, said, given)
    illegal = judgement.verdict is Verdict.ILLEGAL
    duties = routing.duties(facts, home=house.home, hotlines=referrals.hotline_countries()) if illegal else ()
    told = tuple(Told(duty=duty, to=addressee(item, duty)) for duty in duties)
    reasons = _reasons(item, said, judgement, duties, house)
    content: list[object] = [pictures, str(judgement.verdict), asdict(facts), reasons, _grounds(known)]
    content.append([[asdict(one.duty), one.to.email] for one in told])
    return Preview(
        pictures=pictures,
        answers=answers,
        judgement=judgement,
        facts=facts,
        told=told,
        token=hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest(),
        question=routing.question(facts) if illegal else "",
        reasons=reasons,
        known=known,
    )


def confirm(*, by: Staff, item: Item, given: Mapping[str, str], token: str, house: House) -> Assessment:
    """Assess the item as previewed. Raises NotNow when what was shown is not true any more.

    Where a colleague has to judge it first, a danger to a child is told at once all the same.
    """
    shown = preview(item=item, given=given, house=house)
    if shown.token != token:
        raise NotNow("What is known about it has changed since you looked. Please read again who will be told.")
    with transaction.atomic():
        ruling = shown.ruling(house.label_set, shown.told)
        assessment = judging.assess(by=by, item_number=item.pk, ruling=ruling, reasons=shown.reasons, now=now())
        if shown.waits:
            tell_danger(by=by, assessment=assessment, told=shown.told)
    return assessment


def tell_danger(*, by: Staff, assessment: Assessment, told: Iterable[Told]) -> None:
    """Plan the urgent messages alone; what else is to be told waits for the second opinion."""
    for one in told:
        if one.duty.urgent:
            referral_actions.plan(by=by.actor, assessment=assessment, duty=one.duty, to=one.to, now=now())


def earlier_pictures(label_set: LabelSet, given: Mapping[str, str]) -> tuple[dict[str, str], ...]:
    """The answers for the pictures of an item before the last: JSON in `pictures`. Raises NotUnderstood."""
    try:
        before = json.loads(given.get("pictures") or "[]")
        return tuple(labels.complete(label_set, {str(name): str(said) for name, said in one.items()}) for one in before)
    except (ValueError, TypeError, AttributeError) as error:
        raise NotUnderstood("The answers for the earlier pictures cannot be read: please begin again.") from error


def all_pictures(label_set: LabelSet, given: Mapping[str, str]) -> tuple[dict[str, str], ...]:
    """The answers for each picture of an item, the last at the end. Raises NotUnderstood."""
    earlier = earlier_pictures(label_set, given)
    if len(earlier) >= MOST_PICTURES:
        raise NotUnderstood(f"More than {MOST_PICTURES} pictures cannot be judged as one item.")
    return (*earlier, labels.complete(label_set, given))


def told_of(stored: Mapping[str, Any]) -> tuple[routing.Duty, Addressee]:
    """What an assessment keeps of one who is to be told: exactly what the analyst saw before confirming."""
    duty = {**stored["duty"], "kind": RecipientKind(stored["duty"]["kind"])}
    return routing.Duty(**duty), Addressee(**stored["to"])


def addressee(item: Item, duty: routing.Duty) -> Addressee:
    """Where a duty's message goes, or why a person has to find out."""
    if duty.kind is RecipientKind.HOST:
        trace = tracing.trace_of(item)
        if trace is not None and trace.cdn:
            return Addressee(
                "", "", problem="Only who is in front of the host is known: please give the host's contact."
            )
        if trace is None or not trace.contacts:
            name = trace.holder if trace else ""
            return Addressee(name, "", problem="No contact for complaints was found for the host: please give one.")
        return Addressee(trace.holder, trace.contacts[0]["email"])
    known = referrals.recipient(duty.kind, duty.country)
    if known is None:
        return Addressee("", "", problem=f"No recipient of this kind is known for {duty.country}: please add one.")
    if not known.key:
        return Addressee(known.name, "", problem=f"{known.name} has no certificate: please add it under Recipients.")
    return Addressee(known.name, known.email, known.key)


def _reasons(
    item: Item, said: Meaning, judgement: Judgement, duties: Sequence[routing.Duty], house: House
) -> tuple[OpinionReason, ...]:
    decided = opinions.decided_for_second(item)
    if decided and (decided.verdict, decided.law) == (judgement.verdict, judgement.law):
        return ()  # a senior has seen both answers and chose this one
    trace = tracing.trace_of(item)
    return second_opinion.reasons(
        said=said,
        verdict=judgement.verdict,
        duties=duties,
        fingerprints=bool(trace and trace.fingerprints),
        key_digest=item.key_digest,
        policy=house.second_opinions,
    )


def _known(item: Item, house: House) -> ItemFinding:
    found = findings.finding_of(item)
    if found is None or not may_decide_known(item, found, house):
        raise NotNow(
            "It cannot be confirmed without a look: no list makes it known any more, or it is not allowed here."
        )
    return found


def _grounds(known: ItemFinding | None) -> dict[str, Any]:
    """What a decision without a look rests on: the rule, the version of the rules, the lists and their versions."""
    return {"rule": known.rule, "policy": known.policy, "lists": known.lists} if known else {}


def _facts(item: Item, said: Meaning, given: Mapping[str, str]) -> routing.Facts:
    trace = tracing.trace_of(item)
    host = _country(given, "host_country")
    victim, victim_basis = _located(given, "victim", "the child")
    offender, offender_basis = _located(given, "offender", "the offender")
    traced = trace.host_country if trace else ""
    return routing.Facts(
        host_country=host or traced,
        host_sure=trace is not None and trace.host_is_sure,
        behind_cdn=trace.cdn if trace else False,
        said_by_analyst=bool(host),
        danger=said.danger,
        victim_country=victim,
        offender_country=offender,
        has_host=item.watchable,
        host_basis=Basis.ANALYST if host else Basis.TRACE if traced else "",
        victim_basis=victim_basis,
        offender_basis=offender_basis,
    )


def _located(given: Mapping[str, str], who: str, whose: str) -> tuple[str, str]:
    """A country, and what says so. Raises NotUnderstood for one without the other."""
    country, basis = _country(given, f"{who}_country"), given.get(f"{who}_basis", "")
    if country and basis not in set(Basis):
        raise NotUnderstood(f"Please choose what says in which country {whose} is.")
    return (country, basis) if country else ("", "")


def _country(given: Mapping[str, str], field: str) -> str:
    return given.get(field, "").strip().upper()[:2]
