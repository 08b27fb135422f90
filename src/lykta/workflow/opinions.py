"""Second opinions: what a colleague says is compared with the first answer, which they have not seen."""

from collections.abc import Mapping

from django.db import transaction

from lykta.core import labels, second_opinion
from lykta.core.labels import Judgement
from lykta.core.vocabulary import Verdict
from lykta.lib.clock import now
from lykta.records.cases.actions import judging as actions
from lykta.records.cases.actions import opinions
from lykta.records.cases.models import Opinion
from lykta.records.people.models import Staff
from lykta.workflow import judging
from lykta.workflow.house import House
from lykta.workflow.judging import Preview


def give(*, by: Staff, opinion: Opinion, given: Mapping[str, str], house: House) -> Opinion:
    """Judge an item that a colleague has judged. Raises NotUnderstood, NotNow.

    Both are compared in the words of the set of today. A danger that only the second sees is told at once.
    """
    first = opinion.assessment
    seen = judging.preview(item=first.item, given=given, house=house)
    before = labels.meaning(house.label_sets[first.label_set], first.answers)
    danger = labels.meaning(house.label_set, seen.answers).danger
    with transaction.atomic():
        agrees = second_opinion.agrees(
            Judgement(Verdict(first.verdict), first.law), seen.judgement, same_danger=danger == before.danger
        )
        done = opinions.give(
            by=by, number=opinion.pk, answers=seen.answers, judgement=seen.judgement, agrees=agrees, now=now()
        )
        if danger and not before.danger:
            _alarm(by, first.item_id, seen, house)
    return done


def _alarm(by: Staff, item_number: int, seen: Preview, house: House) -> None:
    urgent = [one for one in seen.told if one.duty.urgent]
    if not urgent:
        return
    ruling = seen.ruling(house.label_set, urgent)
    assessment = actions.alarm(by=by, item_number=item_number, ruling=ruling, now=now())
    judging.tell_danger(by=by, assessment=assessment, told=urgent)
