"""Reads of second opinions: what waits for whom, who sees what, how far people agree."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from lykta.core.vocabulary import OpinionState
from lykta.records.cases.models import Item, Opinion
from lykta.records.people import queries as people
from lykta.records.people.models import Staff

AGREEMENT_AT_MOST = 5_000
"""So many of the newest opinions are compared: more would take long and tell about people who have left."""


def to_give(by: Staff) -> QuerySet[Opinion]:
    """What this person may judge: not their own, nor what is not for them; what holds something first."""
    waiting = Opinion.objects.filter(state=OpinionState.WAITING).exclude(assessment__by=by)
    preparation = by.preparation
    if preparation.left_out:
        waiting = waiting.exclude(assessment__item__mentions__report__case__topic__in=preparation.left_out)
    waiting = waiting.filter(assessment__item__needs__in=preparation.includes)
    return waiting.select_related("assessment__item").order_by("-holds", "asked_at", "pk")


def own_to_give(by: Staff, item: Item) -> Opinion | None:
    """The opinion about this item for which this person is asked, if they are."""
    return to_give(by).filter(assessment__item=item).first()


def is_asked(by: Staff, item: Item) -> bool:
    """Whether this person has to judge the item a second time, or to decide between two who did."""
    if own_to_give(by, item) is not None:
        return True
    return by.pk in people.deciders() and any(one.assessment.item_id == item.pk for one in to_decide(by))


def to_decide(by: Staff) -> list[Opinion]:
    """Where two colleagues disagree and this person may say who was right, in the same order."""
    disagreed = Opinion.objects.filter(state=OpinionState.DISAGREED).select_related("assessment__item")
    if left_out := by.preparation.left_out:
        disagreed = disagreed.exclude(assessment__item__mentions__report__case__topic__in=left_out)
    deciders = people.deciders()
    return [one for one in disagreed.order_by("-holds", "asked_at", "pk") if may_settle(by, one, deciders=deciders)]


def may_settle(by: Staff, opinion: Opinion, *, deciders: Collection[int]) -> bool:
    """Nobody decides about an answer of their own while somebody else can: in a very small hotline nobody might."""
    spoke = {opinion.assessment.by_id, opinion.by_id}
    return by.pk not in spoke or spoke.issuperset(deciders)


def own_waiting(by: Staff) -> int:
    """How many of this person's assessments wait for a colleague."""
    return Opinion.objects.filter(state=OpinionState.WAITING, assessment__by=by).count()


def hidden(items: Iterable[Item], by: Staff) -> set[int]:
    """Numbers of those whose assessment this person must not see yet: they may be the one who judges them too."""
    waiting = Opinion.objects.filter(assessment__item__in=list(items), state=OpinionState.WAITING)
    return set(waiting.exclude(assessment__by=by).values_list("assessment__item_id", flat=True))


def decided_for_second(item: Item) -> Opinion | None:
    """The second opinion that a senior found right, where the item has not been assessed again since."""
    return Opinion.objects.filter(
        assessment=item.newest_assessment, state=OpinionState.DECIDED, first_was_right=False
    ).first()


def pairs(label_set: str) -> dict[str, list[tuple[str, str]]]:
    """For each question of this set, what the first and the second said; only where both were asked."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    given = Opinion.objects.exclude(at=None).filter(assessment__label_set=label_set).order_by("-at")
    for first, second in given.values_list("assessment__answers", "answers")[:AGREEMENT_AT_MOST]:
        for name in first.keys() & second.keys():
            found[name].append((first[name], second[name]))
    return found
