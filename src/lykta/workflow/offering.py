"""Our own list of hashes: what an assessment means for it, what people say of a picture, the feed that others fetch."""

from collections.abc import Mapping
from typing import Any

from lykta.core import offering as rules
from lykta.core.refusals import NotNow, NotUnderstood
from lykta.core.vocabulary import Grade, MediumKind, OfferState
from lykta.lib.clock import now
from lykta.records.cases.models import Assessment, Item
from lykta.records.letterbox import feed
from lykta.records.offering import actions, queries
from lykta.records.offering.actions import Medium, Said
from lykta.records.offering.models import Confirmed
from lykta.records.people.models import Staff
from lykta.records.tracing import queries as tracing
from lykta.workflow.house import House, World

AT_A_TIME = 1_000
ILLEGAL, NOT_ILLEGAL = "csam", "not"
"""What somebody says of a picture, where they give no grade."""
_WORDS = frozenset({ILLEGAL, NOT_ILLEGAL, *Grade})


def weigh(world: World, number: int) -> None:
    """A step: an item was assessed. Where it is itself a picture or a film, that is its assessor's opinion on it.

    Of a page with several pictures nobody has said which of them is meant: that is asked at the desk.
    """
    assessment = _newest_assessment(number)
    if assessment is None:
        return
    quorum, by = world.house.quorum, assessment.by
    if not _belongs(assessment):
        actions.contradict(by=by, item_number=number, quorum=quorum, now=now())
        return
    medium = _assessed(assessment)
    if medium is not None and not _without_look(assessment):
        said = Said(item_number=number, illegal=True)
        actions.say(by=by, medium=medium, said=said, quorum=quorum, now=now())


def media_of(item: Item) -> list[Medium]:
    """The pictures and films that the newest trace found on an item, and what was confirmed there before.

    Only those of which the whole file was fingerprinted can be on a list.
    """
    trace = tracing.trace_of(item)
    found = [_medium(one) for one in (trace.fingerprints if trace else ()) if one.get("sha256")]
    known = [_known(one) for one in queries.confirmed_on(item)]
    return list({one.sha256: one for one in [*known, *found]}.values())


def say(*, by: Staff, item: Item, opinions: Mapping[str, str], house: House) -> int:
    """What somebody says of an item's pictures and films; returns of how many.

    `opinions`: by SHA-256 digest, "csam", one of the grades, "not", or "" for nothing. Raises NotUnderstood or NotNow.
    """
    media = {one.sha256: one for one in media_of(item)}
    given = {digest: word for digest, word in opinions.items() if word and digest in media}
    if not given or set(given.values()) - _WORDS:
        raise NotUnderstood("Please say something about at least one of them.")
    if set(given.values()) != {NOT_ILLEGAL}:
        _require_assessed(item, given)
    for digest, word in given.items():
        said = Said(item_number=item.pk, illegal=word != NOT_ILLEGAL, grade=word if word in set(Grade) else "")
        actions.say(by=by, medium=media[digest], said=said, quorum=house.quorum, now=now())
    return len(given)


def publish() -> None:
    """Let subscribers fetch what has changed. Doing it twice counts once."""
    changed = queries.unpublished(limit=AT_A_TIME)
    if changed:
        feed.append([_line(one) for one in changed], now=now())
        actions.note_published((one.pk, one.revision) for one in changed)


def _newest_assessment(item_number: int) -> Assessment | None:
    return Assessment.objects.select_related("by").filter(item_id=item_number).order_by("-pk").first()


def _belongs(assessment: Assessment) -> bool:
    return rules.belongs(assessment.verdict, assessment.answers)


def _without_look(assessment: Assessment) -> bool:
    """Whether other lists decided. To offer that as our own would let one mistake come back as two opinions."""
    return "known" in assessment.facts


def _assessed(assessment: Assessment) -> Medium | None:
    """What was assessed, if the item is a picture or film and was not traced since: it may be another by now."""
    trace = tracing.trace_of(assessment.item)
    if trace is None or not trace.sha256 or trace.at > assessment.at:
        return None
    return next((_medium(one) for one in trace.fingerprints if one.get("sha256") == trace.sha256), None)


def _medium(kept: Mapping[str, Any]) -> Medium:
    """From `contract.Medium` as tracing keeps it."""
    is_film = bool(kept.get("frames")) or str(kept.get("media_type", "")).startswith("video/")
    pdq = kept.get("pdq") or ("",)
    return Medium(
        kind=MediumKind.FILM if is_film else MediumKind.PICTURE,
        sha256=kept["sha256"],
        sha1=kept.get("sha1", ""),
        md5=kept.get("md5", ""),
        pdq=pdq[0],
        quality=kept.get("quality", 0),
        media_type=kept.get("media_type", ""),
        size=kept.get("length"),
    )


def _known(confirmed: Confirmed) -> Medium:
    return Medium(
        kind=MediumKind(confirmed.kind),
        sha256=confirmed.sha256,
        sha1=confirmed.sha1,
        md5=confirmed.md5,
        pdq=confirmed.pdq,
        quality=confirmed.quality,
        media_type=confirmed.media_type,
        size=confirmed.size,
    )


def _require_assessed(item: Item, given: Mapping[str, str]) -> None:
    assessment = _newest_assessment(item.pk)
    if assessment is None or not _belongs(assessment):
        raise NotNow("Only what was assessed as child sexual abuse material that is not drawn can go on the list.")
    if _without_look(assessment):
        raise NotNow("It was confirmed by other lists, without a look. Ours holds what our own people have assessed.")
    age = assessment.answers["age"]
    for word in set(given.values()) & set(Grade):
        if not rules.fits(Grade(word), age):
            raise NotUnderstood(f"The category {word} does not fit the age in the assessment ({age} years).")


def _line(confirmed: Confirmed) -> feed.Line:
    deleted = confirmed.state != OfferState.OFFERED
    return feed.Line(
        entry=confirmed.number,
        revision=confirmed.revision,
        deleted=deleted,
        kind=confirmed.kind,
        grade="" if deleted else confirmed.grade,
        sha1="" if deleted else confirmed.sha1,
        md5="" if deleted else confirmed.md5,
        pdq="" if deleted else confirmed.pdq,
    )
