"""How the desk's templates write times, people, states and addresses."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime

from babel import Locale
from babel.dates import format_date, format_datetime
from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from lykta.core import asking, locators
from lykta.core.vocabulary import Asked, Basis, ReporterStatus
from lykta.lib.clock import now
from lykta.records.audit.actions import WORKER
from lykta.sites.desk import sentences

register = template.Library()
_NUMBERS = re.compile(r"[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)
"""An IP address: nothing else is of digits and dots alone, or has a colon."""

SHORT: Mapping[str, Mapping[str, str | Promise]] = {
    "role": {
        "analyst": gettext_lazy("Analyst"),
        "senior_analyst": gettext_lazy("Senior analyst"),
        "lead": gettext_lazy("Lead"),
        "welfare_officer": gettext_lazy("Welfare officer"),
        "liaison": gettext_lazy("Liaison"),
        "communicator": gettext_lazy("Communicator"),
        "administrator": gettext_lazy("Administrator"),
    },
    "status": {str(one): gettext_lazy(one.sentence) for one in ReporterStatus},
    "certification": {
        "text": gettext_lazy("words only"),
        "pictures": gettext_lazy("pictures"),
        "films": gettext_lazy("pictures and films"),
    },
    "item": {
        "received": gettext_lazy("being traced"),
        "ready": gettext_lazy("to assess"),
        "checking": gettext_lazy("second opinion awaited"),
        "referred": gettext_lazy("police or partner told"),
        "notified": gettext_lazy("host asked"),
        "gone": gettext_lazy("gone"),
        "unreachable": gettext_lazy("not reachable"),
        "dismissed": gettext_lazy("nothing to act on"),
    },
    "topic": {
        "web": gettext_lazy("On the internet"),
        "contact": gettext_lazy("Contact with a child"),
        "own_picture": gettext_lazy("Reporter’s own picture"),
        "travel": gettext_lazy("While travelling"),
        "trade": gettext_lazy("Trade or trafficking"),
        "payment": gettext_lazy("Payment"),
        "other": gettext_lazy("Something else"),
    },
    "source": {
        "public": gettext_lazy("public form"),
        "hotline": gettext_lazy("another hotline"),
        "partner": gettext_lazy("a partner’s system"),
        "staff": gettext_lazy("typed in or imported"),
    },
    "verdict": {
        "illegal": gettext_lazy("illegal"),
        "not_illegal": gettext_lazy("not illegal"),
        "not_found": gettext_lazy("not found"),
    },
    "outcome": {
        "present": gettext_lazy("there"),
        "missing": gettext_lazy("not there"),
        "locked": gettext_lazy("behind a log-in"),
        "no_name": gettext_lazy("the name does not exist"),
        "no_answer": gettext_lazy("no answer"),
        "refused": gettext_lazy("not opened"),
    },
    "referral": {
        "held": gettext_lazy("held for the police"),
        "planned": gettext_lazy("about to be sent"),
        "sent": gettext_lazy("sent"),
        "failed": gettext_lazy("cannot be sent"),
        "dropped": gettext_lazy("not needed any more"),
    },
    "recipient": {
        "police": gettext_lazy("Police"),
        "hotline": gettext_lazy("Partner hotline"),
        "host": gettext_lazy("Host"),
    },
    "confidence": {
        "certain": gettext_lazy("certain"),
        "likely": gettext_lazy("likely"),
        "unsure": gettext_lazy("unsure: judge for yourself"),
        "unknown": gettext_lazy("not known"),
    },
    "changed": {
        "host": gettext_lazy("Host"),
        "network": gettext_lazy("Network"),
        "country": gettext_lazy("Country"),
    },
    "finding": {
        "illegal": gettext_lazy("known: no look needed"),
        "check": gettext_lazy("known, to be checked"),
        "near": gettext_lazy("looks like something listed"),
        "harmless": gettext_lazy("known as harmless"),
        "unknown": gettext_lazy("on no list"),
    },
    "trust": {
        "police": gettext_lazy("of the police"),
        "verified": gettext_lazy("verified by several people"),
        "reported": gettext_lazy("reported, not verified"),
        "harmless": gettext_lazy("harmless pictures"),
    },
    "import": {
        "reading": gettext_lazy("being read"),
        "ready": gettext_lazy("ready"),
        "failed": gettext_lazy("stopped"),
        "dry_run": gettext_lazy("dry run"),
    },
    "form": {
        "table": gettext_lazy("a table (CSV)"),
        "hashes": gettext_lazy("one hash on each line"),
        "vics": gettext_lazy("Project VIC (JSON)"),
        "stopncii": gettext_lazy("StopNCII (JSON)"),
        "arachnid": gettext_lazy("Project Arachnid (JSON)"),
        "ncmec": gettext_lazy("NCMEC hash sharing (XML)"),
        "vpdq": gettext_lazy("frames of films (vPDQ, JSON)"),
    },
    "field": {
        "sha256": "SHA-256",
        "sha1": "SHA-1",
        "md5": "MD5",
        "pdq": "PDQ",
        "quality": gettext_lazy("quality of the PDQ hash"),
        "category": gettext_lazy("category"),
        "reference": gettext_lazy("the list’s own number or name of it"),
    },
    "offer": {
        "waiting": gettext_lazy("waits for another person"),
        "offered": gettext_lazy("on the list"),
        "withdrawn": gettext_lazy("taken off"),
    },
    "medium": {
        "picture": gettext_lazy("Picture"),
        "film": gettext_lazy("Film"),
    },
    "answer": {
        "received": gettext_lazy("has received it"),
        "released": gettext_lazy("the host may be told now"),
        "wait": gettext_lazy("the host must wait"),
        "removed": gettext_lazy("has removed it"),
        "declined": gettext_lazy("will not act"),
        "other": gettext_lazy("writes"),
    },
}
"""A few words for each stored value; the whole sentences are in `lykta.core.vocabulary`."""
OBSERVED = {
    "look": gettext_lazy("What is there"),
    "names": gettext_lazy("Name service"),
    "place": gettext_lazy("Place of an address"),
    "network": gettext_lazy("Network"),
    "autnum": gettext_lazy("AS number"),
    "domain": gettext_lazy("Domain"),
}
"""What an observation is about."""


@register.filter
def short(value: str, what: str) -> str:
    """The few words for a stored value of this kind, the value itself where there are none."""
    return str(SHORT[what].get(value, value))


@register.filter
def at(found: Mapping[int, str], number: int) -> str:
    """What stands under a number, or nothing."""
    return found.get(number, "")


@register.filter
def in_words(sentence: str) -> str:
    """A sentence that another floor wrote, in the language of the page."""
    return sentences.in_words(sentence)


@register.filter
def observed(what: str) -> str:
    """What an observation is about, in a few words."""
    return str(OBSERVED.get(what, what))


@register.filter
def basis(word: str) -> str:
    """What says where somebody is, as a sentence."""
    return gettext(Basis(word).sentence) if word else ""


@register.filter
def moment(at: datetime | str | None) -> SafeString | str:
    """A time in UTC, as `22 Nov 2026, 04:05` in the language of the page; audit entries carry theirs as text."""
    if not at:
        return ""
    known = datetime.fromisoformat(at) if isinstance(at, str) else at
    return _time(known, "d MMM y, HH:mm")


@register.filter
def day(on: date) -> SafeString:
    """A day, as `22 Nov 2026` in the language of the page; see `moment`."""
    written = format_date(on, "d MMM y", locale=get_language() or "en")
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), written)


@register.filter
def local_moment(at: datetime) -> SafeString:
    """A time by its own clock, as `22 Nov, 08:00`, for what is about somebody's working day; see `moment`."""
    return _time(at, "d MMM, HH:mm")


def _time(at: datetime, shape: str) -> SafeString:
    """By its own clock, in the language of the page (Unicode CLDR)."""
    written = format_datetime(at, shape, tzinfo=at.tzinfo, locale=get_language() or "en")
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), written)


@register.filter
def ago(at: datetime) -> str:
    """How long ago, in one unit: minutes, hours or days."""
    minutes = max(0, int((now() - at).total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    if minutes < 48 * 60:
        return ngettext("%(count)d hour", "%(count)d hours", minutes // 60) % {"count": minutes // 60}
    return ngettext("%(count)d day", "%(count)d days", minutes // 1440) % {"count": minutes // 1440}


@register.filter
def person(actor: str) -> str:
    """An actor of the audit by the name that colleagues use."""
    return gettext("Lykta") if actor == WORKER else actor.removeprefix("staff:")


@register.filter
def country(code: str) -> str:
    """A country by name and code, in the language of the page (Unicode CLDR)."""
    if not code:
        return gettext("country not known")
    name = Locale.parse(get_language() or "en", sep="-").territories.get(code)
    return f"{name} ({code})" if name else code


@register.filter
def defanged(address: str) -> str:
    """An address that nothing makes a link of."""
    return locators.defang(address)


@register.filter
def harmless(host: str) -> str:
    """A host name that nothing makes a link of; an IP address as it is."""
    return host if _NUMBERS.fullmatch(host) else host.replace(".", "[.]")


@register.filter
def defanged_text(text: str) -> str:
    """A reporter's words, with every address in them defanged."""
    return locators.defang_text(text)


@register.filter
def answered(answers: dict[str, str]) -> list[tuple[str, str]]:
    """The answers of a report as (question, answer), in the order in which they were asked."""
    order = {str(asked): asked for asked in Asked}
    known = [(order[name], answers[name]) for name in order if answers.get(name)]
    return [(gettext(asked.sentence), _spoken(asked, said)) for asked, said in known]


def _spoken(asked: Asked, said: str) -> str:
    """Words with their addresses defanged, or the sentences of what was chosen."""
    chosen = {str(choice): choice.sentence for choice in asking.CHOICES.get(asked, ())}
    if not chosen:
        return defanged_text(said)
    return ", ".join(gettext(chosen[value]) if value in chosen else value for value in said.split())


@register.filter
def fact(value: object) -> str:
    """An observed fact on one line, with the addresses in it defanged."""
    return defanged_text(json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value))
