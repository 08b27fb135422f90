"""The verbs of our own list: say what one thinks of a picture, take it off, note that subscribers can fetch it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from lykta.core import offering
from lykta.core.offering import Standing
from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import MediumKind, OfferState
from lykta.records.audit import actions as audit
from lykta.records.audit.words import AuditWord
from lykta.records.offering.models import Confirmed, Opinion
from lykta.records.people.models import Staff


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A picture or film as tracing kept it: fingerprints of the whole file, in hexadecimal, "" where there is none."""

    kind: MediumKind
    sha256: str
    sha1: str = ""
    md5: str = ""
    pdq: str = ""
    quality: int = 0
    media_type: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person says of a picture or film that they met on an item."""

    item_number: int
    illegal: bool
    grade: str = ""


def say(*, by: Staff, medium: Medium, said: Said, quorum: int, now: datetime) -> None:
    """Note somebody's opinion, and let the rule draw the conclusion. The same opinion twice counts once.

    Nothing is kept of what nobody has called abuse material yet.
    """
    with transaction.atomic():
        confirmed = Confirmed.objects.select_for_update().filter(sha256=medium.sha256).first()
        if confirmed is None and not said.illegal:
            return
        confirmed = confirmed or _new(medium, said, now)
        newest = confirmed.opinions.filter(by=by).order_by("-pk").first()
        if newest is not None and (newest.illegal, newest.grade) == (said.illegal, said.grade):
            return
        Opinion.objects.create(
            confirmed=confirmed, by=by, item_id=said.item_number, at=now, illegal=said.illegal, grade=said.grade
        )
        facts = {"illegal": said.illegal, "grade": said.grade, "item": said.item_number}
        audit.write(by=by.actor, word=AuditWord.OFFER_OPINION, subject=f"offer:{confirmed.pk}", facts=facts)
        if not confirmed.reason:
            _conclude(by.actor, confirmed, quorum, now)


def contradict(*, by: Staff, item_number: int, quorum: int, now: datetime) -> None:
    """Somebody assessed an item anew, and not as abuse material: so they say of all that was confirmed on it."""
    for confirmed in Confirmed.objects.filter(opinions__item_id=item_number).distinct():
        medium = Medium(kind=MediumKind(confirmed.kind), sha256=confirmed.sha256)
        said = Said(item_number=item_number, illegal=False)
        say(by=by, medium=medium, said=said, quorum=quorum, now=now)


def withdraw(*, by: str, number: int, reason: str, now: datetime) -> None:
    """A lead takes it off the list for good. Raises NotUnderstood without a reason, NotNow where it is off already."""
    if not reason:
        raise NotUnderstood("Please say why it is taken off the list.")
    with transaction.atomic():
        confirmed = Confirmed.objects.select_for_update().get(pk=number)
        if confirmed.reason:
            raise NotNow("It was taken off the list already.")
        confirmed.reason = reason[:300]
        confirmed.save(update_fields=["reason"])
        _move(by, confirmed, Standing(OfferState.WITHDRAWN, "", 0), now)


def note_published(entries: Iterable[tuple[int, int]]) -> None:
    """Subscribers can fetch these: (primary key, revision) of each."""
    for number, revision in entries:
        Confirmed.objects.filter(pk=number, published__lt=revision).update(published=revision)


def note_export(*, by: str, form: str, count: int) -> None:
    """The list leaves the house as a file."""
    with transaction.atomic():
        facts = {"form": form, "count": count}
        audit.write(by=by, word=AuditWord.OFFER_EXPORTED, subject="offer", facts=facts)


def _new(medium: Medium, said: Said, now: datetime) -> Confirmed:
    good = medium.kind is MediumKind.PICTURE and medium.quality >= offering.LEAST_QUALITY
    confirmed, _ = Confirmed.objects.get_or_create(
        sha256=medium.sha256,
        defaults={
            "number": uuid4(),
            "item_id": said.item_number,
            "kind": medium.kind,
            "media_type": medium.media_type[:100],
            "size": medium.size,
            "sha1": medium.sha1,
            "md5": medium.md5,
            "pdq": medium.pdq if good else "",
            "quality": medium.quality,
            "state_at": now,
        },
    )
    return confirmed


def _conclude(by: str, confirmed: Confirmed, quorum: int, now: datetime) -> None:
    said = [
        offering.Opinion(person=one.by_id, illegal=one.illegal, grade=one.grade)
        for one in confirmed.opinions.order_by("pk")
    ]
    _move(by, confirmed, offering.standing(said, quorum=quorum), now)


def _move(by: str, confirmed: Confirmed, standing: Standing, now: datetime) -> None:
    """What subscribers see differently is a new revision; what they never saw, and still do not, is none."""
    was, is_ = confirmed.state == OfferState.OFFERED, standing.state is OfferState.OFFERED
    seen_differently = was != is_ or (is_ and confirmed.grade != standing.grade)
    if confirmed.state != standing.state:
        confirmed.state_at = now
        facts = {"from": confirmed.state, "to": str(standing.state)}
        audit.write(by=by, word=AuditWord.OFFER_MOVED, subject=f"offer:{confirmed.pk}", facts=facts)
    confirmed.state, confirmed.grade, confirmed.missing = standing.state, standing.grade, standing.missing
    confirmed.revision += seen_differently
    confirmed.save(update_fields=["state", "grade", "missing", "state_at", "revision"])
