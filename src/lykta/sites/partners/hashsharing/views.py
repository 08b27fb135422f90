"""NCMEC's hash-sharing interface, version 2, spoken by a hotline: clients that fetch NCMEC's list fetch ours unchanged.

Five addresses under `/hashsharing/v2/`, HTTP Basic with the partner's short name and its token, XML both ways. It reads
the feed in the letterbox and nothing else. `docs/hash-list.md` says what a partner has to know.
"""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree.ElementTree import Element, SubElement

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse

from lykta.core.refusals import NotUnderstood
from lykta.core.vocabulary import Objection
from lykta.lib import clock
from lykta.records.letterbox import feed
from lykta.records.letterbox.feed import Span
from lykta.records.letterbox.models import Partner
from lykta.sites.common.words import clean_line
from lykta.sites.partners.basic import named_partner
from lykta.sites.partners.bodies import measured
from lykta.sites.partners.hashsharing import turns
from lykta.sites.partners.hashsharing.answers import (
    HOTLINE,
    NAMESPACE,
    Failed,
    Member,
    add_member,
    document,
    query_result,
)
from lykta.sites.partners.ispws import documents
from lykta.sites.partners.ispws.answers import Failed as FailedDocument

SCOPE = "hashes"
LARGEST_PAGE = 1_000
"""Entries; NCMEC's own pages are as long."""
FINGERPRINTS = frozenset({"MD5", "SHA1", "PDQ"})
REASONS = {str(uuid5(NAMESPACE_URL, f"{NAMESPACE}#{one}")): one for one in Objection}
"""Clients name a reason by an identifier that stays the same for ever."""

_FIRST_PARTNER = 1_000
_NUMBER = re.compile(r"[0-9]{1,18}")
Step = Callable[..., Element]

logger = logging.getLogger(__name__)


def endpoint(method: str, step: Step) -> Callable[..., HttpResponse]:
    """A view of one address. Who asks is known before anything of a body is read; every answer is XML."""

    def view(request: HttpRequest, **arguments: Any) -> HttpResponse:
        try:
            return document(step(request, _subscriber(request, method), **arguments))
        except Failed as failed:
            return failed.http()
        except Error:
            logger.exception("The letterbox did not answer; a subscriber of our hash list was told so.")
            return Failed(503, "The list cannot be read just now. Try again in a minute.", wait=60).http()

    return view


def _subscriber(request: HttpRequest, method: str) -> Partner:
    """Who asks, and may. Raises Failed; the same for a wrong name and a wrong token."""
    found = named_partner(request)
    if found is None:
        raise Failed(401, "Log in (HTTP Basic) with your short name and the token that the hotline gave you.")
    partner, _ = found
    if not partner.is_good_for(SCOPE):
        raise Failed(403, "Your token is not good for this interface. Ask the hotline.")
    turns.spend(partner.slug)
    if request.method != method:
        raise Failed(405, f"Use {method} at this address.")
    return partner


def status(_request: HttpRequest, partner: Partner) -> Element:
    """Who asks. Unlike NCMEC's, it does not repeat the address that the client comes from."""
    root = Element("status")
    SubElement(root, "username").text = partner.slug
    add_member(root, _member(partner))
    return root


def members(_request: HttpRequest, partner: Partner) -> Element:
    """The hotline, whose entries these are, and who asks; who else does is nobody's business."""
    root = Element("members")
    for member in (_hotline(), _member(partner)):
        add_member(root, member)
    return root


def entries(request: HttpRequest, partner: Partner) -> Element:
    """A page of what was added to the list or taken off it in a span of time."""
    now = clock.now()
    span, size = _asked(request, now)
    try:
        page = feed.page(span, size=size, now=now)
    except NotUnderstood as refused:
        raise Failed(400, str(refused)) from refused
    feed.note_fetch(slug=partner.slug, span=span, served=page, now=now)
    return query_result(page, size=size, hotline=_hotline())


def reasons(_request: HttpRequest, _partner: Partner, fingerprint: str) -> Element:
    """Why a subscriber may object to an entry."""
    _require_known(fingerprint)
    root = Element("availableFeedbackReasonsResult")
    available = SubElement(root, "availableFeedbackReasons")
    for guid, reason in REASONS.items():
        SubElement(available, "reason", guid=guid, name=reason.sentence)
    return root


def feedback(request: HttpRequest, partner: Partner, member: int, entry: UUID, fingerprint: str) -> Element:
    """What a subscriber says of one fingerprint of an entry: that it agrees, or the first of its reasons not to."""
    _require_known(fingerprint)
    if member != HOTLINE or not feed.offers(entry):
        raise Failed(404, "There is no such entry on the list.")
    objection = _objection(_body(request))
    feed.note_feedback(slug=partner.slug, entry=entry, fingerprint=fingerprint, objection=objection, now=clock.now())
    return Element("feedbackSubmissionResult")


def unknown_address(_request: HttpRequest, _partner: Partner) -> Element:
    raise Failed(404, "There is no such address.")


def _hotline() -> Member:
    return HOTLINE, clean_line(settings.ENVIRONMENT.name)


def _member(partner: Partner) -> Member:
    return _FIRST_PARTNER + partner.pk, clean_line(partner.name)


def _require_known(fingerprint: str) -> None:
    if fingerprint not in FINGERPRINTS:
        raise Failed(404, f"The fingerprints of this list are {', '.join(sorted(FINGERPRINTS))}.")


def _asked(request: HttpRequest, now: datetime) -> tuple[Span, int]:
    """What span of time, from which line on, and how many. Raises Failed."""
    since = _moment(request, "from", datetime.fromtimestamp(0, UTC))
    until = _moment(request, "to", now.replace(microsecond=0))
    last = _number(request, "max", -1)
    size = min(max(_number(request, "size", LARGEST_PAGE), 1), LARGEST_PAGE)
    start = _number(request, "start", 0)
    return Span(since=since, until=until, start=start, last=None if last < 0 else last), size


def _moment(request: HttpRequest, name: str, default: datetime) -> datetime:
    typed = request.GET.get(name, "")
    if not typed:
        return default
    try:
        moment = datetime.fromisoformat(typed)
        if moment.tzinfo is None:
            raise Failed(400, f"“{name}” needs a time zone: 2026-01-02T03:04:05Z.")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Failed(400, f"“{name}” is no moment: 2026-01-02T03:04:05Z.") from error


def _number(request: HttpRequest, name: str, default: int) -> int:
    typed = request.GET.get(name, "")
    if typed and not _NUMBER.fullmatch(typed):
        raise Failed(400, f"“{name}” is no number.")
    return int(typed) if typed else default


def _body(request: HttpRequest) -> bytes:
    try:
        return measured(request, documents.MOST_BYTES).body
    except OSError as error:
        raise Failed(400, "The document did not arrive whole.") from error


def _objection(body: bytes) -> str:
    """The reason of a `<feedbackSubmission>`, "" where it agrees. Raises Failed."""
    try:
        root = documents.parse(body, "feedbackSubmission")
    except FailedDocument as refused:
        raise Failed(400, str(refused)) from refused
    if root.find("affirmative") is not None:
        return ""
    named = [guid.text or "" for guid in root.iterfind("negative/reasonIds/guid")]
    known = [REASONS[guid.strip()] for guid in named if guid.strip() in REASONS]
    if not known:
        raise Failed(400, "Send <affirmative/>, or <negative> with one of the reasons that this list has.")
    return str(known[0])
