"""The pages of a journey, drawn."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from lykta.core import asking, locators
from lykta.core.asking import Page, Told
from lykta.core.vocabulary import Asked
from lykta.lib import codes, countries, places
from lykta.sites.common import language
from lykta.sites.report import note, uploads
from lykta.sites.report.drawn import filled
from lykta.sites.report.journey import Journey
from lykta.sites.report.questions import Kind, labels, question, spoken
from lykta.sites.report.uploads import Attached

LISTED = 50
"""Addresses that the check page lists; it counts the others."""


def page(request: HttpRequest, journey: Journey, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page on which the journey stands."""
    at = journey.at
    if at is None and status == 200 and not more:
        return _summary(request, journey)
    if at is None:
        return _show(request, "check.html", journey, _check(journey), status=status, **more)
    if isinstance(at, Asked) and status == 200 and not more and _is_blank(at, journey):
        return _blank(request, at, journey)
    if isinstance(at, Told):
        return _show(request, f"{at}.html", journey, _told(request, at, journey), status=status, **more)
    response = _show(request, "question.html", journey, _question(request, at, journey), status=status, **more)
    if at is Asked.FILES:
        uploads.let_script_send(response)
    return response


def _is_blank(asked: Asked, journey: Journey) -> bool:
    """Whether the page shows nothing that was answered: only its own question, which depends on the topic."""
    shown = (*journey.fields, Asked.COUNTRY) if asked is Asked.PLACE else journey.fields
    return asked is not Asked.FILES and not any(journey.answers.get(one) for one in shown)


def _blank(request: HttpRequest, asked: Asked, journey: Journey) -> HttpResponse:
    """A question without an answer: only the state differs."""
    missing = asking.missing(journey.answers)
    key = (request.path, asked, asking.topic_of(journey.answers), journey.path, journey.begun, missing)

    def draw(holes: Mapping[str, str]) -> HttpResponse:
        special = {**_question(request, asked, journey), **holes}
        return _show(request, "question.html", journey, special, status=200)

    return filled(key, draw, {"state": journey.carried()})


def _summary(request: HttpRequest, journey: Journey) -> HttpResponse:
    """The check page: which answers there are decides how it looks, what they say does not."""
    found = _check(journey)
    values = {"state": journey.carried()}
    values |= {f"said-{row['name']}": row["said"] for row in found["rows"] if row["said"]}
    values |= {f"address-{number}": address for number, address in enumerate(found["addresses"])}
    key = (request.path, asking.topic_of(journey.answers), tuple(values), found["unlisted"], found["cut"], journey.path)

    def draw(holes: Mapping[str, str]) -> HttpResponse:
        rows = [{**row, "said": holes.get(f"said-{row['name']}", "")} for row in found["rows"]]
        addresses = [hole for name, hole in holes.items() if name.startswith("address-")]
        special = {**found, "rows": rows, "addresses": addresses, "state": holes["state"]}
        return _show(request, "check.html", journey, special, status=200)

    return filled((key, journey.begun), draw, values)


def receipt(request: HttpRequest, journey: Journey) -> HttpResponse:
    """The code, shown once."""
    groups = codes.spell(journey.code).split("-")
    values = {"code": journey.code, "picture": mark_safe(note.picture(journey.code))}  # noqa: S308 - drawn by ourselves
    values |= {f"group-{number}": group for number, group in enumerate(groups)}

    def draw(holes: Mapping[str, str]) -> HttpResponse:
        drawn = [hole for name, hole in holes.items() if name.startswith("group-")]
        context = {**holes, "groups": drawn, "expires_at": journey.expires_at, "alone": True}
        return render(request, "receipt.html", context)

    return filled((request.path, "receipt", journey.expires_at.date()), draw, values)


def throw(request: HttpRequest, journey: Journey, *, status: int = 200, **more: Any) -> HttpResponse:
    """Asks once more before everything is thrown away."""
    return _show(request, "throw.html", journey, {"here": "throw", "enter": "again"}, status=status, **more)


def _show(
    request: HttpRequest, template: str, journey: Journey, special: dict[str, Any], *, status: int, **more: Any
) -> HttpResponse:
    pages = journey.path
    context = {
        "journey": journey,
        "state": journey.carried(),
        "number": pages.index(journey.at) + 1 if journey.at in pages else len(pages),
        "of": len(pages),
        "first": journey.at is Asked.TOPIC,
        "switch": {"to": special.get("here", "again"), "enter": special.get("enter", "go")},
        **special,
        **more,
    }
    return render(request, template, context, status=status)


def _question(request: HttpRequest, asked: Asked, journey: Journey) -> dict[str, Any]:
    asks = question(asked, journey.answers)
    said = journey.answers.get(asked, "")
    chosen = said.split() if asked in asking.SEVERAL else [said]
    offered = labels(asked) if asked in asking.CHOICES else {}
    missing = set(asking.missing(journey.answers)) - {asked}
    return {
        "asks": asks,
        "asked": str(asked),
        "said": said,
        "choices": [{"value": value, "label": label, "on": value in chosen} for value, label in offered.items()],
        "several": asks.kind is Kind.CHOICES,
        "suggestions": _suggestions(request, asked, journey),
        "attached": Attached.of(journey.files) if asked is Asked.FILES else None,
        "fingerprints": journey.answers.get(Asked.FINGERPRINTS, "") if Asked.FINGERPRINTS in journey.fields else None,
        "needed": asking.needed(asked, journey.answers),
        "may_check": not missing and asked is not Asked.TOPIC,
    }


def _suggestions(request: HttpRequest, asked: Asked, journey: Journey) -> list[str]:
    """What the device offers while one writes: from this page alone, nothing is asked for elsewhere."""
    spoken_in = language.of(request)
    if asked is Asked.COUNTRY:
        return list(places.country_names(spoken_in).values())
    if asked is Asked.PLACE:
        code = places.country_code(journey.answers.get(Asked.COUNTRY, ""), spoken_in)
        return list(places.places_of(code)) if code else []
    return []


def _told(request: HttpRequest, told: Told, journey: Journey) -> dict[str, Any]:
    if told is not Told.EMERGENCY:
        return {}
    country = journey.answers.get(Asked.COUNTRY, "")
    code = places.country_code(country, language.of(request)) if country else None
    return {
        "enter": "number",
        "said": country,
        "suggestions": _suggestions(request, Asked.COUNTRY, journey),
        "elsewhere": countries.emergency_of(code) if code else None,
    }


def _check(journey: Journey) -> dict[str, Any]:
    rows = [(page, asked) for page in journey.path if (asked := _shown_for(page, journey))]
    unread = {*asking.CHOICES, Asked.CONTACT}
    written = [said for asked, said in journey.content("")["answers"].items() if asked not in unread]
    found = locators.find("\n".join(written))
    addresses = [locators.defang(locator.address) for locator in found.locators]
    return {
        "rows": [
            {"name": str(page), "title": question(asked, journey.answers).summary, "said": _said(asked, journey)}
            for page, asked in rows
        ],
        "addresses": addresses[:LISTED],
        "unlisted": len(addresses[LISTED:]),
        "cut": found.cut,
        "here": "again",
        "enter": "send",
    }


def _shown_for(page: Page, journey: Journey) -> Asked | None:
    """What the row of a page says. The interruption has one where it was told a country that no question asks for."""
    if isinstance(page, Asked):
        return page
    country = page is Told.EMERGENCY and Asked.COUNTRY in journey.answers and Asked.COUNTRY not in journey.path
    return Asked.COUNTRY if country else None


def _said(asked: Asked, journey: Journey) -> str:
    if asked is Asked.FILES:
        return "\n".join(one.name for one in Attached.of(journey.files).kept)
    said = spoken(asked, journey.answers.get(asked, ""))
    if asked is Asked.WHERE and (prints := journey.answers.get(Asked.FINGERPRINTS)):
        return f"{said}\n{prints}".strip()
    return said
