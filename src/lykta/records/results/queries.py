"""Facts for counting, gathered from the records below; the definitions are in `lykta.core.counting`."""

from lykta.core.counting import CountryCount, Figure, ItemFacts, by_country, figures
from lykta.core.vocabulary import Confidence, RecipientKind, Verdict
from lykta.records.cases.models import Item, Report
from lykta.records.referrals.models import Referral
from lykta.records.takedown.models import Watch
from lykta.records.tracing.models import Trace


def item_facts() -> list[ItemFacts]:
    """What counting needs to know of every item."""
    told: dict[tuple[int, str], Referral] = {}
    for referral in Referral.objects.exclude(sent_at=None).order_by("-sent_at"):
        told[referral.item_id, referral.kind] = referral
    sure = [word for word in Confidence if word.is_enough]
    countries = dict(Trace.objects.filter(host_confidence__in=sure).values_list("item_id", "host_country"))
    gone = dict(Watch.objects.filter(gone=True).values_list("item_id", "gone_at"))

    def sent(item: int, kind: RecipientKind) -> Referral | None:
        return told.get((item, kind))

    facts = []
    for number, verdict, reported in Item.objects.values_list("pk", "verdict", "first_reported_at").iterator():
        police, host = sent(number, RecipientKind.POLICE), sent(number, RecipientKind.HOST)
        facts.append(
            ItemFacts(
                first_reported_at=reported,
                verdict=Verdict(verdict) if verdict else None,
                host_country=countries.get(number, ""),
                police_told_at=police.sent_at if police else None,
                host_told_at=host.sent_at if host else None,
                gone_at=gone.get(number),
            )
        )
    return facts


def all_figures() -> tuple[tuple[Figure, ...], tuple[CountryCount, ...]]:
    """Every published figure, and illegal items by country."""
    facts = item_facts()
    return figures(facts, reports=Report.objects.count()), by_country(facts)
