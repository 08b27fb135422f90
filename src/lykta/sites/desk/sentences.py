"""Sentences of other floors in the language of whoever reads them.

What core, records and workflow say is written in English, because it is stored, recorded and sent. A whole sentence is
found in the catalogue; one that holds a value is known again by its pattern. What is not known stays as it is.
"""

import re
from functools import cache

from django.utils.translation import get_language, gettext, gettext_noop

PATTERNS = (
    gettext_noop("%(address)s is in a range of %(front)s."),
    gettext_noop("%(address)s is in a range that %(front)s lists."),
    gettext_noop("%(address)s belongs to AS%(number)s, which is %(front)s."),
    gettext_noop("The name leads to %(name)s, which is %(front)s's."),
    gettext_noop("The answer has the header “%(header)s” as %(front)s writes it."),
    gettext_noop(
        "Write to the abuse desk of %(front)s, say that you are a hotline, and ask for the address of the origin."
    ),
    gettext_noop("Ask the police to ask %(front)s: it may have to keep and to tell who its customer is."),
    gettext_noop("%(front)s stands in front of the host: where the host is, only %(again)s knows."),
    gettext_noop("%(sources)s: %(address)s is in %(country)s."),
    gettext_noop("Its network is registered to %(country)s, which says who holds it, not where it stands."),
    gettext_noop("Its network is registered to %(country)s."),
    gettext_noop("Its AS number is registered to %(country)s."),
    gettext_noop("The label set %(name)s does not say it."),
    gettext_noop("%(where)s In which country is it? As long as nobody says, only our police are told."),
    gettext_noop("%(where)s As long as an analyst has not said where it is, only our police are told."),
    gettext_noop("%(where)s No partner hotline is known there: our police are told, who can pass it on."),
    gettext_noop("%(where)s The partner hotline of that country is told."),
    gettext_noop("The server is abroad (%(country)s)."),
    gettext_noop("An analyst says that the server is abroad (%(country)s)."),
    gettext_noop("It is not sure in which country the server is; it may be %(country)s."),
    gettext_noop("%(count)s reporters name it."),
    gettext_noop(
        "%(list)s, version %(version)s (%(trust)s), %(how)s, listed as %(category)s; it does not count: %(why)s."
    ),
    gettext_noop("%(list)s, version %(version)s (%(trust)s), %(how)s, listed as %(category)s."),
    gettext_noop("has the same %(algorithm)s"),
    gettext_noop("has the film %(film)s, to which %(near)s of %(all)s frames are near"),
    gettext_noop("The name of a film is longer than %(limit)s bytes."),
    gettext_noop("has a picture %(distance)s bits of 256 away"),
    gettext_noop("more than %(limit)s bits are too far"),
    gettext_noop("with a quality of %(quality)s it resembles too many others"),
    gettext_noop("No row can be used. Line %(line)s: %(problem)s"),
    gettext_noop("%(name)s is longer than %(limit)s bytes."),
    gettext_noop("%(name)s: this is no hash of anything."),
    gettext_noop("%(name)s has %(digits)s hexadecimal digits, and this has %(length)s."),
    gettext_noop("The file is broken off, or no XML: %(error)s"),
    gettext_noop("The file is broken off, or no JSON: %(error)s"),
    gettext_noop("The distance is a number of bits from 0 to %(most)s."),
    gettext_noop("“%(text)s…” has %(count)s characters, and %(limit)s fit."),
    gettext_noop("Category %(code)s: “%(word)s” is none of %(words)s."),
    gettext_noop("It has %(count)s cells, and the header has %(width)s."),
    gettext_noop("The first line has %(count)s columns, and %(limit)s can be read."),
    gettext_noop("No column is known to hold hashes. Say which: --map COLUMN=sha256. There are: %(columns)s"),
    gettext_noop("There has to be one column “%(name)s”. There are: %(columns)s"),
    gettext_noop("The first line cannot be read: %(error)s."),
    gettext_noop("The quotation marks do not fit: %(error)s."),
    gettext_noop("The server answers %(status)s."),
    gettext_noop("The category %(category)s does not fit the age in the assessment (%(age)s years)."),
    gettext_noop("Please answer: %(question)s"),
    gettext_noop("“%(answer)s” is not an answer to: %(question)s"),
    gettext_noop("Under Recipients its address is %(address)s: change it there first."),
    gettext_noop("It came back: %(reason)s"),
    gettext_noop("More than %(count)s pictures cannot be judged as one item."),
    gettext_noop("Please choose what says in which country %(whose)s is."),
    gettext_noop("Please give the country of %(whose)s in two letters, such as SE."),
    gettext_noop("No recipient of this kind is known for %(country)s: please add one."),
    gettext_noop("%(name)s has no certificate: please add it under Recipients."),
    gettext_noop("It has moved since it was assessed (%(what)s)."),
    gettext_noop("It is not clear in which country it is: %(countries)s."),
    gettext_noop("The name %(name)s does not exist."),
    gettext_noop("The name %(name)s has no address."),
)
VALUES = (
    gettext_noop("the child"),
    gettext_noop("the offender"),
    gettext_noop("the server"),
    gettext_noop("police"),
    gettext_noop("verified"),
    gettext_noop("reported"),
    gettext_noop("harmless"),
    gettext_noop("harmful"),
    gettext_noop("unknown"),
    gettext_noop("Two"),
    gettext_noop("Three"),
    gettext_noop("Four"),
    gettext_noop("Five"),
    gettext_noop("the list has withdrawn it"),
    gettext_noop("it was reported back as a false match"),
    gettext_noop("nobody is known to have judged it"),
    gettext_noop("what only looks like something harmless may be anything"),
    gettext_noop("case"),
    gettext_noop("cases"),
    gettext_noop("count"),
    gettext_noop("reason"),
    gettext_noop("reference"),
    gettext_noop("until"),
    gettext_noop("kind"),
    gettext_noop("country"),
    gettext_noop("name"),
    gettext_noop("email"),
    gettext_noop("fingerprint"),
    gettext_noop("role"),
    gettext_noop("one colour nearly everywhere resembles too many others"),
)
"""Single words of other floors: what stands in such a sentence, and what the details of an approval are called."""

_PLACE = re.compile(r"%\((\w+)\)s")


def in_words(sentence: str) -> str:
    """A sentence, or several, that another floor wrote in English, in the language of the page."""
    if not sentence or get_language() == "en":
        return sentence
    whole = gettext(sentence)
    if whole != sentence:
        return whole
    for pattern, shape in _shapes():
        found = shape.fullmatch(sentence)
        if found:
            return gettext(pattern) % {name: in_words(value) for name, value in found.groupdict().items()}
    return sentence


@cache
def _shapes() -> list[tuple[str, re.Pattern[str]]]:
    """Each pattern with the expression that finds its values; `re.split` gives text and names in turn."""
    return [(pattern, re.compile("".join(_pieces(pattern)), re.DOTALL)) for pattern in PATTERNS]


def _pieces(pattern: str) -> list[str]:
    pieces = _PLACE.split(pattern)
    return [f"(?P<{piece}>.+)" if number % 2 else re.escape(piece) for number, piece in enumerate(pieces)]
