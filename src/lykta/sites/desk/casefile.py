"""Everything that the page of a case or an item shows, gathered from the records."""

from dataclasses import dataclass
from uuid import UUID

from lykta.core.lifecycle import may_close
from lykta.core.vocabulary import CaseState, ItemState
from lykta.records.cases import queries as cases
from lykta.records.cases.models import Case, Item, Report
from lykta.records.cases.queries import File, Words
from lykta.records.referrals import queries as referrals
from lykta.records.referrals.models import Referral
from lykta.records.takedown import queries as takedown
from lykta.records.takedown.models import Watch
from lykta.records.tracing import queries as tracing
from lykta.records.tracing.models import Trace
from lykta.sites.desk.chain import Link, chain


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFile:
    """An item with what is known of it. `elsewhere` are other cases that name it."""

    item: Item
    trace: Trace | None
    chain: list[Link]
    watch: Watch | None
    referrals: list[Referral]
    elsewhere: list[Case]

    @property
    def may_assess(self) -> bool:
        return self.item.state == ItemState.READY

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
    """A case with all that belongs to it."""

    case: Case
    reports: list[ReportFile]
    items: list[ItemFile]

    @property
    def subjects(self) -> list[str]:
        """Under what the audit speaks of this case."""
        told = [referral.pk for one in self.items for referral in one.referrals]
        return [
            f"case:{self.case.pk}",
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
        return self.case.state == CaseState.OPEN and may_close(
            [(ItemState(one.item.state), one.item.watchable, referrals.all_told(one.item)) for one in self.items]
        )


def case_file(case: Case) -> CaseFile:
    """The whole file of a case."""
    reports = [ReportFile(report, cases.words_of(report), cases.files_of(report)) for report in cases.reports_of(case)]
    return CaseFile(case=case, reports=reports, items=item_files(cases.items_of(case), besides=case))


def item_files(items: list[Item], *, besides: Case | None = None) -> list[ItemFile]:
    """The files of several items; `besides` is the case that is being read already."""
    traces = tracing.traces_of(items)
    watches = takedown.watches_of(items)
    told: dict[int, list[Referral]] = {}
    for referral in referrals.referrals_of(items):
        told.setdefault(referral.item_id, []).append(referral)
    return [
        ItemFile(
            item=item,
            trace=traces.get(item.pk),
            chain=chain(item, traces.get(item.pk)),
            watch=watches.get(item.pk),
            referrals=told.get(item.pk, []),
            elsewhere=[case for case in cases.cases_naming(item) if case != besides],
        )
        for item in items
    ]
