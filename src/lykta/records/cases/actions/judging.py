"""An analyst's verbs: claim, assess, reconsider."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from lykta.core import labels, lifecycle, routing
from lykta.core.labels import Judgement, LabelSet
from lykta.core.lifecycle import Event
from lykta.core.refusals import NotNow
from lykta.core.second_opinion import holds
from lykta.core.vocabulary import CaseState, ItemState, OpinionReason
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.cases import fitness
from lykta.records.cases.actions import opinions
from lykta.records.cases.actions.moves import apply, conclude
from lykta.records.cases.models import Assessment, Case, Item
from lykta.records.people.models import Staff

CLAIM = timedelta(minutes=30)
HANDED_OVER = timedelta(days=1)
"""So long it waits for whom it was handed to: they may not be at the desk just now."""


def claim(*, by: Staff, case: Case, now: datetime) -> None:
    """Take a case in hand for half an hour, unless somebody else has it or it is not for them. Raises NotNow."""
    if why := fitness.why_not(by, case):
        raise NotNow(why.sentence)
    free = Q(claimed_by=None) | Q(claimed_by=by) | Q(claimed_until__lt=now)
    taken = Case.objects.filter(free, pk=case.pk).update(claimed_by=by, claimed_until=now + CLAIM)
    if not taken:
        raise NotNow("A colleague has this case in hand.")


def hand_back_all(*, by: str, staff: Staff) -> int:
    """Somebody leaves: colleagues may take what was in their hands at once. Returns how many cases it was."""
    with transaction.atomic():
        numbers = list(Case.objects.filter(claimed_by=staff).values_list("pk", flat=True))
        Case.objects.filter(pk__in=numbers).update(claimed_by=None, claimed_until=None)
        deeds = [audit.Deed(AuditWord.CASE_HANDED_BACK, f"case:{number}") for number in numbers]
        audit.write_all(by=by, deeds=deeds)
    return len(numbers)


def give_back(*, by: Staff, case: Case) -> None:
    """Let a case go that one has in hand. Raises NotNow."""
    with transaction.atomic():
        if not Case.objects.filter(pk=case.pk, claimed_by=by).update(claimed_by=None, claimed_until=None):
            raise NotNow("You do not have this case in hand.")
        audit.write(by=by.actor, word=AuditWord.CASE_GIVEN_BACK, subject=f"case:{case.pk}")


def hand_over(*, by: Staff, case: Case, to: Staff, now: datetime) -> None:
    """Put a case into a colleague's hands for a day, unless somebody else has it or it is not for them. Raises NotNow.

    Why it is not is not said: it may be the colleague's own choice.
    """
    if fitness.why_not(to, case):
        raise NotNow("Your colleague does not take cases of this kind. Please choose somebody else.")
    free = Q(claimed_by=None) | Q(claimed_by=by) | Q(claimed_until__lt=now)
    with transaction.atomic():
        open_case = Case.objects.filter(free, pk=case.pk, state=CaseState.OPEN)
        if not open_case.update(claimed_by=to, claimed_until=now + HANDED_OVER):
            raise NotNow("A colleague has this case in hand, or it is closed.")
        facts = {"to": to.username}
        audit.write(by=by.actor, word=AuditWord.CASE_HANDED_OVER, subject=f"case:{case.pk}", facts=facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What somebody says of an item, what it comes to under the law, and all that it rests on.

    `answers` are in the words of `label_set`; `pictures` are those for each picture where there were several. `duties`
    holds, as the analyst saw it before confirming, who is told why (`duty`, fields of `routing.Duty`) and where (`to`);
    the worker acts on these and no others. `known` names the rule and the lists of a decision without a look.
    """

    label_set: LabelSet
    answers: Mapping[str, str]
    judgement: Judgement
    facts: routing.Facts
    duties: Sequence[Mapping[str, Any]] = ()
    pictures: Sequence[Mapping[str, str]] = ()
    known: Mapping[str, Any] = field(default_factory=dict)


def assess(
    *, by: Staff, item_number: int, ruling: Ruling, now: datetime, reasons: Sequence[OpinionReason] = ()
) -> Assessment:
    """Write an assessment down, with all that it rests on, and let the river go on. Raises NotNow.

    `reasons` say why a colleague has to judge it too.
    """
    with transaction.atomic():
        item = Item.objects.select_for_update().get(pk=item_number)
        assessment = _write(by=by, item=item, ruling=ruling, now=now)
        if reasons:
            opinions.ask(by=by, assessment=assessment, reasons=reasons, now=now)
        if holds(reasons):
            apply(by=by.actor, item=item, event=Event.CHECK_ASKED, now=now)
        else:
            conclude(by=by, item=item, verdict=ruling.judgement.verdict, now=now)
    return assessment


def alarm(*, by: Staff, item_number: int, ruling: Ruling, now: datetime) -> Assessment:
    """Write down that a second person sees a danger which the first did not. The item stays where it is."""
    with transaction.atomic():
        return _write(by=by, item=Item.objects.get(pk=item_number), ruling=ruling, now=now, alarm=True)


def reconsider(*, by: Staff, item_number: int, now: datetime) -> None:
    """Take an assessment back as long as nobody was told. Raises NotNow."""
    with transaction.atomic():
        item = Item.objects.select_for_update().get(pk=item_number)
        item.verdict = ""
        item.save(update_fields=["verdict"])
        apply(by=by.actor, item=item, event=Event.RECONSIDERED, now=now)
        opinions.take_back(item=item)
        audit.write(by=by.actor, word=AuditWord.ITEM_RECONSIDERED, subject=f"item:{item.pk}")


def _write(*, by: Staff, item: Item, ruling: Ruling, now: datetime, alarm: bool = False) -> Assessment:
    judgement = ruling.judgement
    without_look = {"known": dict(ruling.known)} if ruling.known else {}
    assessment = Assessment.objects.create(
        item=item,
        by=by,
        at=now,
        label_set=ruling.label_set.name,
        answers=labels.complete(ruling.label_set, ruling.answers),
        pictures=[dict(one) for one in ruling.pictures],
        verdict=judgement.verdict,
        law=judgement.law,
        routing=routing.VERSION,
        facts={**asdict(ruling.facts), **without_look},
        duties=[dict(one) for one in ruling.duties],
        alarm=alarm,
    )
    audit.write(
        by=by.actor,
        word=AuditWord.ITEM_ASSESSED,
        subject=f"item:{item.pk}",
        facts={
            "assessment": assessment.pk,
            "verdict": str(judgement.verdict),
            "law": judgement.law,
            "labels": assessment.label_set,
            "routing": routing.VERSION,
            "rules": [one["duty"]["rule"] for one in ruling.duties],
            **without_look,
        },
    )
    return assessment


def ask_again(*, by: str, item_number: int, now: datetime) -> None:
    """A list has it now: what was dismissed, or could not be opened, waits for an analyst again; nothing else does."""
    with transaction.atomic():
        item = Item.objects.select_for_update().get(pk=item_number)
        if lifecycle.decide(ItemState(item.state), Event.LISTED).state is ItemState(item.state):
            return
        item.verdict = ""
        item.save(update_fields=["verdict"])
        apply(by=by, item=item, event=Event.LISTED, now=now)
