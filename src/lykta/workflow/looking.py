"""Looking at a picture or a film, only when it must be: the gate is asked, the sandbox shows, the record keeps who.

The bytes pass from the sandbox to the answer of the page; nothing here keeps one.
"""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from lykta.connectors.contract import ConnectorError, Shown, Transient, View, Viewer
from lykta.connectors.contract import Medium as Seen
from lykta.core import exposure, fitness
from lykta.core.exposure import Day, Decision, Wanted
from lykta.core.lifecycle import StepWord
from lykta.core.refusals import NotNow
from lykta.core.vocabulary import Blur, Certification, LookKind, Purpose
from lykta.records.cases import blind, opinions
from lykta.records.cases.models import Item
from lykta.records.exposure import actions, queries
from lykta.records.exposure.models import Look, Preference
from lykta.records.matching import findings
from lykta.records.people.models import Staff
from lykta.records.steps import actions as steps
from lykta.records.tracing import actions as tracing_actions
from lykta.records.tracing import queries as tracing
from lykta.records.tracing.models import Trace
from lykta.workflow.house import House
from lykta.workflow.judging import may_decide_known

COMPARED_IN = 15.0
"""Seconds that a look waits for the worker to ask the lists, which takes it less than one."""
_STRENGTH = {Blur.STRONG: 0.075, Blur.LIGHT: 0.03, Blur.PRESS: 0.0}
"""Radius of the blur as a part of the longer side: 12 pixels of 160, which leaves shapes, or 5."""


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture or a film that the newest trace of an item found; `position` names it."""

    position: int
    kind: LookKind
    address: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody says before a look. `goes_on`: over the soft limit too; `changed`: another file than traced too.

    `why`: for a lead, the reason to see something that is known.
    """

    position: int
    purpose: Purpose
    blur: Blur
    goes_on: bool = False
    changed: bool = False
    why: str = ""


def media_of(item: Item) -> list[Medium]:
    """What of an item can be looked at: pictures and films that the newest trace has fetched."""
    return _media_in(tracing.trace_of(item))


def _media_in(trace: Trace | None) -> list[Medium]:
    found = []
    for position, one in enumerate(trace.fingerprints if trace else []):
        kind = str(one.get("media_type", "")).partition("/")[0]
        if kind in {"image", "video"}:
            looked = LookKind.FILM if kind == "video" else LookKind.PICTURE
            found.append(Medium(position, looked, one["address"], one.get("sha256", "")))
    return found


def is_known(item: Item, house: House) -> bool:
    """Whether nobody has to see it to find out what it is: it was decided, or may be by what lists say of it."""
    return bool(item.verdict) or may_decide_known(item, findings.finding_of(item), house)


def needed(item: Item, trace: Trace | None, house: House) -> Certification:
    """What whoever looks at an item has to be certified for: words, where lists know it or nothing was found.

    `trace` is the item's newest.
    """
    known = may_decide_known(item, findings.finding_of(item), house)
    return fitness.needed(() if known else {one.kind for one in _media_in(trace)})


def ask(
    *, by: Staff, item: Item, kind: LookKind, purpose: Purpose, house: House, now: datetime, why: str = ""
) -> tuple[Decision, Day]:
    """What the gate says, and the person's day so far. `now` carries the hotline's time zone; `why` as in `Wish`."""
    day = queries.day_of(by, now=now)
    return exposure.decide(
        _wanted(by, item, kind, house, purpose=purpose, why=why), day, now=now, limits=house.viewing
    ), day


def begin(*, by: Staff, item: Item, wish: Wish, session: str, house: House, now: datetime) -> Look:
    """Begin a look at one medium of an item. Raises NotNow with what the gate says, or where there is none."""
    medium = next((one for one in media_of(item) if one.position == wish.position), None)
    if medium is None:
        raise NotNow("The trace has changed meanwhile: choose again.")
    return actions.begin(
        by=by,
        item=item,
        position=medium.position,
        wanted=_wanted(by, item, medium.kind, house, purpose=wish.purpose, why=wish.why),
        why=wish.why if by.leads else "",
        blur=wish.blur,
        as_traced=not wish.changed,
        goes_on=wish.goes_on,
        session=session,
        limits=house.viewing,
        now=now,
    )


def show(*, by: Staff, look: Look, session: str, viewer: Viewer, house: House, now: datetime) -> Shown:
    """The picture of a look, once. Raises NotNow with the reason where nothing is shown.

    A file that no trace has seen is compared with the lists before a byte of it is passed on.
    """
    actions.open_once(by=by, look=look, session=session, now=now)
    medium = next((one for one in media_of(look.item) if one.position == look.position), None)
    if medium is None:
        raise NotNow("The trace has changed meanwhile: choose again.")
    try:
        shown = viewer.show(_view(look, medium, queries.preference_of(by)))
    except ConnectorError as error:
        actions.note_problem(look=look, problem=str(error))
        raise NotNow(str(error)) from error
    try:
        _compare(look, shown.medium, house, now)
    except NotNow as refusal:
        actions.note_problem(look=look, problem=str(refusal))
        raise
    actions.note_shown(by=by, look=look, now=now)
    return replace(shown, pieces=_pieces(shown, look))


def _compare(look: Look, seen: Seen, house: House, now: datetime) -> None:
    """Raises NotNow where the lists know what is there now, or the worker has not asked them in time."""
    fresh = tracing_actions.note_seen(item_number=look.item_id, media=[asdict(seen)], now=now)
    if fresh and seen.media_type.startswith("video/"):
        # Its frames are made by a trace only.
        steps.plan(word=StepWord.TRACE, subject=look.item_id, occasion=f"changed-{now.isoformat()}", now=now)
    blind.note_fingerprints(look.item_id, fresh)
    end = time.monotonic() + COMPARED_IN
    while not _is_compared(look.item):
        if time.monotonic() > end:
            raise NotNow(
                "It is another file by now, and the lists were not asked about it yet: look again in a moment."
            )
        time.sleep(0.1)
    if fresh and look.purpose != Purpose.SECOND_OPINION and is_known(look.item, house):
        raise NotNow("It is another file by now, and lists know it: nobody has to see it.")


def _is_compared(item: Item) -> bool:
    """Whether the lists were asked since a look found something new."""
    trace, found = tracing.trace_of(item), findings.finding_of(item)
    if trace is None or trace.seen_later_at is None:
        return True
    return found is not None and found.at >= trace.seen_later_at


def _pieces(shown: Shown, look: Look) -> Iterator[bytes]:
    try:
        yield from shown.pieces
    except Transient as error:
        actions.note_problem(look=look, problem=str(error))
        raise


def _view(look: Look, medium: Medium, preference: Preference) -> View:
    return View(
        address=medium.address,
        page=look.item.address if look.item.address != medium.address else "",
        sha256=medium.sha256 if look.as_traced else "",
        side=preference.side,
        gray=preference.gray,
        blur=round(_STRENGTH[Blur(look.blur)] * preference.side),
    )


def _wanted(by: Staff, item: Item, kind: LookKind, house: House, *, purpose: Purpose, why: str) -> Wanted:
    return Wanted(
        kind=kind,
        purpose=purpose,
        known=is_known(item, house),
        certified=exposure.CERTIFIED[Certification(by.certified_for)],
        called_for=bool(by.leads and why) or opinions.is_asked(by, item),
    )
