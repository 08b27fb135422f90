"""Which state follows which: one table of (state, event) → next state and the steps that the change plans.

Every pair stands in the table. A pair that makes no sense is a refusal with its reason, so that "cannot happen" is
said once and tested, not guessed in a view.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lykta.core.refusals import NotNow
from lykta.core.vocabulary import ItemState, Verdict, Word


class Event(Word):
    """What can happen to an item."""

    TRACED = "traced", "The machine has learnt where it is."
    FOUND_ILLEGAL = "found_illegal", "An analyst assessed it as illegal."
    FOUND_LEGAL = "found_legal", "An analyst assessed it as not illegal."
    FOUND_NOTHING = "found_nothing", "An analyst could not find or open it."
    CHECK_ASKED = "check_asked", "It was assessed, and a colleague has to judge it too."
    CHECKED = "checked", "The second opinion has come, or a senior has decided."
    RECONSIDERED = "reconsidered", "An analyst takes an assessment back, before anybody was told."
    NOTICE_DUE = "notice_due", "The police have released it, or their hold has run out."
    WENT_AWAY = "went_away", "Three looks in a row found nothing."
    CAME_BACK = "came_back", "It is there again."
    REPORTED_AGAIN = "reported_again", "Somebody else reported it too."
    LISTED = "listed", "A list of known hashes has it, as was not known before."


class StepWord(Word):
    """What the worker does next."""

    TRACE = "trace", "Find out where the item is, and whose."
    MATCH = "match", "Ask the lists of known hashes about the item's pictures and films."
    TELL = "tell", "Write to those whom the routing rules name."
    SEND_REFERRAL = "send_referral", "Send one referral by signed and encrypted mail."
    SEND_NOTICE = "send_notice", "Ask the host to remove it."
    OFFER = "offer", "See what an assessment means for our list of hashes."
    LOOK = "look", "See whether it is still there."
    TELL_REPORTERS = "tell_reporters", "Put the new status into the reporters' mailboxes."
    DELIVER = "deliver", "Put one message into a reporter's mailbox."
    TELL_PARTNER = "tell_partner", "Tell a partner's system how far its reports are."
    SETTLE = "settle", "Close the cases in which nothing is left to do."
    REOPEN = "reopen", "Open the item's cases again."
    READ_FILE = "read_file", "Read a file that was uploaded for a list of known hashes, or try it."
    FOLLOW_LISTS = "follow_lists", "Bring the index of known hashes in step with a list's new version."
    MATCH_AGAIN = "match_again", "Ask a list's new version about the items that were matched before it came."


@dataclass(frozen=True, slots=True)
class Decision:
    """The state that follows and the steps to plan, in order."""

    state: ItemState
    steps: tuple[StepWord, ...] = ()


EVENT_OF_VERDICT = {
    Verdict.ILLEGAL: Event.FOUND_ILLEGAL,
    Verdict.NOT_ILLEGAL: Event.FOUND_LEGAL,
    Verdict.NOT_FOUND: Event.FOUND_NOTHING,
}

_NOT_TRACED = "It has not been traced yet: wait a few seconds."
_ASSESSED = "It has been assessed already."
_TOLD = "Those concerned have been told already; write to them instead."
_NOT_ILLEGAL = "It has not been assessed as illegal."
_NOT_WATCHED = "It is not being watched."
_HERE = "It has not been away."
_CHECKED = "No second opinion is awaited."
_CHECKING = "A colleague has to judge it first."

S, E, D, W = ItemState, Event, Decision, StepWord
TABLE: dict[tuple[ItemState, Event], Decision | str] = {
    (S.RECEIVED, E.TRACED): D(S.READY),
    (S.RECEIVED, E.FOUND_ILLEGAL): _NOT_TRACED,
    (S.RECEIVED, E.FOUND_LEGAL): _NOT_TRACED,
    (S.RECEIVED, E.FOUND_NOTHING): _NOT_TRACED,
    (S.RECEIVED, E.CHECK_ASKED): _NOT_TRACED,
    (S.RECEIVED, E.CHECKED): _NOT_TRACED,
    (S.RECEIVED, E.RECONSIDERED): _NOT_TRACED,
    (S.RECEIVED, E.NOTICE_DUE): _NOT_ILLEGAL,
    (S.RECEIVED, E.WENT_AWAY): _NOT_WATCHED,
    (S.RECEIVED, E.CAME_BACK): _HERE,
    (S.RECEIVED, E.REPORTED_AGAIN): D(S.RECEIVED),
    (S.RECEIVED, E.LISTED): D(S.RECEIVED),
    (S.READY, E.TRACED): D(S.READY),
    (S.READY, E.FOUND_ILLEGAL): D(S.REFERRED, (W.TELL, W.TELL_REPORTERS, W.OFFER)),
    (S.READY, E.FOUND_LEGAL): D(S.DISMISSED, (W.SETTLE, W.OFFER)),
    (S.READY, E.FOUND_NOTHING): D(S.UNREACHABLE, (W.SETTLE,)),
    (S.READY, E.CHECK_ASKED): D(S.CHECKING),
    (S.READY, E.CHECKED): _CHECKED,
    (S.READY, E.RECONSIDERED): "It has not been assessed yet.",
    (S.READY, E.NOTICE_DUE): _NOT_ILLEGAL,
    (S.READY, E.WENT_AWAY): _NOT_WATCHED,
    (S.READY, E.CAME_BACK): _HERE,
    (S.READY, E.REPORTED_AGAIN): D(S.READY),
    (S.READY, E.LISTED): D(S.READY),
    (S.CHECKING, E.TRACED): D(S.CHECKING),
    (S.CHECKING, E.FOUND_ILLEGAL): _CHECKING,
    (S.CHECKING, E.FOUND_LEGAL): _CHECKING,
    (S.CHECKING, E.FOUND_NOTHING): _CHECKING,
    (S.CHECKING, E.CHECK_ASKED): _CHECKING,
    (S.CHECKING, E.CHECKED): D(S.READY),
    (S.CHECKING, E.RECONSIDERED): _CHECKING,
    (S.CHECKING, E.NOTICE_DUE): _CHECKING,
    (S.CHECKING, E.WENT_AWAY): _NOT_WATCHED,
    (S.CHECKING, E.CAME_BACK): _HERE,
    (S.CHECKING, E.REPORTED_AGAIN): D(S.CHECKING),
    (S.CHECKING, E.LISTED): D(S.CHECKING),
    (S.REFERRED, E.TRACED): D(S.REFERRED),
    (S.REFERRED, E.FOUND_ILLEGAL): _ASSESSED,
    (S.REFERRED, E.FOUND_LEGAL): _TOLD,
    (S.REFERRED, E.FOUND_NOTHING): _TOLD,
    (S.REFERRED, E.CHECK_ASKED): _ASSESSED,
    (S.REFERRED, E.CHECKED): _CHECKED,
    (S.REFERRED, E.RECONSIDERED): _TOLD,
    (S.REFERRED, E.NOTICE_DUE): D(S.NOTIFIED, (W.SEND_NOTICE,)),
    (S.REFERRED, E.WENT_AWAY): D(S.GONE, (W.SETTLE,)),
    (S.REFERRED, E.CAME_BACK): _HERE,
    (S.REFERRED, E.REPORTED_AGAIN): D(S.REFERRED, (W.TELL_REPORTERS,)),
    (S.REFERRED, E.LISTED): D(S.REFERRED),
    (S.NOTIFIED, E.TRACED): D(S.NOTIFIED),
    (S.NOTIFIED, E.FOUND_ILLEGAL): _ASSESSED,
    (S.NOTIFIED, E.FOUND_LEGAL): _TOLD,
    (S.NOTIFIED, E.FOUND_NOTHING): _TOLD,
    (S.NOTIFIED, E.CHECK_ASKED): _ASSESSED,
    (S.NOTIFIED, E.CHECKED): _CHECKED,
    (S.NOTIFIED, E.RECONSIDERED): _TOLD,
    (S.NOTIFIED, E.NOTICE_DUE): "The host has been asked already.",
    (S.NOTIFIED, E.WENT_AWAY): D(S.GONE, (W.SETTLE,)),
    (S.NOTIFIED, E.CAME_BACK): _HERE,
    (S.NOTIFIED, E.REPORTED_AGAIN): D(S.NOTIFIED, (W.TELL_REPORTERS,)),
    (S.NOTIFIED, E.LISTED): D(S.NOTIFIED),
    (S.GONE, E.TRACED): D(S.GONE),
    (S.GONE, E.FOUND_ILLEGAL): _ASSESSED,
    (S.GONE, E.FOUND_LEGAL): _ASSESSED,
    (S.GONE, E.FOUND_NOTHING): _ASSESSED,
    (S.GONE, E.CHECK_ASKED): _ASSESSED,
    (S.GONE, E.CHECKED): _CHECKED,
    (S.GONE, E.RECONSIDERED): _TOLD,
    (S.GONE, E.NOTICE_DUE): "It is gone: there is nothing to ask for.",
    (S.GONE, E.WENT_AWAY): D(S.GONE),
    (S.GONE, E.CAME_BACK): D(S.READY, (W.REOPEN,)),
    (S.GONE, E.REPORTED_AGAIN): D(S.GONE, (W.LOOK, W.TELL_REPORTERS, W.SETTLE)),
    (S.GONE, E.LISTED): D(S.GONE),
    (S.UNREACHABLE, E.TRACED): D(S.UNREACHABLE),
    (S.UNREACHABLE, E.FOUND_ILLEGAL): _ASSESSED,
    (S.UNREACHABLE, E.FOUND_LEGAL): _ASSESSED,
    (S.UNREACHABLE, E.FOUND_NOTHING): _ASSESSED,
    (S.UNREACHABLE, E.CHECK_ASKED): _ASSESSED,
    (S.UNREACHABLE, E.CHECKED): _CHECKED,
    (S.UNREACHABLE, E.RECONSIDERED): D(S.READY, (W.REOPEN,)),
    (S.UNREACHABLE, E.NOTICE_DUE): _NOT_ILLEGAL,
    (S.UNREACHABLE, E.WENT_AWAY): _NOT_WATCHED,
    (S.UNREACHABLE, E.CAME_BACK): _NOT_WATCHED,
    (S.UNREACHABLE, E.REPORTED_AGAIN): D(S.RECEIVED, (W.TRACE,)),
    (S.UNREACHABLE, E.LISTED): D(S.READY, (W.REOPEN,)),
    (S.DISMISSED, E.TRACED): D(S.DISMISSED),
    (S.DISMISSED, E.FOUND_ILLEGAL): _ASSESSED,
    (S.DISMISSED, E.FOUND_LEGAL): _ASSESSED,
    (S.DISMISSED, E.FOUND_NOTHING): _ASSESSED,
    (S.DISMISSED, E.CHECK_ASKED): _ASSESSED,
    (S.DISMISSED, E.CHECKED): _CHECKED,
    (S.DISMISSED, E.RECONSIDERED): D(S.READY, (W.REOPEN,)),
    (S.DISMISSED, E.NOTICE_DUE): _NOT_ILLEGAL,
    (S.DISMISSED, E.WENT_AWAY): _NOT_WATCHED,
    (S.DISMISSED, E.CAME_BACK): _NOT_WATCHED,
    (S.DISMISSED, E.REPORTED_AGAIN): D(S.DISMISSED, (W.SETTLE,)),
    (S.DISMISSED, E.LISTED): D(S.READY, (W.REOPEN,)),
}
del S, E, D, W

ENDED = frozenset({ItemState.GONE, ItemState.UNREACHABLE, ItemState.DISMISSED})
"""States in which nothing is left to do for an item."""


def decide(state: ItemState, event: Event) -> Decision:
    """What follows. Raises NotNow, with the reason for a person, where the event makes no sense in this state."""
    entry = TABLE[state, event]
    if isinstance(entry, str):
        raise NotNow(entry)
    return entry


def may_close(items: Iterable[tuple[ItemState, bool, bool]]) -> bool:
    """Whether a case can close: each item is (state, can be watched, those concerned have been told).

    An item that cannot be watched (an onion service, a user name) ends when those concerned have been told.
    """
    return all(
        state in ENDED or (state is ItemState.REFERRED and not watchable and told) for state, watchable, told in items
    )
