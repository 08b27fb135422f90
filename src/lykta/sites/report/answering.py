"""What was typed on a page becomes an answer, or a problem with advice."""

import re

from django.http import HttpRequest
from django.utils.translation import gettext

from lykta.core import asking
from lykta.core.vocabulary import Asked
from lykta.sites.common import words
from lykta.sites.common.words import LINE_LIMIT, TEXT_LIMIT, Problem
from lykta.sites.report.journey import CHARACTERS, Journey
from lykta.sites.report.questions import Kind, question

_FINGERPRINT = re.compile(r"sha256:[0-9a-f]{64}|pdq:[0-9a-f]{64}( [0-9]{1,3})?", re.IGNORECASE)


def field_name(asked: Asked) -> str:
    """The name of its field in the form."""
    return "fingerprints" if asked is Asked.FINGERPRINTS else "answer"


def with_typed(request: HttpRequest, journey: Journey) -> Journey:
    """The journey with what stands in the fields of its page; a page that came without them changes nothing."""
    typed = {asked: _clean(request, asked, journey) for asked in journey.fields if field_name(asked) in request.POST}
    return journey.said(typed)


def problems(journey: Journey) -> list[Problem]:
    """What has to be mended before the next page, in the order of this one."""
    found = [problem for asked in journey.fields for problem in _problems_of(asked, journey)]
    if not found and journey.length > CHARACTERS:
        found.append(Problem("answer", too_long(journey.length, CHARACTERS)))
    return found


def text_problems(text: str) -> list[Problem]:
    """A text in the mailbox has to be there and within the limit."""
    if not text:
        return [Problem("text", gettext("Write a few words or paste an address."))]
    if len(text) > TEXT_LIMIT:
        return [Problem("text", too_long(len(text), TEXT_LIMIT))]
    return []


def too_long(length: int, limit: int) -> str:
    advice = gettext("This has %(length)d characters; %(limit)d fit. Shorten it, or send the rest afterwards.")
    return advice % {"length": length, "limit": limit}


def _clean(request: HttpRequest, asked: Asked, journey: Journey) -> str:
    name = field_name(asked)
    if asked in asking.SEVERAL:
        return words.clean_line(" ".join(request.POST.getlist(name)))
    if asked is Asked.FINGERPRINTS or question(asked, journey.answers).kind is Kind.TEXT:
        return words.clean_text(request.POST.get(name, ""))
    return words.clean_line(request.POST.get(name, ""))


def _problems_of(asked: Asked, journey: Journey) -> list[Problem]:
    said = journey.answers.get(asked, "")
    name = field_name(asked)
    if asked is journey.at and asked in asking.missing(journey.answers):
        return [Problem(name, _advice(asked))]
    if asked in asking.CHOICES:
        known = {str(choice) for choice in asking.CHOICES[asked]}
        chosen = said.split() if asked in asking.SEVERAL or not said else [said]
        return [] if known.issuperset(chosen) else [Problem(name, gettext("Choose from the list."))]
    if asked is Asked.FINGERPRINTS:
        strange = [line for line in said.splitlines() if not _FINGERPRINT.fullmatch(line.strip())]
        advice = gettext("A line is no fingerprint. Leave this field to the device, or empty it.")
        return [Problem(name, advice)] if strange else []
    limit = TEXT_LIMIT if question(asked, journey.answers).kind is Kind.TEXT else LINE_LIMIT
    return [Problem(name, too_long(len(said), limit))] if len(said) > limit else []


def _advice(asked: Asked) -> str:
    match asked:
        case Asked.TOPIC:
            return gettext("Choose one: the last one if you do not know.")
        case Asked.COUNTRY:
            return gettext("Write the name of a country.")
        case _:
            return gettext("Write a few words or paste an address.")
