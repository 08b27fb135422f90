"""Everything that the page of a case or an item shows, gathered from the records."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator

from lykta.core.lifecycle import StepWord, may_close
from lykta.core.vocabulary import CaseState, ItemState
from lykta.lib.clock import now
from lykta.records.cases import queries as cases
from lykta.records.cases.models import Case, Item, Report
from lykta.records.cases.queries import File, Words
from lykta.records.matching import findings
from lykta.records.matching.models import ItemFinding, Match
from lykta.records.referrals import queries as referrals
from lykta.records.referrals.models import Referral
from lykta.records.steps import queries as steps
from lykta.records.steps.models import Step
from lykta.records.takedown import queries as takedown
from lykta.records.takedown.models import Watch
from lykta.records.tracing import queries as tracing
from lykta.records.tracing.models import Change, Trace
from lykta.sites.desk.chain import Fingerprinted, Link, chain, fingerprinted
from lykta.sites.desk.hosts import neighbours
from lykta.sites.desk.verbs import house
from lykta.workflow.judging import may_decide_known

ITEMS_ON_A_PAGE = 50
"""A list that was brought in makes cases of up to 500 items, which would take seconds to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFile:
    """An item with what is known of it, its newest change first. `elsewhere` are other cases that name it.

    `finding` is what the lists say, `matches` what they have, nearest first; `is_being_matched`: they are being asked.
    """

    item: Item
    trace: Trace | None
    chain: list[Link]
    fingerprinted: list[Fingerprinted]
    changes: list[Change]
    next_trace: Step | None
    watch: Watch | None
    referrals: list[Referral]
    elsewhere: list[Case]
    finding: ItemFinding | None
    matches: list[Match]
    is_being_matched: bool

    @property
    def may_assess(self) -> bool:
        return self.item.state == ItemState.READY

    @property
    def may_decide_known(self) -> bool:
        """Whether it may be confirmed without a look."""
        return may_decide_known(self.item, self.finding, house())

    @property
    def is_being_traced(self) -> bool:
        """Whether a trace is due or under way; what did not answer is asked again later, and does not count."""
        return self.next_trace is not None and self.next_trace.due_at <= now()

    @property
    def neighbours(self) -> list[tuple[str, str]]:
        """Pages of what the item shares with others: (what it is called, the page's address)."""
        return neighbours(self.item, self.trace)

    @property
    def may_take_back(self) -> bool:
        return self.item.state in {ItemState.DISMISSED, ItemState.UNREACHABLE}


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report with what was said in it and after it, oldest first, and the files that came along."""

    report: Report
    words: list[Words]
    files: list[File]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A case with all that belongs to it; of its items, which may be hundreds, those on one `page`."""

    case: Case
    reports: list[ReportFile]
    page: "Page[Item]"
    items: list[ItemFile]

    @property
    def subjects(self) -> list[str]:
        """Under what the audit speaks of this case and of the items on the page."""
        told = [referral.pk for one in self.items for referral in one.referrals]
        return [
            *(f"case:{one.pk}" for one in cases.family(self.case)),
            *(f"item:{one.item.pk}" for one in self.items),
            *(f"referral:{number}" for number in told),
        ]

    @property
    def unread(self) -> list[UUID]:
        """What reporters wrote since somebody opened the case."""
        return [words.number for one in self.reports for words in one.words if words.number and words.unread]

    @property
    def may_close(self) -> bool:
        """Whether a person may close it: it is open and nothing is left to do for its items."""
        # A generator: whom was told is asked for no item after the first that keeps the case open.
        return self.case.state == CaseState.OPEN and may_close(_ended(item) for item in cases.items_of(self.case))

    @property
    def left(self) -> list[ItemFile]:
        """The items of the page that keep the case open."""
        return [one for one in self.items if not may_close([_ended(one.item)])]


def _ended(item: Item) -> tuple[ItemState, bool, bool]:
    return ItemState(item.state), item.watchable, referrals.all_told(item)


def case_file(case: Case, *, page: str | None = None) -> CaseFile:
    """The whole file of a case, with the items of one page; what names no page is the first one."""
    items = Paginator(cases.items_of(case), ITEMS_ON_A_PAGE).get_page(page)
    reports = [ReportFile(report, cases.words_of(report), cases.files_of(report)) for report in cases.reports_of(case)]
    return CaseFile(case=case, reports=reports, page=items, items=item_files(list(items), besides=case))


def item_files(items: list[Item], *, besides: Case | None = None) -> list[ItemFile]:
    """The files of several items; `besides` is the case that is being read already."""
    traces = tracing.traces_of(items)
    changes = tracing.changes_of_all(items)
    next_traces = steps.next_of(StepWord.TRACE, [item.pk for item in items])
    being_matched = steps.next_of(StepWord.MATCH, [item.pk for item in items])
    found, matches = findings.findings_of(items), findings.matches_of(items)
    watches = takedown.watches_of(items)
    naming = cases.cases_naming_each(items)
    told: dict[int, list[Referral]] = {}
    for referral in referrals.referrals_of(items):
        told.setdefault(referral.item_id, []).append(referral)
    return [
        ItemFile(
            item=item,
            trace=traces.get(item.pk),
            chain=chain(item, traces.get(item.pk)),
            fingerprinted=fingerprinted(traces.get(item.pk)),
            changes=changes.get(item.pk, []),
            next_trace=next_traces.get(item.pk),
            watch=watches.get(item.pk),
            referrals=told.get(item.pk, []),
            elsewhere=[case for case in naming.get(item.pk, []) if case != besides],
            finding=found.get(item.pk),
            matches=matches.get(item.pk, []),
            is_being_matched=item.pk in being_matched,
        )
        for item in items
    ]
