"""Deciding several known items at once, each as it was assessed the last time: one preview, one confirmation."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from lykta.core.refusals import NotNow, NotUnderstood
from lykta.records.cases import queries as cases
from lykta.records.cases.models import Assessment, Item
from lykta.records.people.models import Staff
from lykta.workflow import judging
from lykta.workflow.house import House
from lykta.workflow.judging import Preview

_PLACES = ("victim_country", "offender_country", "victim_basis", "offender_basis")


@dataclass(frozen=True, slots=True)
class Repeated:
    """An item with its newest assessment; `finding` is what that said first, in the words of the label set."""

    item: Item
    assessment: Assessment
    finding: str

    @property
    def given(self) -> Mapping[str, str]:
        """The same answers again. Where the server is may have changed, so that is computed afresh."""
        facts = {name: str(self.assessment.facts.get(name) or "") for name in _PLACES}
        return {**self.assessment.answers, **facts}


@dataclass(frozen=True, slots=True)
class Shown:
    """What one confirmation would do, item by item. `token` changes when anything of it changes."""

    repeated: tuple[tuple[Repeated, Preview], ...]
    token: str


def earlier(items: Sequence[Item], *, house: House) -> list[Repeated]:
    """Those of the items that are known, if their newest assessment was made with the labels that are used now."""
    newest = cases.newest_assessments(items)
    first = house.label_set.questions[0]
    said = {option.value: option.text for option in first.options}
    return [
        Repeated(item, newest[item.pk], said.get(newest[item.pk].answers.get(first.name, ""), ""))
        for item in items
        if item.verdict in cases.DECIDED and item.pk in newest and newest[item.pk].label_set == house.label_set.name
    ]


def preview(items: Sequence[Item], *, house: House) -> Shown:
    """Who would be told about each. Raises NotUnderstood for none, for what is not known, for several findings."""
    repeated = earlier(items, house=house)
    if not items or len(repeated) != len(items):
        raise NotUnderstood("Please choose among the known items on this page.")
    if len({one.finding for one in repeated}) > 1:
        raise NotUnderstood("Please choose items with the same finding.")
    shown = tuple((one, judging.preview(item=one.item, given=one.given, house=house)) for one in repeated)
    content = "\n".join(f"{one.item.pk} {one.assessment.pk} {found.token}" for one, found in shown)
    return Shown(shown, hashlib.sha256(content.encode()).hexdigest())


def confirm(*, by: Staff, items: Sequence[Item], token: str, house: House) -> int:
    """Assess all as previewed, or none. Returns how many. Raises NotNow, NotUnderstood."""
    with transaction.atomic():
        shown = preview(items, house=house)
        if shown.token != token:
            raise NotNow("What is known about them has changed since you looked. Please read again who will be told.")
        for one, found in shown.repeated:
            judging.confirm(by=by, item=one.item, given=one.given, token=found.token, house=house)
    return len(shown.repeated)
