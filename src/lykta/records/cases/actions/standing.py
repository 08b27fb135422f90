"""Whether an analyst has something to do in a case, and who may, kept in the case so that the queue need not count."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from lykta.core.vocabulary import Certification, ItemState
from lykta.records.cases.models import Case, Item, Mention, Message


def refresh(cases: QuerySet[Case], *, changed: Item | None = None) -> None:
    """Say it anew of these cases: an item is to be assessed, there are only words, or some of them are unread.

    And what the items to assess need of whoever takes the case; `changed` is the only item of which something is new.
    Runs in the transaction of what changed. Only what differs is written, in one order, so that two who change the same
    cases do not wait for each other for ever.
    """
    named = Mention.objects.filter(report__case=OuterRef("pk"))
    ready = Exists(named.filter(item__state=ItemState.READY))
    unread = Exists(Message.objects.filter(report__case=OuterRef("pk"), unread=True))
    wanted = Q(ready) | Q(unread) | ~Q(Exists(named))
    numbers = cases.values("pk")
    on = Case.objects.filter(wanted, pk__in=numbers, to_do=False)
    off = Case.objects.filter(~wanted, pk__in=numbers, to_do=True)
    for found, to_do in ((on, True), (off, False)):
        differ = list(found.order_by("pk").values_list("pk", flat=True))
        if differ:
            Case.objects.filter(pk__in=differ).update(to_do=to_do)
    if changed is None:
        _say_needs(cases)
    elif changed.needs != Certification.TEXT:
        _follow(cases, changed)


def note_needs(*, item: Item, needs: Certification) -> None:
    """What an item needs of whoever looks at it; the cases that name it follow."""
    with transaction.atomic():
        new = Item.objects.filter(pk=item.pk).exclude(needs=needs).update(needs=needs)
        if new and item.state == ItemState.READY:
            _say_needs(Case.objects.filter(reports__mentions__item=item))


def _follow(cases: QuerySet[Case], changed: Item) -> None:
    """As `_say_needs`, without a look at all items of a case for each: one that comes can only raise what it needs."""
    if changed.state == ItemState.READY and not changed.verdict:
        lower = list(Certification)[: list(Certification).index(Certification(changed.needs))]
        numbers = cases.filter(needs__in=lower).order_by("pk").values_list("pk", flat=True)
        Case.objects.filter(pk__in=list(numbers)).update(needs=changed.needs)
    else:
        _say_needs(cases.filter(needs=changed.needs))


def _say_needs(cases: QuerySet[Case]) -> None:
    """What was assessed before is decided again without a look."""
    ready = Mention.objects.filter(report__case=OuterRef("pk"), item__state=ItemState.READY, item__verdict="")
    films, pictures = (Exists(ready.filter(item__needs=one)) for one in (Certification.FILMS, Certification.PICTURES))
    found = Case.objects.filter(pk__in=cases.values("pk")).annotate(films=films, pictures=pictures).order_by("pk")
    for number, before, has_films, has_pictures in list(found.values_list("pk", "needs", "films", "pictures")):
        needs = Certification.PICTURES if has_pictures else Certification.TEXT
        needs = Certification.FILMS if has_films else needs
        if needs != before:
            Case.objects.filter(pk=number).update(needs=needs)
