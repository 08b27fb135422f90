"""Known before anyone looks: lists are asked about each item's pictures and films, and again when a list changes."""

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from lykta.connectors.contract import Transient
from lykta.core.lifecycle import StepWord
from lykta.core.matching import SEVERITY
from lykta.core.refusals import NotNow
from lykta.core.vocabulary import ImportState, ListFinding
from lykta.lib.clock import now
from lykta.records.audit.actions import WORKER
from lykta.records.cases import queries as cases
from lykta.records.cases.actions import standing
from lykta.records.cases.actions.judging import ask_again
from lykta.records.cases.models import Item
from lykta.records.matching import findings, uploads
from lykta.records.matching.models import ItemFinding, ListVersion, Upload
from lykta.records.steps import actions as steps
from lykta.records.steps import queries as step_queries
from lykta.records.tracing import queries as tracing
from lykta.records.tracing.models import Trace
from lykta.workflow import looking
from lykta.workflow.house import House, World
from lykta.workflow.indexes import indexes_in
from lykta.workflow.known import Asked, ask_about, is_at_assessed_address
from lykta.workflow.ranking import rank

AT_A_TIME = 500
"""Items that are matched again in one step, well within its lease."""
NEWS_FOR = timedelta(days=6)
"""So long a version is new; steps that are done are kept a day longer, so that it is not taken in twice."""
SETTLES_IN = timedelta(seconds=10)
"""A version says when it was ready before the database shows it to others; within this at the latest."""
GRAVE = frozenset({ListFinding.ILLEGAL, ListFinding.CHECK})


def match(world: World, number: int) -> None:
    """Ask the lists about an item's pictures and films, and let follow what follows."""
    indexes, asked_at = indexes_in(world.staffroom.indexes), now()
    if not indexes.follow(many=False):
        if not indexes.is_made():
            raise Transient("The index of known hashes is being made.")
        asked_at = _newest_at() or asked_at
    item = Item.objects.get(pk=number)
    _keep(world.house, item, ask_about(indexes, [item])[number], asked_at)


def follow_lists(world: World, number: int) -> None:
    """Take a list's version into the index, and have everything matched again that was matched before."""
    indexes = indexes_in(world.staffroom.indexes)
    if not indexes.follow():
        raise Transient("Another process is bringing the index of known hashes in step.")
    indexes.tidy()
    due_at = _settled_at(ListVersion.objects.get(pk=number))
    occasion = f"followed-{now().isoformat()}"
    steps.plan(word=StepWord.MATCH_AGAIN, subject=number, occasion=occasion, now=now(), due_at=due_at)


def read_file(world: World, number: int) -> None:
    """Read a file that was uploaded at the desk, for a trial or into its list."""
    del world
    upload = Upload.objects.select_related("list").filter(pk=number).exclude(asked_at=None).first()
    if upload is None:
        return
    try:
        uploads.read(upload, told=lambda: steps.go_on(word=StepWord.READ_FILE, subject=number, now=now()))
    except NotNow as busy:
        raise Transient(str(busy)) from busy


def match_again(world: World, number: int) -> None:
    """Ask about some of the items that were matched before a version was there; the rest follows in a further step."""
    indexes, asked_at = indexes_in(world.staffroom.indexes), now()
    if not indexes.follow(many=False):
        raise Transient("The index of known hashes is behind the lists.")
    before = ItemFinding.objects.filter(at__lt=_settled_at(ListVersion.objects.get(pk=number)))
    waiting = list(before.order_by("at", "pk").select_related("item")[: AT_A_TIME + 1])
    earlier = {one.item_id: one for one in waiting[:AT_A_TIME]}
    items = [one.item for one in earlier.values()]
    asked, known = ask_about(indexes, items), findings.known_of(earlier.keys())
    news = [item for item in items if _is_news(asked[item.pk], earlier[item.pk], known.get(item.pk, set()))]
    findings.keep_unchanged(items=earlier.keys() - {item.pk for item in news}, now=asked_at)
    for item in news:
        _keep(world.house, item, asked[item.pk], asked_at)
    if len(waiting) > AT_A_TIME:
        steps.plan(word=StepWord.MATCH_AGAIN, subject=number, occasion=f"further-{now().isoformat()}", now=now())


def plan_due(folder: Path, *, now: datetime) -> None:
    """Plan what a list's new version asks for, or an index that was lost."""
    ready = ListVersion.objects.filter(state=ImportState.READY).exclude(finished_at=None)
    newest = ready.order_by("-finished_at", "-pk").first()
    if newest is None:
        return
    if newest.finished_at and newest.finished_at > now - NEWS_FOR:
        steps.plan(word=StepWord.FOLLOW_LISTS, subject=newest.pk, now=now)
    if not indexes_in(folder).is_in_step() and not step_queries.is_planned(StepWord.FOLLOW_LISTS, newest.pk):
        occasion = f"behind-{now.isoformat()}"
        steps.plan(word=StepWord.FOLLOW_LISTS, subject=newest.pk, occasion=occasion, now=now)


def is_worth_asking(item: Item, trace: Trace | None) -> bool:
    """Whether its newest trace has a fingerprint to ask the lists about, or it is where something illegal was."""
    return trace is not None and (bool(trace.all_fingerprints) or is_at_assessed_address(item, trace))


def _newest_at() -> datetime | None:
    """What is asked of an index that is behind is as old as this, and will be asked again."""
    ready = ListVersion.objects.filter(state=ImportState.READY).exclude(finished_at=None)
    return ready.order_by("-finished_at").values_list("finished_at", flat=True).first()


def _settled_at(version: ListVersion) -> datetime:
    """Whoever asks after this sees the version."""
    return (version.finished_at or version.started_at) + SETTLES_IN


def _is_news(asked: Asked, earlier: ItemFinding, known: Collection[int]) -> bool:
    """Whether the lists say another thing, or the same of more or fewer pictures."""
    return list(asked.found.because) != earlier.because or {one.known for one in asked.matches} != known


def _keep(house: House, item: Item, asked: Asked, asked_at: datetime) -> None:
    found = asked.found
    before = findings.keep(by=WORKER, item_number=item.pk, found=found, matches=asked.matches, now=asked_at)
    before = before or ListFinding.UNKNOWN
    if found.finding is before:
        return
    graver = SEVERITY.index(found.finding) > SEVERITY.index(before)
    if graver and found.finding in GRAVE and found.hits:
        ask_again(by=WORKER, item_number=item.pk, now=now())
    item.refresh_from_db(fields=["state", "verdict"])
    standing.note_needs(item=item, needs=looking.needed(item, tracing.trace_of(item), house))
    for case in cases.cases_naming(item):
        rank(house, case)
