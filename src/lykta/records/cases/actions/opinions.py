"""Verbs of second opinions: ask for one, give one, decide between two."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from lykta.core.labels import Judgement
from lykta.core.lifecycle import Event
from lykta.core.refusals import NotAllowed
from lykta.core.second_opinion import OpinionEvent, follows, holds
from lykta.core.vocabulary import ItemState, OpinionReason, OpinionState, Verdict
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.cases.actions.moves import apply, conclude
from lykta.records.cases.models import Assessment, Item, Opinion
from lykta.records.people.models import Staff


def ask(*, by: Staff, assessment: Assessment, reasons: Sequence[OpinionReason], now: datetime) -> Opinion:
    """A colleague has to judge the item too."""
    opinion = Opinion.objects.create(
        assessment=assessment, reasons=[str(reason) for reason in reasons], holds=holds(reasons), asked_at=now
    )
    _note(by, AuditWord.OPINION_ASKED, opinion, {"reasons": opinion.reasons})
    return opinion


def give(
    *, by: Staff, number: int, answers: Mapping[str, str], judgement: Judgement, agrees: bool, now: datetime
) -> Opinion:
    """Write down what a colleague says; where both agree, those concerned are told. Raises NotNow, NotAllowed."""
    with transaction.atomic():
        opinion, item = _locked(number)
        if opinion.assessment.by_id == by.pk:
            raise NotAllowed("There is nothing here for you.")
        event = OpinionEvent.AGREES if agrees else OpinionEvent.DIFFERS
        opinion.state = follows(OpinionState(opinion.state), event)
        opinion.by, opinion.at, opinion.answers = by, now, dict(answers)
        opinion.verdict, opinion.law = judgement.verdict, judgement.law
        opinion.save()
        _note(by, AuditWord.OPINION_GIVEN, opinion, {"agrees": agrees})
        if agrees and opinion.holds:
            _go_on(by, item, opinion, now)
    return opinion


def decide(*, by: Staff, number: int, first_was_right: bool, now: datetime) -> bool:
    """A senior says who was right; true where the item has to be assessed again. Raises NotNow.

    Where the first was right, those concerned are told as the first analyst saw it. Else the item is ready again, if
    nobody was told yet: what the second one said has to be looked at as an assessment, with who would be told.
    """
    with transaction.atomic():
        opinion, item = _locked(number)
        opinion.state = follows(OpinionState(opinion.state), OpinionEvent.DECIDES)
        opinion.decided_by, opinion.decided_at, opinion.first_was_right = by, now, first_was_right
        opinion.save()
        _note(by, AuditWord.OPINION_DECIDED, opinion, {"first_was_right": first_was_right})
        if opinion.holds and first_was_right:
            _go_on(by, item, opinion, now)
            return False
        if first_was_right or not _may_open(opinion, item):
            return False
        item.verdict = ""
        item.save(update_fields=["verdict"])
        apply(by=by.actor, item=item, event=Event.CHECKED if opinion.holds else Event.RECONSIDERED, now=now)
        return True


def take_back(*, item: Item) -> None:
    """The item's assessment was taken back: nobody has to judge it, or to decide about it, any more."""
    for before in (OpinionState.WAITING, OpinionState.DISAGREED):
        after = follows(before, OpinionEvent.TAKEN_BACK)
        Opinion.objects.filter(assessment__item=item, state=before).update(state=after)


def _locked(number: int) -> tuple[Opinion, Item]:
    """The item first, as every verb locks it."""
    item_number = Opinion.objects.values_list("assessment__item_id", flat=True).get(pk=number)
    item = Item.objects.select_for_update().get(pk=item_number)
    return Opinion.objects.select_related("assessment").get(pk=number), item


def _go_on(by: Staff, item: Item, opinion: Opinion, now: datetime) -> None:
    apply(by=by.actor, item=item, event=Event.CHECKED, now=now)
    conclude(by=by, item=item, verdict=Verdict(opinion.assessment.verdict), now=now)


def _may_open(opinion: Opinion, item: Item) -> bool:
    """Whether nobody was told: it waited for this, or it ended without anybody being concerned."""
    ended = item.state in {ItemState.DISMISSED, ItemState.UNREACHABLE}
    return opinion.holds or (ended and item.newest_assessment == opinion.assessment)


def _note(by: Staff, word: AuditWord, opinion: Opinion, facts: dict[str, object]) -> None:
    subject = f"item:{opinion.assessment.item_id}"
    audit.write(by=by.actor, word=word, subject=subject, facts={"opinion": opinion.pk, **facts})
