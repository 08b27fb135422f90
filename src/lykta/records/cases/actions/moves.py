"""Moving an item from state to state: the lifecycle decides, this writes it down and plans what follows."""

from datetime import datetime

from django.db import transaction

from lykta.core import lifecycle
from lykta.core.lifecycle import Event, StepWord
from lykta.core.vocabulary import ItemState, Verdict
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.cases.actions import standing
from lykta.records.cases.models import Case, Item
from lykta.records.people.models import Staff
from lykta.records.steps import actions as steps

_ABOUT_CASES = frozenset({StepWord.TELL_REPORTERS, StepWord.SETTLE, StepWord.REOPEN})


def move(*, by: str, item_number: int, event: Event, now: datetime) -> Item:
    """Something happened to an item. Raises NotNow where it makes no sense in the item's state."""
    with transaction.atomic():
        item = Item.objects.select_for_update().get(pk=item_number)
        apply(by=by, item=item, event=event, now=now)
    return item


def apply(*, by: str, item: Item, event: Event, now: datetime) -> None:
    """`move` for an item that is locked already, in the transaction that holds it.

    Every change of state begins a new turn; the turn is the occasion of the steps, so that doing the same thing in a
    later turn is not taken for doing it twice.
    """
    before = ItemState(item.state)
    decision = lifecycle.decide(before, event)
    item.turns += 1
    if decision.state is not before:
        item.state, item.state_at = decision.state, now
        audit.write(
            by=by,
            word=AuditWord.ITEM_MOVED,
            subject=f"item:{item.pk}",
            facts={"from": str(before), "event": str(event), "to": str(decision.state)},
        )
    item.save(update_fields=["state", "state_at", "turns"])
    if decision.state is not before:
        standing.refresh(Case.objects.filter(reports__mentions__item=item), changed=item)
    plan_steps(item=item, words=decision.steps, now=now)


def conclude(*, by: Staff, item: Item, verdict: Verdict, now: datetime) -> None:
    """The verdict counts from now on: `apply` for what follows from it."""
    item.verdict = verdict
    item.save(update_fields=["verdict"])
    apply(by=by.actor, item=item, event=lifecycle.EVENT_OF_VERDICT[verdict], now=now)


def plan_steps(*, item: Item, words: tuple[StepWord, ...], now: datetime) -> None:
    """Plan what follows: about the item itself, or about each case that names it."""
    cases: list[int] = []
    if _ABOUT_CASES & set(words):
        cases = list(Case.objects.filter(reports__mentions__item=item).distinct().values_list("pk", flat=True))
    for word in words:
        for subject in cases if word in _ABOUT_CASES else [item.pk]:
            steps.plan(word=word, subject=subject, occasion=f"item-{item.pk}-{item.turns}", now=now)
