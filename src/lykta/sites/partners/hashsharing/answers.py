"""What a hash-sharing client reads: XML as NCMEC's interface of that name, version 2, writes it.

Known from threatexchange's `NCMECHashAPI` 1.2.17 and the excerpts of NCMEC's documentation that it quotes.
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import cast
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse

from lykta.core.refusals import Refusal
from lykta.core.vocabulary import MediumKind
from lykta.records.letterbox.feed import Page, Span
from lykta.records.letterbox.models import FeedEntry
from lykta.sites.partners.basic import CHALLENGE

NAMESPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
HOTLINE = 1
"""The hotline's number among the members; partners' begin at 1,001."""

_ONE = {MediumKind.PICTURE: "image", MediumKind.FILM: "video"}

Member = tuple[int, str]
"""A member's number and name."""


class Failed(Refusal):
    """A request is not carried out. `status` is of HTTP; `wait`: seconds after which to ask again, 0 for never."""

    def __init__(self, status: int, message: str, *, wait: int = 0) -> None:
        super().__init__(message)
        self.status = HTTPStatus(status)
        self.wait = wait

    def http(self) -> HttpResponse:
        """The refusal as a document."""
        root = Element("error")
        root.text = str(self)
        answer = document(root)
        answer.status_code = self.status
        if self.wait:
            answer.headers["Retry-After"] = str(self.wait)
        if self.status == HTTPStatus.UNAUTHORIZED:
            answer.headers["WWW-Authenticate"] = CHALLENGE
        return answer


def document(root: Element) -> HttpResponse:
    """As XML in UTF-8, in NCMEC's namespace."""
    root.set("xmlns", NAMESPACE)
    xml = tostring(root, encoding="UTF-8", xml_declaration=True)
    return HttpResponse(xml, content_type="application/xml; charset=utf-8")


def add_member(parent: Element, member: Member) -> None:
    """`<member id="1">Name</member>`."""
    number, name = member
    SubElement(parent, "member", id=str(number)).text = name


def query_result(page: Page, *, size: int, hotline: Member) -> Element:
    """A page of entries, pictures before films, and where the next one is."""
    root = Element("queryResult")
    for kind, name in _ONE.items():
        lines = [line for line in page.lines if line.kind == kind]
        group = SubElement(root, f"{name}s", count=str(len(lines)))
        if lines:
            group.set("maxTimestamp", max(line.dated for line in lines).strftime(MOMENT))
        _add_lines(group, lines, name, hotline)
    if page.following is not None:
        SubElement(SubElement(root, "paging"), "next").text = _address(page.following, size)
    return root


def _add_lines(group: Element, lines: Iterable[FeedEntry], name: str, hotline: Member) -> None:
    for line in lines:
        one = SubElement(group, f"deleted{name.capitalize()}" if line.deleted else name)
        add_member(one, hotline)
        SubElement(one, "timestamp").text = line.dated.strftime(MOMENT)
        SubElement(one, "id").text = str(line.entry)
        if line.grade:
            SubElement(one, "classification").text = line.grade
        if not line.deleted:
            fingerprints = SubElement(one, "fingerprints")
            for algorithm in ("md5", "sha1", "pdq"):
                if digest := cast("str", getattr(line, algorithm)):
                    SubElement(fingerprints, algorithm).text = digest


def _address(span: Span, size: int) -> str:
    """Below the base address, as clients join it."""
    asked = {
        "from": span.since.strftime(MOMENT),
        "to": span.until.strftime(MOMENT),
        "start": span.start,
        "size": size,
        "max": span.last,
    }
    return f"/v2/entries?{urlencode(asked)}"
