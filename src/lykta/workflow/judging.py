"""What an analyst is shown before confirming, and the confirmation: the same computation, done twice."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lykta.core import labels, routing
from lykta.core.labels import Judgement
from lykta.core.matching import LABELS
from lykta.core.refusals import NotNow
from lykta.core.vocabulary import Finding, ItemState, ListedAs, RecipientKind, Verdict
from lykta.lib.clock import now
from lykta.records.cases.actions import judging
from lykta.records.cases.models import Assessment, Item
from lykta.records.matching import findings
from lykta.records.matching.models import ItemFinding
from lykta.records.people.models import Staff
from lykta.records.referrals import queries as referrals
from lykta.records.referrals.actions import Addressee
from lykta.records.tracing import queries as tracing
from lykta.workflow.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One who will be told: the duty with its reason, and where the message goes."""

    duty: routing.Duty
    to: Addressee


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What confirming would do. `token` changes when anything of it changes.

    `question` is what the analyst is asked about the server's country, "" where there is no doubt; the answer is given
    as `host_country` in two letters. `known` is what lists say of an item that nobody has looked at, else None.
    """

    answers: dict[str, str]
    judgement: Judgement
    facts: routing.Facts
    told: tuple[Told, ...]
    token: str
    question: str = ""
    known: ItemFinding | None = None


def may_decide_known(item: Item, found: ItemFinding | None, house: House) -> bool:
    """Whether the item may be confirmed without a look, given what the lists say of it."""
    return (
        house.decides_known and item.state == ItemState.READY and found is not None and found.finding == Finding.ILLEGAL
    )


def preview(*, item: Item, given: Mapping[str, str], house: House) -> Preview:
    """What the answers mean under the law, and who would be told and why. Raises NotUnderstood.

    Given `known`, the answers are those that the lists' category carries; raises NotNow where that is not allowed.
    """
    known = _known(item, house) if given.get("known") else None
    answers = labels.complete(house.label_set, LABELS[ListedAs.ILLEGAL] if known else given)
    judgement = labels.judge(answers, house.offences)
    facts = _facts(item, answers, given)
    duties: tuple[routing.Duty, ...] = ()
    if judgement.verdict is Verdict.ILLEGAL:
        duties = routing.duties(facts, home=house.home, hotlines=referrals.hotline_countries())
    told = tuple(Told(duty=duty, to=addressee(item, duty)) for duty in duties)
    content = [
        answers,
        str(judgement.verdict),
        asdict(facts),
        [[asdict(one.duty), one.to.email] for one in told],
        _grounds(known),
    ]
    token = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    question = routing.question(facts) if judgement.verdict is Verdict.ILLEGAL else ""
    return Preview(
        answers=answers, judgement=judgement, facts=facts, told=told, token=token, question=question, known=known
    )


def confirm(*, by: Staff, item: Item, given: Mapping[str, str], token: str, house: House) -> Assessment:
    """Assess the item as previewed. Raises NotNow when what was shown is not true any more."""
    shown = preview(item=item, given=given, house=house)
    if shown.token != token:
        raise NotNow("What is known about it has changed since you looked. Please read again who will be told.")
    return judging.assess(
        by=by,
        item_number=item.pk,
        label_set=house.label_set,
        answers=shown.answers,
        judgement=shown.judgement,
        facts=shown.facts,
        duties=[{"duty": asdict(one.duty), "to": asdict(one.to)} for one in shown.told],
        now=now(),
        known=_grounds(shown.known),
    )


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


def _facts(item: Item, answers: Mapping[str, str], given: Mapping[str, str]) -> routing.Facts:
    trace = tracing.trace_of(item)
    said = _country(given, "host_country")
    return routing.Facts(
        host_country=said or (trace.host_country if trace else ""),
        host_sure=trace is not None and trace.host_is_sure,
        behind_cdn=trace.cdn if trace else False,
        said_by_analyst=bool(said),
        danger=answers.get("danger") == "yes",
        victim_country=_country(given, "victim_country"),
        offender_country=_country(given, "offender_country"),
        has_host=item.watchable,
    )


def _country(given: Mapping[str, str], field: str) -> str:
    return given.get(field, "").strip().upper()[:2]
