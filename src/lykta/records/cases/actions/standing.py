"""Whether an analyst has something to do in a case, kept in the case so that the queue need not count."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from lykta.core.vocabulary import ItemState
from lykta.records.cases.models import Case, Mention, Message


def refresh(cases: QuerySet[Case]) -> None:
    """Say it anew of these cases: an item is to be assessed, there are only words, or some of them are unread.

    Runs in the transaction of what changed. Only what differs is written, in one order, so that two who change the
    same cases do not wait for each other for ever.
    """
    named = Mention.objects.filter(report__case=OuterRef("pk"))
    ready = Exists(named.filter(item__state=ItemState.READY))
    unread = Exists(Message.objects.filter(report__case=OuterRef("pk"), unread=True))
    wanted = Q(ready) | Q(unread) | ~Q(Exists(named))
    numbers = cases.values("pk")
    on = Case.objects.filter(wanted, pk__in=numbers, to_do=False)
    off = Case.objects.filter(~wanted, pk__in=numbers, to_do=True)
    for found, to_do in ((on, True), (off, False)):
        changed = list(found.order_by("pk").values_list("pk", flat=True))
        if changed:
            Case.objects.filter(pk__in=changed).update(to_do=to_do)
