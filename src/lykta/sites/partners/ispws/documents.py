"""The two documents that a client sends, `<report>` and `<fileDetails>`, read with suspicion and with tolerance.

With suspicion: no document type, hence no entities; a limit on size, depth and number of elements. With tolerance:
elements that we do not know, or in another order, are read all the same, because clients follow different versions of
the schema. What an analyst reads is the whole document, element by element.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from lykta.core.vocabulary import Asked, Choice, Topic
from lykta.sites.common import words
from lykta.sites.partners.ispws.answers import Failed, Response

MOST_BYTES = 1_000_000
"""Of one document. Twenty times the longest that the schema's own text limits suggest."""
MOST_ELEMENTS = 20_000
DEEPEST = 32
"""The schema is seven deep."""

_BARE_AND = re.compile(rb"&(?!#?[A-Za-z0-9]{1,32};)")

TOPICS = {
    "child p": Topic.WEB,
    "misleading": Topic.WEB,
    "online enticement": Topic.CONTACT,
    "unsolicited obscene": Topic.CONTACT,
    "child sex tourism": Topic.TRAVEL,
    "child sex trafficking": Topic.TRADE,
}
"""How an `incidentType` begins, and what the public form calls it. Clients spell the rest differently.

The first, for abuse material, goes on with a term of American law that this project does not use.
"""


@dataclass(frozen=True, slots=True)
class Reported:
    """What a `<report>` says: answers by the words of the public form, and who reports."""

    answers: dict[str, str]
    reporter: str


@dataclass(frozen=True, slots=True)
class Details:
    """What a `<fileDetails>` says: of which report, of which file, and all of it as text."""

    report: int
    file: str
    text: str


def read_report(body: bytes) -> Reported:
    """Raises Failed. Type and time of the incident are all that NCMEC asks for."""
    root = parse(body, "report")
    kind = _text(root, "incidentSummary/incidentType")
    when = _text(root, "incidentSummary/incidentDateTime")
    if not kind:
        raise Failed(Response.VALIDATION_FAILED, "The incidentSummary needs an incidentType.")
    if not _is_moment(when):
        raise Failed(Response.VALIDATION_FAILED, "The incidentDateTime needs a date, a time and a time zone.")
    urgent = _text(root, "incidentSummary/escalateToHighPriority")
    urls = [words.clean_line(url.text or "") for url in root.iterfind("internetDetails/webPageIncident/url")]
    answers = {
        Asked.TOPIC: next((topic for word, topic in TOPICS.items() if kind.lower().startswith(word)), Topic.OTHER),
        Asked.DANGER: Choice.YES if urgent else "",
        Asked.WHERE: "\n".join(filter(None, urls)),
        Asked.SEEN: when,
        Asked.WORDS: "\n".join(line for part in root if part.tag != "reporter" for line in _lines(part)),
    }
    reporter = root.find("reporter")
    return Reported(
        {str(asked): str(said) for asked, said in answers.items() if said},
        " ".join(words.clean_line(text) for text in reporter.itertext() if text.strip())
        if reporter is not None
        else "",
    )


def read_details(body: bytes) -> Details:
    """Raises Failed."""
    root = parse(body, "fileDetails")
    report = report_number(_text(root, "reportId"))
    file = _text(root, "fileId")
    if not file:
        raise Failed(Response.VALIDATION_FAILED, "The fileDetails need a fileId.", report=report)
    said = [part for part in root if part.tag not in {"reportId", "fileId"}]
    return Details(report, file, "\n".join(line for part in said for line in _lines(part)))


def report_number(typed: str) -> int:
    """The number of a report as a client sends it back. Raises Failed."""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 19):
        raise Failed(Response.INVALID_REQUEST, "The number of the report is missing or is none.")
    return int(typed)


def parse(body: bytes, root: str) -> Element:
    """A document of that name. Raises Failed."""
    if len(body) > MOST_BYTES:
        raise Failed(Response.INVALID_REQUEST, f"A document may have {MOST_BYTES} bytes.")
    try:
        found = _read(body)
    except (expat.ExpatError, LookupError, ValueError) as error:
        # A LookupError for an encoding that nobody knows.
        raise Failed(Response.MALFORMED_XML, "This is no well-formed XML document.") from error
    if found.tag != root:
        raise Failed(Response.VALIDATION_FAILED, f"The document has to be a <{root}>.")
    return found


def _read(body: bytes) -> Element:
    """A client that others wrote sends the `&` of an address as it is: no XML, but no reason to lose a report."""
    try:
        return _Reader().read(body)
    except expat.ExpatError:
        mended = _BARE_AND.sub(b"&amp;", body)
        if mended == body:
            raise
        return _Reader().read(mended)


class _Reader:
    """The standard library's expat, which refuses a document type at its first sign: before any entity is read."""

    def __init__(self) -> None:
        self._builder = TreeBuilder()
        self._depth = 0
        self._elements = 0

    def read(self, body: bytes) -> Element:
        """Raises Failed, and what expat raises."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._builder.data
        parser.StartDoctypeDeclHandler = _refuse_type
        parser.Parse(body, True)
        return self._builder.close()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > DEEPEST or self._elements > MOST_ELEMENTS:
            raise Failed(Response.INVALID_REQUEST, "The document has too many elements, or too many in each other.")
        self._builder.start(name, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._builder.end(name)


def _refuse_type(*_: object) -> NoReturn:
    raise Failed(Response.MALFORMED_XML, "A document type or entity is not allowed.")


def _text(root: Element, path: str) -> str:
    return words.clean_line(root.findtext(path, ""))


def _is_moment(typed: str) -> bool:
    try:
        return datetime.fromisoformat(typed).tzinfo is not None
    except ValueError:
        return False


def _lines(element: Element, depth: int = 0) -> Iterator[str]:
    """An element as indented lines: its name, its attributes, its text, then what is in it."""
    attributes = "".join(f" [{name}: {words.clean_line(value)}]" for name, value in element.items())
    text = words.clean_text(element.text or "")
    yield f"{'  ' * depth}{element.tag}{attributes}{': ' if text else ''}{text}"
    for part in element:
        yield from _lines(part, depth + 1)
        if tail := words.clean_text(part.tail or ""):
            yield f"{'  ' * (depth + 1)}{tail}"
